//! Role grants every verb on every resource
//!
//! ## What
//! A binding of a role with a rule that has `*` among its verbs and `*` among its resources, in every API group or in the
//! core group. `cluster-admin` itself is Kubernetes' own and is judged where it is bound (`cluster-admin-bound`).
//!
//! ## Why
//! Such a rule holds what nobody thought of when it was written: `impersonate`, `bind`, `escalate`, tokens of every
//! account, Secrets, shells, and each resource that is installed later. In the core group alone it is already enough to
//! act as anybody.
//!
//! ## Fix
//! Removes the subject from the binding. What the subject needs cannot be read from a wildcard: bind it a role that names
//! its verbs and resources.
//!
//! ## References
//! - Kubernetes, Role Based Access Control Good Practices, "Least privilege"
//! - CIS Kubernetes Benchmark 1.12, 5.1.3

use crate::semantics::rbac::rule::holds;
use crate::semantics::rbac::{Clause, stock};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::holders;
use crate::threats::stolen_credentials::remedies::less_or_none;

/// The check.
pub static CHECK: Check = Check {
    id: "wildcard-rights",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "no-wildcards",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.3",
        "attack:T1078",
        "owasp:2025/K02",
        "kubescape:C-0187",
        "trivy:KSV-0044",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(less_or_none),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: operator}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: operator}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: operator}
subjects:
- {kind: ServiceAccount, name: operator, namespace: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: operator, namespace: ops}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: all, namespace: shop}
rules:
- {apiGroups: [''], resources: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: all, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: all}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: scaler}
rules:
- {apiGroups: ['*'], resources: ['*/scale'], verbs: ['*']}
- {apiGroups: [apps], resources: ['*'], verbs: [get, list, watch]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: scaler}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: scaler}
subjects:
- {kind: ServiceAccount, name: scaler, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: unused}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    for holder in holders(object, view, is_wild) {
        let who = holder.subject;
        let (severity, why) = if holder.scope.is_cluster() {
            let why = format!("{who} is admin of the whole cluster by a wildcard");
            (Severity::Critical, why)
        } else {
            let why = format!(
                "{who} may do everything {} by a wildcard",
                holder.scope.words()
            );
            (Severity::High, why)
        };
        holder.report(out, severity, why);
    }
}

/// `*` on `*` of every group or of the core group, for every name; not where Kubernetes itself wrote it.
fn is_wild(clause: &Clause<'_>) -> bool {
    let rule = clause.rule;
    let star = |list: &[Str]| list.iter().any(|word| &**word == "*");
    let wild = star(&rule.verbs)
        && star(&rule.resources)
        && holds(&rule.groups, "")
        && rule.names.is_empty();
    wild && stock::extra_rules(clause.grant.role).is_none_or(|extra| extra.contains(&clause.at))
}
