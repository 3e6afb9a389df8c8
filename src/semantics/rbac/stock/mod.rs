//! The roles and bindings that Kubernetes itself writes, recognised by content.
//!
//! A name proves nothing, and neither does the label `kubernetes.io/bootstrapping`: whoever may write the object may
//! write both. What counts is whether an object holds more than its stock twin: [`extra_rules`], [`extra_subjects`].
//! [`assumed`] gives the stock objects as facts, for worlds that come from files.

mod assumed;
mod minors;
mod table;

use super::covers::covers;
use super::grants::role_key;
use crate::model::objects::access::{Binding, Role, Rule};
use crate::model::{Kind, ObjectKey, ServerVersion};

pub use assumed::assumed;
pub use table::Writer;

/// Indexes of the rules that a role holds beyond its stock twin; `None` when it has no twin. The stock part of an
/// aggregated role is what the stock parts fill in; what add-ons aggregate into it is extra.
pub fn extra_rules(role: &Role) -> Option<Vec<usize>> {
    let twin = table::TABLE.roles.get(&role.meta.key)?;
    let rules = role.rules.iter().enumerate();
    Some(
        rules
            .filter(|(_, rule)| !twin.whole.contains(rule) && !covers(&twin.whole, rule))
            .map(|(at, _)| at)
            .collect(),
    )
}

/// Indexes of the subjects that a binding names beyond its stock twin; `None` when it has no twin, or when it refers to
/// another role than that (it was deleted and made anew: `roleRef` cannot be edited).
pub fn extra_subjects(binding: &Binding) -> Option<Vec<usize>> {
    let twin = table::TABLE.bindings.get(&binding.meta.key)?;
    if twin.role != binding.role {
        return None;
    }
    let subjects = binding.subjects.iter().enumerate();
    Some(
        subjects
            .filter(|(_, subject)| !twin.subjects.contains(subject))
            .map(|(at, _)| at)
            .collect(),
    )
}

/// The rules of a stock cluster role, those of alpha and beta features included; none for another name.
pub fn rules_of(name: &str) -> &'static [Rule] {
    let key = ObjectKey::cluster(Kind::ClusterRole, name);
    table::TABLE.roles.get(&key).map_or(&[], |role| &role.whole)
}

/// The rules of a stock cluster role that is not aggregated, as an API server of this version writes them; none for another
/// name.
pub fn rules_at(
    name: &str,
    version: Option<&ServerVersion>,
) -> impl Iterator<Item = &'static Rule> {
    let minor = minors::nearest(version);
    let key = ObjectKey::cluster(Kind::ClusterRole, name);
    let role = table::TABLE.roles.get(&key);
    role.into_iter()
        .flat_map(move |role| role.written_by(minor))
}

/// Who writes a role of this name; the content may be another.
pub fn role_writer(role: &Role) -> Option<Writer> {
    table::TABLE.roles.get(&role.meta.key).map(|r| r.writer)
}

/// Who writes a binding of this name to this role; its subjects may be others.
pub fn binding_writer(binding: &Binding) -> Option<Writer> {
    let twin = table::TABLE.bindings.get(&binding.meta.key)?;
    (twin.role == binding.role).then_some(twin.writer)
}

/// The binding and its role are stock and hold nothing more than that. (`role`: what the binding resolves to.)
pub fn is_untouched(binding: &Binding, role: &Role) -> bool {
    role_key(binding) == role.meta.key
        && extra_subjects(binding).is_some_and(|extra| extra.is_empty())
        && extra_rules(role).is_some_and(|extra| extra.is_empty())
}
