//! Callers without a login hold rights
//!
//! ## What
//! A binding that names the user `system:anonymous` or the group `system:unauthenticated`, and grants anything that
//! Kubernetes does not give to everybody anyway. The stock binding of `system:public-info-viewer` (health and version)
//! and kubeadm's of the one ConfigMap `cluster-info` are recognised by content and silent; changed, they are louder.
//!
//! ## Why
//! Nobody needs to steal anything: whoever reaches the API server has these rights. A scan of the internet finds it.
//!
//! ## Fix
//! Removes the subject from the binding.
//!
//! ## References
//! - Kubernetes, Authenticating, "Anonymous requests"
//! - Kubernetes, Role Based Access Control Good Practices, "Least privilege"
//! - CIS Kubernetes Benchmark 1.12, 5.1.1

use crate::semantics::rbac::identity::{ANONYMOUS, UNAUTHENTICATED};
use crate::semantics::rbac::{Clause, gives_nothing, is_public};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::holders::{Holder, holders};
use crate::threats::stolen_credentials::remedies::remove_subject;

/// The check.
pub static CHECK: Check = Check {
    id: "anonymous-rights",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker, ThreatId::StolenCredentials],
    control: "anonymous-holds-nothing",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1078.001",
        "attack:T1133",
        "owasp:2025/K02",
        "owasp:2025/K09",
        "kubescape:C-0262",
        "trivy:KSV-0122",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Change(remove_subject),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: dashboard}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: metrics}
rules:
- {nonResourceURLs: [/metrics], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: metrics}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: metrics}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:unauthenticated'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: health}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: 'system:public-info-viewer'}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: kube-public}
rules:
- {apiGroups: [''], resources: [configmaps], resourceNames: [cluster-info], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: 'kubeadm:bootstrap-signer-clusterinfo', namespace: kube-public}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: 'kubeadm:bootstrap-signer-clusterinfo'}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: 'system:anonymous'}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    for holder in holders(object, view, |clause| {
        !gives_nothing(clause) && !is_public(clause.rule)
    }) {
        if is_anonymous(holder.subject) {
            let (severity, why) = judge(&holder);
            holder.report(out, severity, why);
        }
    }
}

fn is_anonymous(subject: &Subject) -> bool {
    match subject {
        Subject::User(name) => &**name == ANONYMOUS,
        Subject::Group(name) => &**name == UNAUTHENTICATED,
        Subject::ServiceAccount { .. } => false,
    }
}

fn judge(holder: &Holder<'_>) -> (Severity, String) {
    let reaches_objects = |clause: &Clause<'_>| !clause.rule.resources.is_empty();
    if holder.clauses.iter().any(reaches_objects) {
        let why = format!(
            "whoever reaches the API server holds these rights {}, without a login",
            holder.scope.words()
        );
        (Severity::Critical, why)
    } else {
        let why = "whoever reaches the API server reads these pages of it, without a login";
        (Severity::Medium, why.to_owned())
    }
}
