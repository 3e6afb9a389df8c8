//! Rights are granted to a default account
//!
//! ## What
//! Bindings that name the service account `default` of a namespace. Bindings that Kubernetes itself writes are left out.
//!
//! ## Why
//! Every pod that names no account runs as `default`, with its token mounted unless somebody refuses it: rights that one
//! application needs go to all of them, the next one included.
//!
//! ## Fix
//! Takes the account out of the binding. Where one workload alone runs as it, and the rights are harmless: an account of its
//! own for that workload, bound to the same role.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.1.5
//! - kubernetes.io, Role Based Access Control Good Practices

use crate::semantics::rbac::{role_of, stock};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::binding_power::strongest;
use crate::threats::stolen_credentials::remedies::own_account::instead_of_default;
use crate::threats::stolen_credentials::remedies::remove_subject;

/// The check.
pub static CHECK: Check = Check {
    id: "default-account-bound",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "bindings-current",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.5",
        "attack:T1078.001",
        "owasp:2025/K02",
        "kubescape:C-0189",
    ],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: helper}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: default, namespace: kube-system}]
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: viewer, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: board, namespace: shop}
spec:
  selector: {matchLabels: {app: board}}
  template:
    metadata: {labels: {app: board}}
    spec:
      containers:
      - {name: board, image: 'registry.example.com/board:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: web, namespace: shop}]
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: default}]
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Binding(binding) = object else {
        return;
    };
    let known = stock::extra_subjects(binding);
    for (at, subject) in binding.subjects.iter().enumerate() {
        let Subject::ServiceAccount { namespace, name } = subject else {
            continue;
        };
        let is_stock = known.as_ref().is_some_and(|extra| !extra.contains(&at));
        if **name != *"default" || is_stock {
            continue;
        }
        let role = role_of(view, binding).seen();
        let power = role.and_then(|role| strongest(view, binding, role, at));
        let (severity, why) = match power {
            Some((severity, words)) if severity >= Severity::High => (
                Severity::High,
                format!("every pod of {namespace} that names no account may {words}"),
            ),
            _ => (
                Severity::Medium,
                format!("every pod of {namespace} that names no account comes into this"),
            ),
        };
        let key = &binding.meta.key;
        out.fires(Part::Subject(subject.to_string().into()), severity, why)
            .because(Evidence::explicit(key, format!("subjects[{at}]"), subject))
            .because(Evidence::explicit(key, "roleRef.name", &binding.role.name));
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    remove_subject(finding, view)
        .into_iter()
        .chain(instead_of_default(finding, view))
        .collect()
}
