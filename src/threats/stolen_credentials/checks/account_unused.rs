//! Service account is used by nothing that is visible
//!
//! ## What
//! Service accounts that no pod and no pod template of their namespace names, and that list no Secret of their own.
//! `default` is made by Kubernetes and never reported, and nor are accounts of its own namespaces: controllers of the
//! control plane, a cloud's own included, log in as accounts there without a pod. Who asks for a token of the account from
//! outside (a pipeline, a secret store), and pods that an operator makes only now and then, are not in the API.
//!
//! ## Why
//! Nobody notices what is done with a login that nobody uses: whoever may make pods or tokens in the namespace becomes the
//! account, and whatever is bound to it later is theirs at once.
//!
//! ## Fix
//! Takes the account out of every binding that names it, and deletes it. Ask its owner first: a login from outside ends.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.1.1 and 5.1.3 (rights are reviewed, and kept to those who need them)
//! - Trend Micro, Guidance on Kubernetes Threat Modeling, "thorough audit of all users and service accounts"
//! - Kubernetes, Role Based Access Control Good Practices, "Periodic review"

use std::collections::BTreeSet;

use crate::model::objects::access::ServiceAccount;
use crate::semantics::rbac::power::{Power, powers_of};
use crate::semantics::rbac::{Identity, held};
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "account-unused",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "accounts-current",
    needs: &[
        Kind::Namespace,
        Kind::ServiceAccount,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::Role,
        Kind::ClusterRole,
        Kind::RoleBinding,
        Kind::ClusterRoleBinding,
    ],
    rests_on: RestsOn::Absence,
    standards: &["attack:T1078.001", "owasp:2025/K02"],
    scope: Scope::Namespace(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: old-robot, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: apps/v1
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
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: old-robot, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: old-robot, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {kind: ServiceAccount, name: old-robot, namespace: shop}
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: report, namespace: shop}
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: report, namespace: shop}
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          serviceAccountName: report
          containers:
          - {name: report, image: 'registry.example.com/report:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: robot, namespace: shop}
secrets: [{name: robot-token-7d2kx}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: default, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cloud-provider, namespace: kube-system}
",
        ),
    ],
};

fn run(namespace: &str, view: &View<'_>, out: &mut Sink) {
    if is_system(namespace) {
        return;
    }
    let accounts = view.list(Kind::ServiceAccount, namespace);
    let mut waiting: Vec<&ServiceAccount> = accounts
        .filter_map(|object| match &**object {
            Object::ServiceAccount(account) => Some(account),
            _ => None,
        })
        .filter(|account| account.meta.name() != "default" && account.secrets.is_empty())
        .collect();
    if waiting.is_empty() {
        return;
    }
    let used = used(namespace, view);
    waiting.retain(|account| !used.contains(account.meta.name()));
    for account in waiting {
        let name = account.meta.name();
        let identity = Identity::account(namespace, name);
        let strongest = view.context(|view| {
            let held = held(view, &identity);
            let powers = powers_of(view, &held).into_iter();
            // What every account holds is no reason to keep or to drop this one.
            let own = powers.filter(|power| {
                let mut by = power.by.iter();
                by.any(|clause| {
                    matches!(clause.grant.subject(), Some(Subject::ServiceAccount { .. }))
                })
            });
            let worst = own.max_by_key(Power::severity)?;
            Some((worst.severity(), worst.words()))
        });
        let (severity, why) = match strongest {
            Some((severity, words)) if severity >= Severity::High => (
                Severity::Medium,
                format!("nothing that is visible runs as it, and it may {words}"),
            ),
            _ => (
                Severity::Low,
                "nothing that is visible runs as it; a login from outside would not show"
                    .to_owned(),
            ),
        };
        let key = &account.meta.key;
        let evidence =
            Evidence::explicit(key, "metadata.name", format!("{name} (no pod names it)"));
        out.fires(Part::Whole, severity, why)
            .on(key)
            .because(evidence);
    }
}

/// Accounts that pods and templates of a namespace name.
fn used<'a>(namespace: &str, view: &View<'a>) -> BTreeSet<&'a str> {
    let kinds = Kind::TEMPLATED.into_iter().chain([Kind::Pod]);
    let objects = kinds.flat_map(|kind| view.list(kind, namespace));
    let names = objects.filter_map(|object| match &**object {
        Object::Workload(workload) => Some(workload.template.spec.account_name()),
        Object::Pod(pod) => Some(pod.spec.account_name()),
        _ => None,
    });
    names.collect()
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let key = &finding.id.object;
    let subject = Subject::account(key.home(), &key.name);
    let bindings = view.world().bound(&subject);
    let out_of = bindings.map(|binding| Change::new(binding, Edit::RemoveSubject(subject.clone())));
    let changes: Vec<Change> = out_of.chain([Change::new(key, Edit::Delete)]).collect();
    Some(Remedy::review(
        changes,
        "whoever logs in as the account from outside the cluster, and pods that are made as it only now and then",
    ))
}
