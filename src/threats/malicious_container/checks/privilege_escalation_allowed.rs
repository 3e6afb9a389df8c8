//! Container lets its processes gain privileges
//!
//! ## What
//! Linux containers without `allowPrivilegeEscalation: false`. Unset allows it. A privileged container is left out: the
//! flag is always on there, and `privileged-container` says so. Pods for Windows have no such flag.
//!
//! ## Why
//! Without it the kernel's `no_new_privs` is not set: a setuid program of the image makes root of any user, and one with
//! file capabilities gives them to whoever starts it. Running as another user than root then holds nobody back for long.
//!
//! ## Fix
//! Sets `allowPrivilegeEscalation: false`. The API refuses that next to `CAP_SYS_ADMIN`, so such an entry is taken out too.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Restricted, "Privilege Escalation" (pod-security-admission `policy/check_allowPrivilegeEscalation.go`)
//! - kubernetes `pkg/apis/core/validation` `ValidateSecurityContext`
//! - Linux `prctl(2)`, `PR_SET_NO_NEW_PRIVS`

use crate::semantics::capabilities::holds_none;
use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::{StartsAsRoot, escalation, is_privileged, starts_as_root};
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "privilege-escalation-allowed",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:restricted/allowPrivilegeEscalation",
        "cis:1.12/5.2.6",
        "attack:T1548.001",
        "owasp:2025/K01",
        "kubescape:C-0016",
        "trivy:KSV-0001",
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
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: mounter, namespace: data}
spec:
  selector: {matchLabels: {app: mounter}}
  template:
    metadata: {labels: {app: mounter}}
    spec:
      containers:
      - name: mounter
        image: registry.example.com/mounter:2.2.0
        securityContext:
          allowPrivilegeEscalation: true
          capabilities: {add: [CAP_SYS_ADMIN, CHOWN], drop: [ALL]}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  initContainers:
  - name: prepare
    image: registry.example.com/web:1.4.2
    securityContext: {privileged: true}
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {allowPrivilegeEscalation: false}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  os: {name: windows}
  containers:
  - {name: web, image: 'registry.example.com/web-windows:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    let allowed = |c: &&Container| escalation(c).value && !is_privileged(c);
    for c in pod.spec.containers.iter().filter(allowed) {
        let weight = match starts_as_root(pod.spec, c) {
            StartsAsRoot::No => {
                "it does not start as root, but a setuid program of its image can make it root"
            }
            StartsAsRoot::ImageDecides | StartsAsRoot::Yes => {
                "programs of its image can gain more than the process that starts them"
            }
        };
        let mut weight = Weight::new(Severity::Medium, weight);
        if holds_none(&c.security) {
            weight = weight.lowered("every capability is dropped, so even root holds none");
        }
        let field = escalation(c);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .because(field.evidence(pod, c, "allowPrivilegeEscalation", true));
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    const REFUSED: &str = "CAP_SYS_ADMIN"; // validation compares this very word
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let change = |edit| Change::container(&finding.id.object, &c.name, edit);
    let mut changes = Vec::new();
    let lists = &c.security;
    if lists.add.iter().any(|name| **name == *REFUSED) {
        let rest = lists.add.iter().filter(|name| ***name != *REFUSED);
        let edit = ContainerEdit::Capabilities(rest.cloned().collect(), lists.drop.clone());
        changes.push(change(edit));
    }
    let lost = !changes.is_empty();
    changes.push(change(ContainerEdit::Escalation(false)));
    let remedy = Remedy::review(
        changes,
        "setuid programs (sudo, su, ping of old images) and programs with file capabilities",
    );
    Some(if lost {
        remedy.may_break("mounts and whatever else the container does with CAP_SYS_ADMIN")
    } else {
        remedy
    })
}
