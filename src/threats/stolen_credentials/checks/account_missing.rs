//! Workload runs as an account that does not exist
//!
//! ## What
//! Templates and pods whose `serviceAccountName` names an account that is not there. `default` is made by Kubernetes and
//! never reported.
//!
//! ## Why
//! The workload makes no pods until the account exists, and whoever may create accounts in the namespace decides what the
//! account holds. Nobody reviews that today.
//!
//! ## Fix
//! Creates the account, without its token mounted.
//!
//! ## References
//! - kubernetes `plugin/pkg/admission/serviceaccount`
//! - popeye 307, references a service account which does not exist

use crate::model::Meta;
use crate::model::objects::access::ServiceAccount;
use crate::semantics::isolation::is_mirror;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "account-missing",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "bindings-current",
    needs: &[
        Kind::ServiceAccount,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Absence,
    standards: &["attack:T1136", "owasp:2025/K02"],
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
      serviceAccountName: web
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
          serviceAccountName: backup
          containers:
          - {name: backup, image: 'registry.example.com/backup:2.4.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: v1
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
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let name = pod.spec.account_name();
    let mirror = pod.pod.is_some_and(|p| is_mirror(&p.meta));
    if name == "default" || mirror || view.account(pod.namespace(), name) != Look::Absent {
        return;
    }
    let (severity, why) = if pod.pod.is_some() {
        (
            Severity::Medium,
            "pods run whose account is gone: their tokens are refused, and a new account of that name is theirs",
        )
    } else {
        (
            Severity::Low,
            "it makes no pods until somebody creates the account, and with it what the pods may do",
        )
    };
    let value = format!("{name} (does not exist)");
    out.fires(Part::Whole, severity, why).in_pod(
        pod,
        "serviceAccountName",
        value,
        Origin::Explicit,
    );
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let object = view.get(&finding.id.object).seen()?;
    let spec = match &**object {
        Object::Workload(workload) => &workload.template.spec,
        Object::Pod(pod) => &pod.spec,
        _ => return None,
    };
    let namespace = finding.id.object.home();
    let key = ObjectKey::namespaced(Kind::ServiceAccount, namespace, spec.account_name());
    let account = ServiceAccount {
        meta: Meta::bare(key.clone()),
        automount: Some(false),
        secrets: Box::default(),
        pull_secrets: Box::default(),
        assumed: false,
    };
    let create = Change::new(&key, Edit::CreateAccount(Box::new(account)));
    let remedy = Remedy::review(
        [create],
        "pods come up now; those that talk to the API server need automountServiceAccountToken: true and a role",
    );
    Some(remedy)
}
