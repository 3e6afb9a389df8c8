//! Pod shares the processes of its node
//!
//! ## What
//! Pods with `hostPID: true`.
//!
//! ## Why
//! Every process of the node is in view, with its arguments and often its environment, and can be signalled by whoever has
//! its user. With `SYS_PTRACE` code can be put into them; with privilege, `nsenter` into process 1 is a shell on the node.
//!
//! ## Fix
//! Sets `hostPID: false`. The pod then sees its own processes only.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Host Namespaces" (pod-security-admission `policy/check_hostNamespaces.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.3
//! - Linux `ptrace(2)`, "Ptrace access mode checking"

use crate::semantics::capabilities::{Reach, held};
use crate::semantics::editable::editable;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "host-pid",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "host-namespaces-closed",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostNamespaces",
        "cis:1.12/5.2.3",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0038",
        "trivy:KSV-0010",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: node-exporter, namespace: monitoring}
spec:
  selector: {matchLabels: {app: node-exporter}}
  template:
    metadata: {labels: {app: node-exporter}}
    spec:
      hostPID: true
      containers:
      - {name: node-exporter, image: 'registry.example.com/node-exporter:1.9.1'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: tracer, namespace: pay}
spec:
  hostPID: true
  containers:
  - name: tracer
    image: registry.example.com/tracer:0.3.0
    securityContext: {capabilities: {add: [SYS_PTRACE]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: tracer, namespace: pay}
spec:
  shareProcessNamespace: true
  containers:
  - {name: tracer, image: 'registry.example.com/tracer:0.3.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: tracer, namespace: pay}
spec:
  hostPID: false
  containers:
  - {name: tracer, image: 'registry.example.com/tracer:0.3.0'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if !pod.spec.host_pid {
        return;
    }
    let tracer = pod.spec.containers.iter().find(|c| {
        let mut held = held(&c.security).into_iter();
        held.any(|(_, d)| matches!(d.reach, Reach::Processes | Reach::Node))
    });
    let weight = match tracer {
        Some(c) => Weight::new(
            Severity::Critical,
            format!(
                "{} sees every process of the node and may take them over",
                c.name
            ),
        ),
        None => Weight::new(
            Severity::High,
            "every process of the node is in view, with its arguments",
        ),
    }
    .in_kernel(pod)
    .faced(pod, view);
    let draft = out.fires(Part::Whole, weight.severity, weight.why);
    draft.in_pod(pod, "hostPID", true, Origin::Explicit);
    if let Some(c) = tracer {
        let added = c.security.add.join(", ");
        draft.in_container(
            pod,
            c,
            "securityContext.capabilities.add",
            added,
            Origin::Explicit,
        );
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    Some(Remedy::review(
        [Change::pod(&finding.id.object, PodEdit::HostPid(false))],
        "programs that watch or signal processes of the node",
    ))
}
