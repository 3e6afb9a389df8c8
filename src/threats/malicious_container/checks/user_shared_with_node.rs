//! User of a container is one of its node
//!
//! ## What
//! Linux containers that run as a user from 1 to 999 (`runAsUser`) and meet the node's own files or processes: a writable
//! `hostPath`, `hostPID` or `hostIPC`. Elsewhere such a user is harmless, and silent. A user namespace maps it away.
//!
//! ## Why
//! Users from 1 to 999 belong to services of the node: what they own there is open to the container, and files that it
//! leaves are theirs.
//!
//! ## Fix
//! Gives the container a user that no node has (10001).
//!
//! ## References
//! - kubernetes.io, Configure a Security Context for a Pod or Container
//! - kube-score, container-security-context-user-group-id; trivy KSV-0020, Runs with UID <= 10000

use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::user;
use crate::semantics::host_path::host_volumes;
use crate::semantics::isolation::{has_user_namespace, is_windows};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "user-shared-with-node",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1611", "owasp:2025/K01", "trivy:KSV-0020"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: data}
spec:
  securityContext: {runAsUser: 999}
  containers:
  - name: cache
    image: registry.example.com/cache:7.0.1
    volumeMounts: [{name: data, mountPath: /data}]
  volumes:
  - {name: data, hostPath: {path: /srv/cache, type: DirectoryOrCreate}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: watcher, namespace: monitoring}
spec:
  hostPID: true
  containers:
  - name: watcher
    image: registry.example.com/watcher:1.0.0
    securityContext: {runAsUser: 101}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  hostIPC: true
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {runAsUser: 101}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: data}
spec:
  securityContext: {runAsUser: 999}
  containers:
  - {name: cache, image: 'registry.example.com/cache:7.0.1'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: watcher, namespace: monitoring}
spec:
  hostPID: true
  containers:
  - name: watcher
    image: registry.example.com/watcher:1.0.0
    securityContext: {runAsUser: 10001}
",
        ),
    ],
};

/// Above what distributions give to services of their own (`login.defs`, `SYS_UID_MAX`).
const OF_THE_NODE: std::ops::Range<i64> = 1..1000;
const FREE: i64 = 10_001;

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) || has_user_namespace(pod.spec) {
        return;
    }
    let shares = pod.spec.host_pid || pod.spec.host_ipc;
    let volumes = host_volumes(pod.spec);
    for c in &pod.spec.containers {
        let user = user(pod.spec, c);
        let Some(id) = user.value.filter(|id| OF_THE_NODE.contains(id)) else {
            continue;
        };
        let writes = volumes.iter().any(|volume| {
            let mut mounts = volume.mounts.iter();
            mounts.any(|m| m.container.name == c.name && !m.mount.read_only)
        });
        if !writes && !shares {
            continue;
        }
        let why = format!(
            "user {id} may be a service of the node: its files there are this container's too"
        );
        out.fires(Part::Container(c.name.clone()), Severity::Low, why)
            .because(user.evidence(pod, c, "runAsUser", id));
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let edit = ContainerEdit::User(Some(FREE));
    Some(Remedy::review(
        [Change::container(&finding.id.object, &c.name, edit)],
        "files that the old user owns, in the image and on volumes: they have to be given to the new one",
    ))
}
