//! Container runs privileged
//!
//! ## What
//! Containers of any kind, init and ephemeral ones too, with `securityContext.privileged: true`. A debug container that is,
//! where nothing else of its pod is, is told as `debug-container-left`.
//!
//! ## Why
//! A privileged container has every capability, every device of the node, no seccomp filter and no AppArmor profile: who
//! takes it over mounts the node's disk and owns the node, with the credentials of every pod on it. What else its
//! `securityContext` says about capabilities, seccomp and escalation does not count then, so those checks leave it out.
//!
//! ## Fix
//! Sets `privileged: false`. What the container needs of it (a device, one capability) must then be granted by name.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Privileged Containers" (pod-security-admission `policy/check_privileged.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.2

use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::is_privileged;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "privileged-container",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "containers-unprivileged",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/privileged",
        "cis:1.12/5.2.2",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0057",
        "trivy:KSV-0017",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: pay}
spec:
  initContainers:
  - name: prepare
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true}
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: probe, namespace: kube-system}
spec:
  selector: {matchLabels: {app: probe}}
  template:
    metadata: {labels: {app: probe}}
    spec:
      hostUsers: false
      priorityClassName: system-node-critical
      containers:
      - name: probe
        image: registry.example.com/probe:2.0.0
        securityContext: {privileged: true, capabilities: {drop: [ALL]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: pay}
spec:
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: false}
",
        ),
        Example::silent(
            "apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: pay}
spec:
  schedule: '0 4 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - name: report
            image: registry.example.com/report:1.0.0
            securityContext: {capabilities: {add: [SYS_ADMIN]}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for c in pod.spec.containers.iter().filter(|c| is_privileged(c)) {
        let weight = Weight::new(
            Severity::Critical,
            "privileged is one step from root on the node",
        )
        .in_kernel(pod);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .in_container(pod, c, "securityContext.privileged", true, Origin::Explicit);
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let container = editable_container(editable(finding, view)?, &finding.id.part)?;
    let off = Change::container(
        &finding.id.object,
        &container.name,
        ContainerEdit::Privileged(false),
    );
    Some(Remedy::review(
        [off],
        "devices, mounts and kernel settings that the container uses through privilege",
    ))
}
