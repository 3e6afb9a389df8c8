//! Container starts its program through sudo
//!
//! ## What
//! Containers whose `command` or `args` run `sudo`. The words themselves are not kept.
//!
//! ## Why
//! An image that needs `sudo` brings a setuid program and a rule that lets its user be root: so does everybody who takes
//! that user over.
//!
//! ## Fix
//! None is offered: the command belongs to the image. Set the user that the program needs with `runAsUser`, and call it
//! without `sudo`.
//!
//! ## References
//! - kubescape C-0062, Sudo in container entrypoint
//! - NSA and CISA, Kubernetes Hardening Guide 1.2, "Non-root" containers

use crate::semantics::effective::{escalation, is_privileged};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "sudo-in-command",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1548.003", "owasp:2025/K01", "kubescape:C-0062"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "the command belongs to the image: give the program the user that it needs (runAsUser) and call it without sudo",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2', command: [sudo, -E, /web]}
",
        ),
        Example::fires(
            "apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      initContainers:
      - {name: own, image: 'registry.example.com/tools:1.0.0', command: [sh, -c, 'sudo chown app /data']}
      containers:
      - {name: migrate, image: 'registry.example.com/migrate:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2', command: [cat, /etc/sudoers]}
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

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for c in pod.spec.containers.iter().filter(|c| c.sudo) {
        let escalates = escalation(c).value || is_privileged(c);
        let (severity, why) = if escalates {
            (
                Severity::Medium,
                "whoever takes its user over becomes root as it does",
            )
        } else {
            let why =
                "allowPrivilegeEscalation is off, so sudo gains nothing and the command fails";
            (Severity::Low, why)
        };
        out.fires(Part::Container(c.name.clone()), severity, why)
            .in_pod(pod, &c.path(), "command or args: sudo", Origin::Explicit);
    }
}
