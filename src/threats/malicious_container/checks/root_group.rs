//! Container is given the root group
//!
//! ## What
//! Linux pods and containers that set `runAsGroup: 0`, `fsGroup: 0` or a `supplementalGroups` entry of 0. Unset is
//! silent.
//!
//! ## Why
//! Files that belong to root's group, on mounted volumes and in the image, are open to the process though it is not root.
//!
//! ## Fix
//! None is offered: which group its files belong to is known to the image alone. Choose one that is not 0, and give it
//! the files.
//!
//! ## References
//! - kubernetes.io, Configure a Security Context for a Pod or Container
//! - trivy KSV-0029, A root primary or supplementary GID set

use crate::semantics::effective::{StartsAsRoot, starts_as_root};
use crate::semantics::isolation::is_windows;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "root-group",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1068", "owasp:2025/K01", "trivy:KSV-0029"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "which group its files belong to is known to the image alone: choose one that is not 0 and give it the files",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsUser: 10001, runAsGroup: 0}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: data}
spec:
  serviceName: db
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec:
      securityContext: {runAsUser: 999, supplementalGroups: [0, 999], fsGroup: 0}
      containers:
      - {name: db, image: 'registry.example.com/db:16.4.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {runAsUser: 10001, runAsGroup: 0}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsUser: 10001, fsGroup: 0}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsUser: 10001, runAsGroup: 10001, fsGroup: 10001, supplementalGroups: [10001]}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

const WHY: &str = "files of root's group are open to it, though it is not root";

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    let security = &pod.spec.security;
    let named = [
        ("runAsGroup", security.group == Some(0)),
        ("fsGroup", security.fs_group == Some(0)),
        ("supplementalGroups", security.supplemental.contains(&0)),
    ];
    // Who is root already gains nothing by its group.
    let gains = |c: &&Container| starts_as_root(pod.spec, c) != StartsAsRoot::Yes;
    if named.iter().any(|(_, zero)| *zero) && pod.spec.containers.iter().any(|c| gains(&c)) {
        let draft = out.fires(Part::Whole, Severity::Low, WHY);
        for (field, _) in named.iter().filter(|(_, zero)| *zero) {
            let path = format!("securityContext.{field}");
            draft.in_pod(pod, &path, 0, Origin::Explicit);
        }
    }
    let own = pod.spec.containers.iter();
    for c in own.filter(|c| c.security.group == Some(0)).filter(gains) {
        out.fires(Part::Container(c.name.clone()), Severity::Low, WHY)
            .in_container(pod, c, "securityContext.runAsGroup", 0, Origin::Explicit);
    }
}
