//! Pod that nothing starts again
//!
//! ## What
//! Live pods outside `kube-system` that no controller owns. Pods that a node runs from a file of its own are left out.
//!
//! ## Why
//! When its node goes, the pod is gone for good. Made by hand, it is in no repository and no rollout reaches it: it keeps
//! an old image and old settings.
//!
//! ## Fix
//! None is offered: which kind of workload it should be is for a person to say.
//!
//! ## References
//! - kubernetes.io, Configuration Best Practices, "Naked" Pods
//! - kubescape C-0073, Naked pods

use crate::semantics::isolation::is_mirror;
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "pod-without-owner",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "workloads-kept-well",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K01", "kubescape:C-0073"],
    scope: Scope::Pods(run),
    fix: Fix::None("which kind of workload it should be is for a person to say"),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: shell, namespace: ci}
spec:
  containers:
  - {name: shell, image: 'registry.example.com/tools:1.0.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  serviceAccountName: default
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        securityContext: {privileged: true}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata:
  name: etcd-node-1
  namespace: kube-system
  annotations: {kubernetes.io/config.mirror: 9c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f}
spec:
  hostNetwork: true
  containers:
  - {name: etcd, image: 'registry.k8s.io/etcd:3.6.4-0'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    let Some(live) = pod.pod else { return };
    let owned = !live.meta.owners.is_empty();
    if owned || is_system(pod.namespace()) || is_mirror(&live.meta) {
        return;
    }
    let why = "nothing makes it again when it ends, and no rollout changes it";
    out.fires(Part::Whole, Severity::Low, why)
        .because(Evidence::new(
            pod.holder,
            "metadata.ownerReferences",
            "unset",
            Origin::Default,
        ));
}
