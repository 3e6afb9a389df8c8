//! Application is installed in kube-system
//!
//! ## What
//! Workloads in `kube-system` that Helm, Argo CD or Flux put there and that do not claim to be vital to the cluster by a
//! `system-*-critical` priority class. Without both signs a workload is not told from what the platform runs there itself,
//! and is left alone.
//!
//! ## Why
//! Whoever is given rights in the namespace to run that application comes within reach of the accounts of the cluster's own
//! controllers, some of which may do everything. No Pod Security level fits it either.
//!
//! ## Fix
//! None can be printed: an object cannot be moved. Install it in a namespace of its own.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.6.1
//! - Kubernetes documentation, Namespaces, "Initial namespaces"

use crate::fix::managed_by;
use crate::semantics::running;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "installed-in-kube-system",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "default-namespace-empty",
    needs: &[
        Kind::Namespace,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Presence,
    standards: &["cis:1.12/5.6.1", "trivy:KSV-0037"],
    scope: Scope::Namespace(run),
    fix: Fix::None("an object cannot be moved: install the application in a namespace of its own"),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata:
  name: dashboard
  namespace: kube-system
  labels: {app.kubernetes.io/managed-by: Helm}
  annotations: {meta.helm.sh/release-name: dashboard, meta.helm.sh/release-namespace: kube-system}
spec:
  selector: {matchLabels: {app: dashboard}}
  template:
    metadata: {labels: {app: dashboard}}
    spec:
      containers:
      - {name: dashboard, image: 'registry.example.com/dashboard:3.0.1'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: StatefulSet
metadata:
  name: shop-db
  namespace: kube-system
  annotations: {argocd.argoproj.io/tracking-id: 'shop:apps/StatefulSet:kube-system/shop-db'}
spec:
  serviceName: shop-db
  selector: {matchLabels: {app: shop-db}}
  template:
    metadata: {labels: {app: shop-db}}
    spec:
      priorityClassName: shop-high
      containers:
      - {name: db, image: 'registry.example.com/db:17.2'}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: Deployment
metadata:
  name: metrics-server
  namespace: kube-system
  annotations: {meta.helm.sh/release-name: metrics-server, meta.helm.sh/release-namespace: kube-system}
spec:
  selector: {matchLabels: {app: metrics-server}}
  template:
    metadata: {labels: {app: metrics-server}}
    spec:
      priorityClassName: system-cluster-critical
      containers:
      - {name: metrics-server, image: 'registry.example.com/metrics-server:0.8.0'}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: network, namespace: kube-system}
spec:
  selector: {matchLabels: {app: network}}
  template:
    metadata: {labels: {app: network}}
    spec:
      hostNetwork: true
      containers:
      - {name: network, image: 'registry.example.com/network:1.2.0'}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: Deployment
metadata:
  name: dashboard
  namespace: dashboard
  annotations: {meta.helm.sh/release-name: dashboard, meta.helm.sh/release-namespace: dashboard}
spec:
  selector: {matchLabels: {app: dashboard}}
  template:
    metadata: {labels: {app: dashboard}}
    spec:
      containers:
      - {name: dashboard, image: 'registry.example.com/dashboard:3.0.1'}
",
        ),
    ],
};

fn run(namespace: &str, view: &View<'_>, out: &mut Sink) {
    if namespace != "kube-system" {
        return;
    }
    for workload in running::workloads(view, namespace) {
        let Some(manager) = workload.object.and_then(|object| managed_by::of(object)) else {
            continue;
        };
        let installed = matches!(manager.by, "helm" | "argo-cd" | "flux");
        if !installed || is_vital(&workload) {
            continue;
        }
        let why = format!(
            "{} put it beside the cluster's own controllers and their accounts",
            manager.by
        );
        let place = Evidence::explicit(&workload.key, "metadata.namespace", namespace.to_owned());
        out.fires(Part::Whole, Severity::Low, why)
            .on(&workload.key)
            .because(place);
    }
}

/// Its author declared it vital to the cluster or to every node, as the add-ons of platforms are.
fn is_vital(workload: &Workload<'_>) -> bool {
    workload.pod_likes().iter().any(|(like, _)| {
        let class = like.spec.priority.as_deref().unwrap_or("");
        matches!(class, "system-cluster-critical" | "system-node-critical")
    })
}
