//! Workload whose pods its namespace refuses
//!
//! ## What
//! Templates that break the Pod Security level which their own namespace enforces, and live pods that were let in before
//! the level was set: at their next start they are refused. Where the server has refused already (`ReplicaFailure`), its
//! words are cited.
//!
//! ## Why
//! The workload runs on borrowed time: a drained node, a rollout, a crash, and it is gone. Until then the pods that run
//! are looser than the label says.
//!
//! ## Fix
//! Changes the workload so that it meets the level, as one patch, and says what is left for a person.
//!
//! ## References
//! - pod-security-admission `admission/admission.go`
//! - kubernetes.io, Pod Security Admission, "Workload resources and Pod templates"

use crate::fix::harden::harden;
use crate::semantics::editable::editable;
use crate::semantics::pod_security::labels::{Mode, effective};
use crate::semantics::pod_security::{Level, Version, Violation, violations};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "pods-rejected",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "pod-security-enforced",
    needs: &[
        Kind::Namespace,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K05"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        ports: [{containerPort: 8080, hostPort: 8080}]
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: shop}
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: backup, image: 'registry.example.com/backup:2.4.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: relay, namespace: shop}
spec:
  selector: {matchLabels: {app: relay}}
  template:
    metadata: {labels: {app: relay}}
    spec:
      containers:
      - name: relay
        image: registry.example.com/relay:1.4.2
        ports: [{containerPort: 8443, hostPort: 8443}]
",
        )
        .with_status(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: relay, namespace: shop}
status:
  conditions:
  - type: ReplicaFailure
    status: 'True'
    reason: FailedCreate
    message: 'pods \"relay-5d4f8c7b9-\" is forbidden: violates PodSecurity \"baseline:latest\": hostPort (container \"relay\" uses hostPort 8443)'
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: privileged}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        ports: [{containerPort: 8080, hostPort: 8080}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

/// The level that a pod's namespace enforces by a label of its own, and the minor whose rules it means.
fn enforced(pod: &PodLike<'_>, view: &View<'_>) -> Option<(Level, u32)> {
    let labels = &view.namespace(pod.namespace()).seen()?.meta.labels;
    let found = effective(labels, Mode::Enforce);
    let version = found.version.unwrap_or(Version::Latest);
    Some((
        found.level?,
        version.applied(view.cluster().version.as_ref()),
    ))
}

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let Some((level, minor)) = enforced(pod, view) else {
        return;
    };
    let refused: Vec<Violation> = violations(level, minor, pod).collect();
    if refused.is_empty() {
        return;
    }
    let word = level.word();
    let reasons: Vec<&str> = refused.iter().map(|v| v.refusal.reason).collect();
    let reasons = reasons.join(", ");
    let why = if pod.pod.is_some() {
        format!(
            "it runs although {word} refuses it ({reasons}); once it is gone it does not come back"
        )
    } else {
        format!("{word} refuses its pods: {reasons}")
    };
    let said = view.context(|view| match view.get(pod.holder).seen().map(|o| &**o) {
        Some(Object::Workload(workload)) => workload.refused.clone(),
        _ => None,
    });
    let severity = if said.is_some() {
        Severity::Medium
    } else {
        Severity::Low
    };
    let namespace = ObjectKey::of_namespace(pod.namespace());
    let path = format!("metadata.labels['{}']", Mode::Enforce.label());
    let draft = out.fires(Part::Whole, severity, why);
    draft.because(Evidence::explicit(&namespace, path, word));
    for violation in &refused {
        let value = format!("{}: {}", violation.refusal.reason, violation.refusal.detail);
        draft.because(Evidence::explicit(pod.holder, "", value));
    }
    if let Some(said) = said {
        let path = "status.conditions";
        draft.because(Evidence::new(pod.holder, path, said, Origin::Live));
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    let object = view.get(&finding.id.object).seen()?;
    let labels = &view.namespace(finding.id.object.home()).seen()?.meta.labels;
    let found = effective(labels, Mode::Enforce);
    let version = found.version.unwrap_or(Version::Latest);
    let minor = version.applied(view.cluster().version.as_ref());
    let hardened = harden(object, found.level?, minor)?;
    // What stays refused would still be refused: the finding would not clear.
    hardened.left.is_empty().then(|| hardened.remedy())?
}
