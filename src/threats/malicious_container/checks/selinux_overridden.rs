//! Container loosens its `SELinux` label
//!
//! ## What
//! Linux pods and containers whose `seLinuxOptions` set a user, a role, or a type other than those meant for containers
//! (`container_t`, `container_init_t`, `container_kvm_t`, `container_engine_t`). A level alone is fine. Privileged
//! containers are reported as that.
//!
//! ## Why
//! `SELinux` keeps a container that broke out away from the files and processes of its node. `spc_t` switches that off,
//! and so does the type of a daemon of the node.
//!
//! ## Fix
//! Takes user, role and type away and keeps the level: the runtime then gives the container's own label.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "`SELinux`" (pod-security-admission `policy/check_seLinuxOptions.go`)
//! - container-selinux, `container_selinux(8)`

use crate::model::objects::container::SeLinux;
use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::is_privileged;
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "selinux-overridden",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/seLinuxOptions",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0055",
        "trivy:KSV-0025",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: backup, namespace: data}
spec:
  securityContext: {seLinuxOptions: {type: spc_t}}
  containers:
  - {name: backup, image: 'registry.example.com/backup:2.4.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: data}
spec:
  containers:
  - name: agent
    image: registry.example.com/agent:2.4.0
    securityContext: {seLinuxOptions: {user: system_u, role: system_r, level: 's0:c1,c2'}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {seLinuxOptions: {role: system_r}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {seLinuxOptions: {type: container_t, level: 's0:c1,c2'}}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: node-agent, namespace: shop}
spec:
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true, seLinuxOptions: {type: spc_t}}
",
        ),
    ],
};

/// Types that policies give to containers.
const TYPES: &[&str] = &[
    "",
    "container_t",
    "container_init_t",
    "container_kvm_t",
    "container_engine_t",
];

fn is_loose(options: &SeLinux) -> bool {
    !TYPES.contains(&&*options.kind) || !options.user.is_empty() || !options.role.is_empty()
}

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    const FIELD: &str = "securityContext.seLinuxOptions";
    if is_windows(pod.spec) {
        return;
    }
    let judged = || pod.spec.containers.iter().filter(|c| !is_privileged(c));
    let of_pod = pod.spec.security.selinux.as_ref().filter(|o| is_loose(o));
    if let Some(options) = of_pod.filter(|_| judged().any(|c| c.security.selinux.is_none())) {
        let weight = weigh(options, pod).faced(pod, view);
        out.fires(Part::Whole, weight.severity, weight.why).in_pod(
            pod,
            FIELD,
            says(options),
            Origin::Explicit,
        );
    }
    for c in judged() {
        if let Some(options) = c.security.selinux.as_ref().filter(|o| is_loose(o)) {
            let weight = weigh(options, pod).faced(pod, view);
            out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
                .in_container(pod, c, FIELD, says(options), Origin::Explicit);
        }
    }
}

fn says(options: &SeLinux) -> String {
    let parts = [
        ("type", &options.kind),
        ("user", &options.user),
        ("role", &options.role),
    ];
    let set = parts.iter().filter(|(_, value)| !value.is_empty());
    let set: Vec<String> = set.map(|(name, value)| format!("{name} {value}")).collect();
    set.join(", ")
}

fn weigh(options: &SeLinux, pod: &PodLike<'_>) -> Weight {
    let (severity, why) = if &*options.kind == "spc_t" {
        (
            Severity::High,
            "spc_t is not confined: SELinux does not hold it back from the node",
        )
    } else {
        (
            Severity::Medium,
            "its label is not one of a container: the node's policy decides what it may touch",
        )
    };
    Weight::new(severity, why).in_kernel(pod)
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let object = &finding.id.object;
    let change = match &finding.id.part {
        Part::Whole => Change::pod(object, PodEdit::SeLinux(SeLinux::default())),
        part => {
            let c = editable_container(spec, part)?;
            Change::container(object, &c.name, ContainerEdit::SeLinux(SeLinux::default()))
        }
    };
    Some(Remedy::review(
        [change],
        "on nodes with SELinux: files and sockets of the node that it reached under its label",
    ))
}
