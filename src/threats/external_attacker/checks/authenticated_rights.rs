//! Every login holds rights
//!
//! ## What
//! A binding that names the group `system:authenticated` (every login) or `system:serviceaccounts` (every account, so
//! every pod with a token), and grants anything beyond what Kubernetes gives to these groups itself. Stock bindings are
//! recognised by content.
//!
//! ## Why
//! `system:authenticated` is whoever the cluster's logins let in: on some clouds that is every account of the provider,
//! not of the company. And every token in every pod holds the right too, so no account can be kept poor.
//!
//! ## Fix
//! Removes the group from the binding. Name the users, groups or accounts that need the right.
//!
//! ## References
//! - Kubernetes, Role Based Access Control Good Practices, "Least privilege"
//! - OWASP Kubernetes Top Ten 2025, K02

use crate::semantics::rbac::identity::{ACCOUNTS, AUTHENTICATED};
use crate::semantics::rbac::power::powers_in;
use crate::semantics::rbac::{Clause, Held, gives_nothing, is_given_to_all};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::{Holder, holders};
use crate::threats::stolen_credentials::remedies::remove_subject;

/// The check.
pub static CHECK: Check = Check {
    id: "authenticated-rights",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker, ThreatId::StolenCredentials],
    control: "login-is-not-enough",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1078.001",
        "owasp:2025/K02",
        "kubescape:C-0265",
        "trivy:KSV-01011",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Change(remove_subject),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: everybody}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: everybody, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: edit}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: discovery}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:discovery'}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:authenticated'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: team, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:shop'}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    for holder in holders(object, view, |clause| {
        !gives_nothing(clause) && !is_given_to_all(clause.rule)
    }) {
        if is_everybody(holder.subject) {
            let (severity, why) = judge(&holder, view);
            holder.report(out, severity, why);
        }
    }
}

fn is_everybody(subject: &Subject) -> bool {
    matches!(subject, Subject::Group(name) if [AUTHENTICATED, ACCOUNTS].contains(&&**name))
}

fn judge(holder: &Holder<'_>, view: &View<'_>) -> (Severity, String) {
    let whose = match holder.subject {
        Subject::Group(name) if &**name == ACCOUNTS => "every pod with a token",
        _ => "every login, and every pod with a token,",
    };
    let held = Held {
        grants: holder
            .clauses
            .first()
            .map(|c| c.grant)
            .into_iter()
            .collect(),
        ..Held::default()
    };
    let found = view.context(|view| powers_in(view, &held, holder.scope));
    if let Some(power) = found.iter().max_by_key(|power| power.severity()) {
        let why = format!("{whose} may {}", power.words());
        return (power.severity().raised(), why);
    }
    let reaches_objects = |clause: &Clause<'_>| !clause.rule.resources.is_empty();
    let severity = if !holder.clauses.iter().any(reaches_objects) {
        Severity::Low
    } else if holder.scope.is_cluster() {
        Severity::High
    } else {
        Severity::Medium
    };
    (
        severity,
        format!("{whose} holds these rights {}", holder.scope.words()),
    )
}
