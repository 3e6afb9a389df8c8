//! Pod uses the network of its node
//!
//! ## What
//! Pods with `hostNetwork: true`. Host ports of such a pod are this same fact and are not reported apart.
//!
//! ## Why
//! The pod has the node's address: most network plugins apply no network policy to it, services that trust the loopback
//! address answer it (kubelet, etcd, agents), the cloud's metadata service takes it for the node, and it can listen to
//! what the node sends and receives.
//!
//! ## Fix
//! Sets `hostNetwork: false`. The pod gets an address of its own; give it a Service where others call it.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Host Namespaces" (pod-security-admission `policy/check_hostNamespaces.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.5
//! - kubernetes.io, Network Policies, "NetworkPolicy and hostNetwork pods"

use crate::semantics::editable::editable;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "host-network",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer, ThreatId::ExternalAttacker],
    control: "host-namespaces-closed",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostNamespaces",
        "cis:1.12/5.2.5",
        "attack:T1557",
        "attack:T1552.005",
        "owasp:2025/K01",
        "kubescape:C-0041",
        "trivy:KSV-0009",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: gateway, namespace: shop}
spec:
  selector: {matchLabels: {app: gateway}}
  template:
    metadata: {labels: {app: gateway}}
    spec:
      hostNetwork: true
      containers:
      - name: gateway
        image: registry.example.com/gateway:3.2.0
        ports: [{containerPort: 8443, hostPort: 8443}]
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: cni, namespace: kube-system}
spec:
  selector: {matchLabels: {app: cni}}
  template:
    metadata: {labels: {app: cni}}
    spec:
      hostNetwork: true
      priorityClassName: system-node-critical
      containers:
      - {name: cni, image: 'registry.example.com/cni:1.20.4'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: gateway, namespace: shop}
spec:
  containers:
  - name: gateway
    image: registry.example.com/gateway:3.2.0
    ports: [{containerPort: 8443, hostPort: 8443}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: gateway, namespace: shop}
spec:
  hostNetwork: false
  containers:
  - {name: gateway, image: 'registry.example.com/gateway:3.2.0'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if pod.spec.host_network {
        let weight = Weight::new(
            Severity::High,
            "it speaks with the node's address, past most network policies",
        )
        .on_node(pod)
        .faced(pod, view);
        out.fires(Part::Whole, weight.severity, weight.why).in_pod(
            pod,
            "hostNetwork",
            true,
            Origin::Explicit,
        );
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    Some(
        Remedy::review(
            [Change::pod(&finding.id.object, PodEdit::HostNetwork(false))],
            "clients that call the node's address: ports are on the pod's own address then",
        )
        .may_break("agents that manage the node's interfaces, routes or filters"),
    )
}
