//! Binding names an account or a role that does not exist
//!
//! ## What
//! A binding whose role does not exist, or one of whose subjects is a service account that does not exist. Users and
//! groups are not objects of the API and are never reported. Bindings that Kubernetes writes for controllers that this
//! cluster does not run are stock and stay silent.
//!
//! ## Why
//! The binding waits. Whoever may create an account of that name in that namespace, or a role of that name, comes into
//! rights that nobody reviews because today they do nothing.
//!
//! ## Fix
//! Deletes a binding without a role, or of missing accounts alone; takes a missing account out of a binding that names
//! others too.
//!
//! ## References
//! - Kubernetes, Role Based Access Control Good Practices, "Periodic review"
//! - OWASP Kubernetes Top Ten 2025, K02

use crate::model::objects::access::{Binding, Role};
use crate::semantics::rbac::{role_key, role_of, stock};
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::binding_power::strongest;
use crate::threats::stolen_credentials::remedies::remove_subject;

/// The check.
pub static CHECK: Check = Check {
    id: "binding-to-nobody",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "bindings-current",
    needs: &[
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
        Kind::ServiceAccount,
    ],
    // Each finding rests on one look-up that was answered "absent"; what else is hidden does not touch it.
    rests_on: RestsOn::Presence,
    standards: &["attack:T1098.006", "owasp:2025/K02"],
    scope: Scope::Object(&[Kind::ClusterRoleBinding, Kind::RoleBinding], run),
    fix: Fix::Choice(fix),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: old-operator}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: operator, namespace: retired}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: viewers, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: gone, namespace: shop}
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: view}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: somebody}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: a-team}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: ops}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: view, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: bot, namespace: ops}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Binding(binding) = object else {
        return;
    };
    let role = match role_of(view, binding) {
        Look::Absent => {
            roleless(binding, out);
            return;
        }
        // Which accounts exist is known without the role; only how much waits for them is not.
        Look::Blind(_) => None,
        Look::Seen(role) => Some(role),
    };
    let known = stock::extra_subjects(binding);
    for (at, subject) in binding.subjects.iter().enumerate() {
        let Subject::ServiceAccount { namespace, name } = subject else {
            continue;
        };
        let is_stock = known.as_ref().is_some_and(|extra| !extra.contains(&at));
        if !is_stock && view.account(namespace, name) == Look::Absent {
            accountless(view, binding, role, at, out);
        }
    }
}

fn roleless(binding: &Binding, out: &mut Sink) {
    let severity = if binding.subjects.is_empty() {
        Severity::Low
    } else {
        Severity::Medium
    };
    let role = role_key(binding);
    let why = format!("whoever may create {role} decides what these subjects may do");
    out.fires(Part::Whole, severity, why)
        .because(Evidence::explicit(
            &binding.meta.key,
            "roleRef.name",
            format!("{} (does not exist)", binding.role.name),
        ));
}

fn accountless(view: &View<'_>, binding: &Binding, role: Option<&Role>, at: usize, out: &mut Sink) {
    let Some(subject) = binding.subjects.get(at) else {
        return;
    };
    let waiting = role.and_then(|role| strongest(view, binding, role, at));
    let (severity, why) = match waiting {
        Some((Severity::Critical | Severity::High, words)) => (
            Severity::High,
            format!("whoever may create {subject} comes into the right to {words}"),
        ),
        _ => (
            Severity::Low,
            format!("whoever may create {subject} comes into the rights of this binding"),
        ),
    };
    out.fires(Part::Subject(subject.to_string().into()), severity, why)
        .because(Evidence::explicit(
            &binding.meta.key,
            format!("subjects[{at}]"),
            format!("{subject} (does not exist)"),
        ))
        .because(Evidence::explicit(
            &binding.meta.key,
            "roleRef.name",
            &binding.role.name,
        ));
}

fn fix(finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
    let key = &finding.id.object;
    let Some(Object::Binding(binding)) = view.get(key).seen().map(|o| &**o) else {
        return Vec::new();
    };
    let nobody = binding.subjects.iter().all(|subject| match subject {
        Subject::ServiceAccount { namespace, name } => {
            view.account(namespace, name) == Look::Absent
        }
        Subject::User(_) | Subject::Group(_) => false,
    });
    let gone = [Change::new(key, Edit::Delete)];
    let delete = match finding.id.part {
        Part::Whole => Some(Remedy::safe(gone)),
        _ if nobody => Some(Remedy::review(
            gone,
            "whoever makes accounts of these names later and counts on the binding",
        )),
        _ => None,
    };
    let delete = delete.map(|remedy| remedy.called(format!("delete {key}")));
    let one = remove_subject(finding, view);
    delete.into_iter().chain(one).collect()
}
