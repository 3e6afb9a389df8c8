//! Container sees the kernel's settings unmasked
//!
//! ## What
//! Linux containers with a `procMount` other than `Default`. Privileged containers see everything anyway and are reported
//! as that.
//!
//! ## Why
//! Runtimes mask `/proc/kcore`, `/proc/keys`, `/proc/sysrq-trigger` and others and make the rest of the kernel's settings
//! read-only. Unmasked they are back; the API server asks for `hostUsers: false` beside it, and that user namespace is
//! then all that stands before the kernel.
//!
//! ## Fix
//! Takes `procMount` away: the default masks apply.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "/proc Mount Type" (pod-security-admission `policy/check_procMount_baseline.go`)
//! - KEP-4265, `ProcMount`

use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::is_privileged;
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "proc-unmasked",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/procMount_baseline",
        "pss:restricted/procMount_restricted",
        "attack:T1611",
        "owasp:2025/K01",
        "trivy:KSV-0027",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: builder, namespace: ci}
spec:
  hostUsers: false
  containers:
  - name: builder
    image: registry.example.com/builder:3.1.0
    securityContext: {procMount: Unmasked}
",
        ),
        Example::fires(
            "apiVersion: batch/v1
kind: CronJob
metadata: {name: build, namespace: ci}
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          hostUsers: false
          initContainers:
          - name: prepare
            image: registry.example.com/builder:3.1.0
            securityContext: {procMount: Unmasked}
          containers:
          - {name: build, image: 'registry.example.com/builder:3.1.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {procMount: Default}
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

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    for c in pod.spec.containers.iter().filter(|c| !is_privileged(c)) {
        let mount = c.security.proc_mount.as_ref();
        let Some(mount) = mount.filter(|mount| !matches!(&***mount, "" | "Default")) else {
            continue;
        };
        let why = "files of the kernel that the runtime masks are open to it";
        let weight = Weight::new(Severity::Medium, why)
            .in_kernel(pod)
            .faced(pod, view);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .in_container(pod, c, "securityContext.procMount", mount, Origin::Explicit);
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let change = Change::container(&finding.id.object, &c.name, ContainerEdit::RemoveProcMount);
    Some(Remedy::review(
        [change],
        "containers made inside it (image builders): they mount a /proc of their own, which masks forbid",
    ))
}
