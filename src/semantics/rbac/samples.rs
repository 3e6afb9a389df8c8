//! Facts for the tests of this folder.

use crate::model::objects::access::{Binding, Role, RoleRef, Rule};
use crate::model::{Kind, Meta, Object, ObjectKey, Str, Subject};

/// Words between commas; none for the empty text.
pub(crate) fn list(text: &str) -> Box<[Str]> {
    text.split(',')
        .filter(|w| !w.is_empty())
        .map(Str::from)
        .collect()
}

/// A rule: verbs, groups (an empty text is the core group), resources, URLs.
pub(crate) fn rule(verbs: &str, groups: &str, resources: &str, urls: &str) -> Rule {
    Rule {
        verbs: list(verbs),
        groups: groups.split(',').map(Str::from).collect(),
        resources: list(resources),
        names: Box::default(),
        urls: list(urls),
    }
}

/// The same for some names.
pub(crate) fn named(mut rule: Rule, names: &str) -> Rule {
    rule.names = list(names);
    rule
}

/// A Role, or a `ClusterRole` without a namespace.
pub(crate) fn role(namespace: Option<&str>, name: &str, rules: &[Rule]) -> Object {
    let key = match namespace {
        Some(namespace) => ObjectKey::namespaced(Kind::Role, namespace, name),
        None => ObjectKey::cluster(Kind::ClusterRole, name),
    };
    Object::Role(Role {
        meta: Meta::bare(key),
        rules: rules.into(),
        aggregation: None,
        assumed: false,
    })
}

/// A binding to a role (true: `ClusterRole`) of subjects in the notation of the command line.
pub(crate) fn bind(
    namespace: Option<&str>,
    name: &str,
    role: (bool, &str),
    subjects: &[&str],
) -> Object {
    let key = match namespace {
        Some(namespace) => ObjectKey::namespaced(Kind::RoleBinding, namespace, name),
        None => ObjectKey::cluster(Kind::ClusterRoleBinding, name),
    };
    Object::Binding(Binding {
        meta: Meta::bare(key),
        role: RoleRef {
            cluster: role.0,
            name: role.1.into(),
        },
        subjects: subjects
            .iter()
            .map(|s| Subject::parse(s).unwrap())
            .collect(),
        assumed: false,
    })
}
