//! Container runs without a seccomp profile
//!
//! ## What
//! Linux containers whose profile in force (the container's, else the pod's) is `Unconfined`, or is set nowhere. Privileged
//! containers are left out: the runtime gives them none. Containers that leave it to their pod are one finding on the pod.
//!
//! ## Why
//! The runtime's own profile closes some sixty system calls that programs hardly use and exploits do: new user namespaces,
//! kernel keyrings, `bpf`, `mount`. Unset means unconfined unless the kubelet runs with `seccompDefault`, which the API does
//! not show.
//!
//! ## Fix
//! Sets `seccompProfile: {type: RuntimeDefault}` for the pod, and takes a container's own `Unconfined` away.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Restricted, "Seccomp" (pod-security-admission `policy/check_seccompProfile_restricted.go`)
//! - KEP-2413, Enable seccomp by default
//! - CIS Kubernetes Benchmark 1.12, 5.6.2

use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::{is_privileged, seccomp};
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

const UNCONFINED: &str = "Unconfined";

/// The check.
pub static CHECK: Check = Check {
    id: "seccomp-unconfined",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/seccompProfile_baseline",
        "pss:restricted/seccompProfile_restricted",
        "cis:1.12/5.6.2",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0055",
        "trivy:KSV-0030",
        "trivy:KSV-0104",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
  - {name: side, image: 'registry.example.com/side:0.2.0'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {seccompProfile: {type: RuntimeDefault}}
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        securityContext: {seccompProfile: {type: Unconfined}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {seccompProfile: {type: Unconfined}}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
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
    securityContext: {seccompProfile: {type: Localhost, localhostProfile: web.json}}
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {seccompProfile: {type: Unconfined}}
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {seccompProfile: {type: RuntimeDefault}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    let open = |c: &&Container| {
        let profile = seccomp(pod.spec, c).value;
        !is_privileged(c) && profile.is_none_or(|p| *p.kind == *UNCONFINED)
    };
    let (own, inherited): (Vec<_>, Vec<_>) = pod
        .spec
        .containers
        .iter()
        .filter(open)
        .partition(|c| c.security.seccomp.is_some());
    for c in own {
        let weight = unconfined().in_kernel(pod).faced(pod, view);
        let field = seccomp(pod.spec, c);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .because(field.evidence(pod, c, "seccompProfile.type", UNCONFINED));
    }
    if inherited.is_empty() {
        return;
    }
    let (weight, value, origin) = match &pod.spec.security.seccomp {
        Some(_) => (unconfined().faced(pod, view), UNCONFINED, Origin::Explicit),
        None => (
            Weight::new(
                Severity::Low,
                "no profile is named, and the kubelet's default is none",
            ),
            "unset",
            Origin::Default,
        ),
    };
    let weight = weight.in_kernel(pod);
    let draft = out.fires(Part::Whole, weight.severity, weight.why);
    draft.in_pod(pod, "securityContext.seccompProfile.type", value, origin);
    for c in inherited.iter().filter(|_| origin == Origin::Default) {
        let field = seccomp(pod.spec, c);
        draft.because(field.evidence(pod, c, "seccompProfile.type", value));
    }
}

fn unconfined() -> Weight {
    Weight::new(
        Severity::Medium,
        "its profile is switched off: every system call of the kernel is open",
    )
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let object = &finding.id.object;
    let change = match &finding.id.part {
        Part::Whole => Change::pod(object, PodEdit::Seccomp("RuntimeDefault".into())),
        part => {
            let c = editable_container(spec, part)?;
            let above = spec
                .security
                .seccomp
                .as_ref()
                .is_some_and(|p| *p.kind != *UNCONFINED);
            let own = (!above).then(|| Str::from("RuntimeDefault"));
            Change::container(object, &c.name, ContainerEdit::Seccomp(own))
        }
    };
    Some(Remedy::review(
        [change],
        "debuggers, sandboxes and old programs that use rare system calls: they fail with EPERM",
    ))
}
