//! A copy of a role without one right, for one subject: the role stays as it is for everybody else.
//!
//! This is how a role that is not to be edited is narrowed: one that Kubernetes writes at each start, one that is put together
//! from others, or one that others hold too.

use super::narrow::{Narrowed, in_words, is_ours, shared_by};
use crate::model::Meta;
use crate::model::objects::access::{Binding, Role, RoleRef, Rule};
use crate::semantics::rbac::role_of;
use crate::threats::prelude::*;

/// Binds the subject to a copy of the role that lacks a right, in place of the role. `None` where a wildcard holds the right,
/// where nothing else is left, and where nobody but the subject holds a role that can be edited.
pub(crate) fn copied(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&Rule) -> Narrowed,
) -> Option<Remedy> {
    let (binding, subject) = super::bound(finding, view)?;
    let role = role_of(view, binding).seen()?;
    let alone = binding.subjects.len() == 1 && shared_by(view, binding) == 0;
    if is_ours(role) && alone {
        return None;
    }
    let (mut rules, mut gone) = (Vec::new(), Vec::new());
    for rule in &role.rules {
        match narrowed(rule) {
            Narrowed::Kept => rules.push(rule.clone()),
            Narrowed::To(rest, taken) => {
                rules.extend(rest);
                gone.extend(taken);
            }
            Narrowed::Inseparable => return None,
        }
    }
    let namespace = binding.meta.key.namespace.as_deref();
    if namespace.is_some() {
        // The server refuses paths in a Role, and in a namespace they never counted.
        rules.retain(|rule| rule.urls.is_empty());
    }
    if rules.is_empty() || gone.is_empty() {
        return None;
    }
    let pair = if namespace.is_some() {
        (Kind::Role, Kind::RoleBinding)
    } else {
        (Kind::ClusterRole, Kind::ClusterRoleBinding)
    };
    let copy = Role {
        meta: Meta::bare(free_key(view, pair.0, namespace, &role.meta.key.name)?),
        rules: rules.into(),
        aggregation: None,
        assumed: false,
    };
    let bound = Binding {
        meta: Meta::bare(free_key(view, pair.1, namespace, &binding.meta.key.name)?),
        role: RoleRef {
            cluster: namespace.is_none(),
            name: copy.meta.key.name.clone(),
        },
        subjects: Box::new([subject.clone()]),
        assumed: false,
    };
    let title = format!(
        "bind {subject} to a copy of {} without {}",
        role.meta.key,
        in_words(&gone)
    );
    let changes = [
        Change::new(&copy.meta.key, Edit::CreateRole(Box::new(copy.clone()))),
        Change::new(
            &bound.meta.key,
            Edit::CreateBinding(Box::new(bound.clone())),
        ),
        Change::new(&binding.meta.key, Edit::RemoveSubject(subject.clone())),
    ];
    let remedy = Remedy::review(changes, format!("what {subject} does with this right"));
    let later = format!(
        "what is added to {} later does not reach the copy",
        role.meta.key
    );
    Some(remedy.called(title).note(later))
}

/// A name that is free: that of the other object, marked.
fn free_key(view: &View<'_>, kind: Kind, namespace: Option<&str>, name: &str) -> Option<ObjectKey> {
    let key = |name: String| match namespace {
        Some(namespace) => ObjectKey::namespaced(kind, namespace, &name),
        None => ObjectKey::cluster(kind, &name),
    };
    let numbered = (2..10).map(|n| key(format!("{name}-narrowed-{n}")));
    let mut all = std::iter::once(key(format!("{name}-narrowed"))).chain(numbered);
    all.find(|key| view.get(key) == Look::Absent)
}
