//! Pod shares the memory segments of its node
//!
//! ## What
//! Pods with `hostIPC: true`.
//!
//! ## Why
//! Shared memory, semaphores and message queues of the node, and of every other pod that shares them, can be read and
//! written: what databases and inference servers keep there is open to whoever takes this pod over.
//!
//! ## Fix
//! Sets `hostIPC: false`. Containers of one pod still share memory with each other.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Host Namespaces" (pod-security-admission `policy/check_hostNamespaces.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.4

use crate::semantics::editable::editable;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "host-ipc",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "host-namespaces-closed",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostNamespaces",
        "cis:1.12/5.2.4",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0038",
        "trivy:KSV-0008",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: inference, namespace: search}
spec:
  serviceName: inference
  selector: {matchLabels: {app: inference}}
  template:
    metadata: {labels: {app: inference}}
    spec:
      hostIPC: true
      containers:
      - {name: inference, image: 'registry.example.com/inference:5.1.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: inference, namespace: search}
spec:
  hostIPC: true
  runtimeClassName: kata
  containers:
  - {name: inference, image: 'registry.example.com/inference:5.1.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: inference, namespace: search}
spec:
  containers:
  - name: inference
    image: registry.example.com/inference:5.1.0
    volumeMounts: [{name: shm, mountPath: /dev/shm}]
  volumes:
  - {name: shm, emptyDir: {medium: Memory}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: inference, namespace: search}
spec:
  hostIPC: false
  containers:
  - {name: inference, image: 'registry.example.com/inference:5.1.0'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if pod.spec.host_ipc {
        let weight = Weight::new(
            Severity::High,
            "shared memory of the node and of other pods can be read and written",
        )
        .in_kernel(pod)
        .faced(pod, view);
        out.fires(Part::Whole, weight.severity, weight.why).in_pod(
            pod,
            "hostIPC",
            true,
            Origin::Explicit,
        );
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    Some(Remedy::review(
        [Change::pod(&finding.id.object, PodEdit::HostIpc(false))],
        "programs that exchange shared memory with the node or with other pods: an emptyDir with medium Memory at /dev/shm serves one pod",
    ))
}
