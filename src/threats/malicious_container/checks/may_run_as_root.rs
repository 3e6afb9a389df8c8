//! Container may run as root
//!
//! ## What
//! Containers that may start as user 0: the user in force (the container's, else the pod's) is 0, or nobody names a user and
//! `runAsNonRoot` is not true, so that the image decides. With `runAsNonRoot: true` the kubelet refuses user 0, and a
//! numeric user other than 0 settles it as well. Containers that leave it to their pod are one finding on the pod.
//!
//! ## Why
//! Root in a container is root in the kernel's eyes, held back by capabilities and filters only: each flaw in a runtime or
//! in the kernel then ends on the node, and each mounted file of the node opens as root's own.
//!
//! ## Fix
//! Sets `runAsNonRoot: true` for the pod, or for the container that says otherwise, and user 10001 where 0 is written.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Restricted, "Running as Non-root" (pod-security-admission `policy/check_runAsNonRoot.go`, `check_runAsUser.go`)
//! - kubernetes `pkg/kubelet/kuberuntime/security_context_others.go` `verifyRunAsNonRoot`
//! - CIS Kubernetes Benchmark 1.12, 5.2.7

use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::{StartsAsRoot, non_root, starts_as_root, user};
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// A user that no common image or node gives to anybody.
const SOMEBODY: i64 = 10_001;

/// The check.
pub static CHECK: Check = Check {
    id: "may-run-as-root",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:restricted/runAsNonRoot",
        "pss:restricted/runAsUser",
        "cis:1.12/5.2.7",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0013",
        "trivy:KSV-0012",
        "trivy:KSV-0105",
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
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      securityContext: {runAsNonRoot: true, runAsUser: 1000}
      initContainers:
      - name: own
        image: registry.example.com/web:1.4.2
        securityContext: {runAsNonRoot: false, runAsUser: 0}
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsUser: 0}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
  - name: side
    image: registry.example.com/side:0.2.0
    securityContext: {runAsUser: 1000}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsNonRoot: true}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsNonRoot: false, runAsUser: 0}
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {runAsUser: 1000}
  - name: side
    image: registry.example.com/side:0.2.0
    securityContext: {runAsNonRoot: true, runAsUser: 2000}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    let exposed = |c: &&Container| starts_as_root(pod.spec, c) != StartsAsRoot::No;
    let (own, inherited): (Vec<_>, Vec<_>) = pod
        .spec
        .containers
        .iter()
        .filter(exposed)
        .partition(|c| says_itself(c));
    for c in own {
        let weight = weigh(pod, c);
        let draft = out.fires(Part::Container(c.name.clone()), weight.severity, weight.why);
        evidence(pod, c, draft);
    }
    if let Some(first) = inherited.first() {
        let weight = weigh(pod, first);
        let draft = out.fires(Part::Whole, weight.severity, weight.why);
        let above = pod.spec.security.non_root;
        let (value, origin) = match above {
            Some(value) => (value.to_string(), Origin::Explicit),
            None => ("unset".to_owned(), Origin::Default),
        };
        draft.in_pod(pod, "securityContext.runAsNonRoot", value, origin);
        for c in inherited {
            evidence(pod, c, draft);
        }
    }
}

/// The container does not leave the matter to its pod.
fn says_itself(c: &Container) -> bool {
    c.security.non_root.is_some() || c.security.user.is_some()
}

fn weigh(pod: &PodLike<'_>, c: &Container) -> Weight {
    let weight = match starts_as_root(pod.spec, c) {
        _ if is_windows(pod.spec) => Weight::new(
            Severity::Medium,
            "its image may say ContainerAdministrator, and nothing forbids it",
        ),
        StartsAsRoot::Yes => Weight::new(Severity::Medium, "it is told to run as user 0"),
        _ => Weight::new(
            Severity::Medium,
            "its image decides, and images say root unless they say otherwise",
        ),
    };
    weight.in_kernel(pod)
}

fn evidence(pod: &PodLike<'_>, c: &Container, draft: &mut crate::threats::Draft) {
    let user = user(pod.spec, c);
    if let Some(id) = user.value {
        draft.because(user.evidence(pod, c, "runAsUser", id));
    }
    let non_root = non_root(pod.spec, c);
    if non_root.origin != Origin::Inherited {
        draft.because(non_root.evidence(pod, c, "runAsNonRoot", false));
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let object = &finding.id.object;
    let changes = match &finding.id.part {
        Part::Whole => {
            let mut changes = vec![Change::pod(object, PodEdit::NonRoot(true))];
            if spec.security.user == Some(0) {
                changes.push(Change::pod(object, PodEdit::User(Some(SOMEBODY))));
            }
            changes
        }
        part => {
            let c = editable_container(spec, part)?;
            let above = spec.security.non_root == Some(true) && c.security.non_root.is_some();
            let own = if above { None } else { Some(true) };
            let mut changes = vec![Change::container(
                object,
                &c.name,
                ContainerEdit::NonRoot(own),
            )];
            if c.security.user == Some(0) {
                let edit = ContainerEdit::User(Some(SOMEBODY));
                changes.push(Change::container(object, &c.name, edit));
            }
            changes
        }
    };
    let given = changes.len() > 1;
    let remedy = Remedy::review(
        changes,
        "an image whose user is root, or is named rather than numbered, no longer starts: add the runAsUser that it is made for",
    );
    Some(if given {
        remedy.may_break(format!(
            "files that only root may read or write: they must belong to user {SOMEBODY}"
        ))
    } else {
        remedy
    })
}
