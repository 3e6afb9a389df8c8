//! Workload takes the priority of the cluster itself
//!
//! ## What
//! Pods outside `kube-system` with `system-cluster-critical` or `system-node-critical`, except daemons that are vital to
//! each node.
//!
//! ## Why
//! Where a node is full, the scheduler ends pods of lower priority to make room for these: whoever may create one drives
//! other workloads out.
//!
//! ## Fix
//! Takes `priorityClassName` away.
//!
//! ## References
//! - kubernetes.io, Pod Priority and Preemption
//! - kubernetes.io, Guaranteed Scheduling For Critical Add-On Pods

use crate::semantics::editable::editable;
use crate::semantics::isolation::is_node_agent;
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "priority-abused",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "workloads-kept-well",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1499", "owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  priorityClassName: system-cluster-critical
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: miner, namespace: ci}
spec:
  selector: {matchLabels: {app: miner}}
  template:
    metadata: {labels: {app: miner}}
    spec:
      priorityClassName: system-node-critical
      containers:
      - {name: miner, image: 'registry.example.com/miner:1.0.0'}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: network, namespace: network-system}
spec:
  selector: {matchLabels: {app: network}}
  template:
    metadata: {labels: {app: network}}
    spec:
      priorityClassName: system-node-critical
      containers:
      - {name: agent, image: 'registry.example.com/network:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: dns, namespace: kube-system}
spec:
  selector: {matchLabels: {app: dns}}
  template:
    metadata: {labels: {app: dns}}
    spec:
      priorityClassName: system-cluster-critical
      containers:
      - {name: dns, image: 'registry.example.com/dns:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    let class = pod.spec.priority.as_ref();
    let critical = ["system-cluster-critical", "system-node-critical"];
    let Some(class) = class.filter(|class| critical.contains(&&***class)) else {
        return;
    };
    if is_system(pod.namespace()) || is_node_agent(pod) {
        return;
    }
    let why = "other workloads are ended to make room for it; add-ons of the cluster may need that";
    out.fires(Part::Whole, Severity::Low, why).in_pod(
        pod,
        "priorityClassName",
        class,
        Origin::Explicit,
    );
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    Some(Remedy::review(
        [Change::pod(&finding.id.object, PodEdit::RemovePriority)],
        "on full nodes it waits, or is ended for pods of higher priority",
    ))
}
