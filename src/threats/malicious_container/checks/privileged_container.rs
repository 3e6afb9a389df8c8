//! Container runs privileged
//!
//! ## What
//! Containers of any kind, init and ephemeral ones too, with `securityContext.privileged: true`.
//!
//! ## Why
//! A privileged container has every capability, every device of the node, no seccomp filter and no AppArmor profile: who
//! takes it over mounts the node's disk and owns the node, with the credentials of every pod on it.
//!
//! ## Fix
//! Sets `privileged: false`. What the container needs of it (a device, one capability) must then be granted by name.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Privileged Containers" (pod-security-admission `policy/check_privileged.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.2

use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "privileged-container",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "containers-unprivileged",
    needs: &[
        Kind::Pod,
        Kind::Deployment,
        Kind::DaemonSet,
        Kind::StatefulSet,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/privileged",
        "cis:1.12/5.2.2",
        "attack:T1611",
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
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for c in pod
        .spec
        .containers
        .iter()
        .filter(|c| c.security.privileged == Some(true))
    {
        out.fires(
            Part::Container(c.name.clone()),
            Severity::Critical,
            "privileged is one step from root on the node",
        )
        .in_container(pod, c, "securityContext.privileged", true, Origin::Explicit);
    }
}

fn fix(finding: &Finding, _: &View<'_>) -> Option<Remedy> {
    let Part::Container(name) = &finding.id.part else {
        return None;
    };
    let off = Change::container(&finding.id.object, name, ContainerEdit::Privileged(false));
    Some(Remedy::review(
        [off],
        "devices, mounts and kernel settings that the container uses through privilege",
    ))
}
