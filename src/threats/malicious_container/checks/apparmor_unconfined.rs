//! Container runs without an `AppArmor` profile
//!
//! ## What
//! Linux containers whose profile in force is `Unconfined`: by the container's field, the pod's, or the older annotation.
//! Unset is silent: the runtime's own profile applies where the node has `AppArmor`. Privileged containers are left out,
//! the runtime confines none of them.
//!
//! ## Why
//! The runtime's profile denies mounting, writing below `/proc/sys` and `/sys`, and tracing other programs. It holds even
//! where a container is root and seccomp lets the call pass.
//!
//! ## Fix
//! Takes the field or the annotation away, so that the runtime's profile applies.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "`AppArmor`" (pod-security-admission `policy/check_appArmorProfile.go`)
//! - kubernetes.io, Restrict a Container's Access to Resources with `AppArmor`

use crate::model::Labels;
use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::{apparmor, is_privileged};
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "apparmor-unconfined",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/appArmorProfile",
        "attack:T1611",
        "owasp:2025/K01",
        "kubescape:C-0055",
        "trivy:KSV-0002",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {appArmorProfile: {type: Unconfined}}
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
    metadata:
      labels: {app: web}
      annotations: {container.apparmor.security.beta.kubernetes.io/web: unconfined}
    spec:
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
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
    securityContext: {appArmorProfile: {type: Unconfined}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {appArmorProfile: {type: Unconfined}}
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {appArmorProfile: {type: RuntimeDefault}}
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

const UNCONFINED: &str = "Unconfined";

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    for c in pod.spec.containers.iter().filter(|c| !is_privileged(c)) {
        let field = apparmor(pod.spec, c);
        let evidence = match field.value {
            Some(UNCONFINED) => field.evidence(pod, c, "appArmorProfile.type", UNCONFINED),
            None if is_off(pod.annotations, c) => {
                let path = pod.meta_path(&format!("annotations['{}']", key(c)));
                Evidence::explicit(pod.holder, path, "unconfined")
            }
            _ => continue,
        };
        let why = "its profile is switched off: mounts and kernel settings are open to its root";
        let weight = Weight::new(Severity::Medium, why)
            .in_kernel(pod)
            .faced(pod, view);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .because(evidence);
    }
}

fn key(c: &Container) -> String {
    format!("container.apparmor.security.beta.kubernetes.io/{}", c.name)
}

fn is_off(annotations: &Labels, c: &Container) -> bool {
    // Most pods have none that are kept: then no key is made to look for.
    !annotations.is_empty()
        && annotations
            .get(&key(c))
            .is_some_and(|profile| &**profile == "unconfined")
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let c = editable_container(spec, &finding.id.part)?;
    let object = &finding.id.object;
    let mut changes = Vec::new();
    if c.security.apparmor.as_deref() == Some(UNCONFINED) {
        let edit = ContainerEdit::AppArmor(None);
        changes.push(Change::container(object, &c.name, edit));
    }
    if spec.security.apparmor.as_deref() == Some(UNCONFINED) {
        changes.push(Change::pod(object, PodEdit::AppArmor(None)));
    }
    let annotations = match &**view.get(object).seen()? {
        Object::Workload(workload) => &workload.template.annotations,
        other => &other.meta().annotations,
    };
    if is_off(annotations, c) {
        let edit = PodEdit::RemoveAnnotation(key(c).into());
        changes.push(Change::pod(object, edit));
    }
    let breaks = "programs that mount, trace others or write below /proc/sys: the runtime's profile denies it";
    (!changes.is_empty()).then(|| Remedy::review(changes, breaks))
}
