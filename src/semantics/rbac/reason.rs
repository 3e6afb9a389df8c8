//! The authorizer's own words: `status.reason` of an access review.
//!
//! Source: `clusterRoleBindingDescriber`, `roleBindingDescriber` in kubernetes/kubernetes
//! `pkg/registry/rbac/validation/rule.go`; names are quoted as Go's `%q` does.

use std::collections::BTreeSet;

use super::grants::Grant;
use crate::model::Subject;
use crate::model::objects::access::Binding;
use crate::semantics::quoted::quoted as quote;

/// Reason of a grant.
pub(super) fn allowed_by(grant: &Grant<'_>) -> String {
    let Binding { meta, role, .. } = grant.binding;
    let (kind, name) = match &meta.key.namespace {
        None => ("ClusterRoleBinding", meta.key.name.to_string()),
        Some(namespace) => ("RoleBinding", format!("{}/{namespace}", meta.key.name)),
    };
    let role_kind = if role.cluster { "ClusterRole" } else { "Role" };
    let subject = match grant.subject() {
        Some(Subject::User(name)) => format!("User {}", quote(name)),
        Some(Subject::Group(name)) => format!("Group {}", quote(name)),
        Some(Subject::ServiceAccount { namespace, name }) => {
            format!("ServiceAccount {}", quote(&format!("{name}/{namespace}")))
        }
        None => String::new(),
    };
    format!(
        "RBAC: allowed by {kind} {} of {role_kind} {} to {subject}",
        quote(&name),
        quote(&role.name)
    )
}

/// Reason of a refusal: empty, or the roles that bindings name in vain.
pub(super) fn refused(dangling: &[&Binding]) -> String {
    let mut seen = BTreeSet::new();
    let errors: Vec<String> = dangling
        .iter()
        .map(|b| {
            let kind = if b.role.cluster {
                "clusterrole"
            } else {
                "role"
            };
            format!(
                "{kind}.rbac.authorization.k8s.io {} not found",
                quote(&b.role.name)
            )
        })
        .filter(|error| seen.insert(error.clone()))
        .collect();
    match errors.as_slice() {
        [] => String::new(),
        [one] => format!("RBAC: {one}"),
        many => format!("RBAC: [{}]", many.join(", ")),
    }
}
