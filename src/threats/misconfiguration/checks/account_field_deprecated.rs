//! Workload names its account by the old field
//!
//! ## What
//! Manifests that set `serviceAccount` and not `serviceAccountName`. A server fills both in, so live objects are silent.
//!
//! ## Why
//! The field was renamed before 1.0 and is kept for old clients alone: tools that read the new name take the workload for
//! one of the `default` account.
//!
//! ## Fix
//! Sets `serviceAccountName` to the same account.
//!
//! ## References
//! - kubernetes `staging/src/k8s.io/api/core/v1/types.go` (`PodSpec.DeprecatedServiceAccount`)
//! - kube-linter, deprecated-service-account-field

use crate::semantics::editable::editable;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "account-field-deprecated",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "workloads-kept-well",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      serviceAccount: web
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: data}
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          serviceAccount: backup
          containers:
          - {name: backup, image: 'registry.example.com/backup:2.4.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccountName: web
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccount: web
  serviceAccountName: web
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if !pod.spec.old_account_field {
        return;
    }
    let why = "tools that read serviceAccountName take it for a workload of the default account";
    let name = pod.spec.account_name().to_owned();
    out.fires(Part::Whole, Severity::Low, why).in_pod(
        pod,
        "serviceAccount",
        name,
        Origin::Explicit,
    );
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let edit = PodEdit::Account(spec.account_name().into());
    Some(Remedy::safe([Change::pod(&finding.id.object, edit)]))
}
