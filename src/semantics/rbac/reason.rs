//! The authorizer's own words: `status.reason` of an access review.
//!
//! Source: `clusterRoleBindingDescriber`, `roleBindingDescriber` in kubernetes/kubernetes
//! `pkg/registry/rbac/validation/rule.go`; names are quoted as Go's `%q` does.

use std::collections::BTreeSet;

use super::grants::Grant;
use crate::model::Subject;
use crate::model::objects::access::Binding;
use crate::model::text::is_hostile;

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

/// Go's `strconv.Quote`. Names of RBAC objects may hold any character but `/` and `%`.
fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\u{7}' => quoted.push_str("\\a"),
            '\u{8}' => quoted.push_str("\\b"),
            '\u{c}' => quoted.push_str("\\f"),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            '\u{b}' => quoted.push_str("\\v"),
            c if c.is_ascii_control() => quoted.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if is_hostile(c) || (c.is_whitespace() && c != ' ') => {
                let code = u32::from(c);
                quoted.push_str(&if code > 0xffff {
                    format!("\\U{code:08x}")
                } else {
                    format!("\\u{code:04x}")
                });
            }
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::quote;

    #[test]
    fn quotes_as_go_does() {
        assert_eq!(quote("a\"b\\c"), r#""a\"b\\c""#);
        assert_eq!(quote("tab\there\u{1b}"), r#""tab\there\x1b""#);
        assert_eq!(quote("bidi\u{202e}é"), "\"bidi\\u202eé\"");
    }
}
