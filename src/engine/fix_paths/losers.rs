//! Who holds less after changes of roles and bindings.

use std::collections::BTreeSet;

use crate::model::change::Change;
use crate::model::objects::access::{Binding, Rule};
use crate::model::{Kind, Object, ObjectKey, Subject};
use crate::semantics::rbac::{Held, Identity, Scope, covers, held, role_key};
use crate::view::{View, World};

pub(super) fn bindings(world: &World) -> impl Iterator<Item = &Binding> {
    let kinds = [Kind::ClusterRoleBinding, Kind::RoleBinding];
    let objects = world.spaces().flat_map(move |(_, space)| {
        kinds
            .into_iter()
            .flat_map(|kind| space.table(kind).values())
    });
    objects.filter_map(|object| match &**object {
        Object::Binding(binding) => Some(binding),
        _ => None,
    })
}

/// Who holds less afterwards. A right counts as kept where another rule of theirs covers it.
pub(super) fn losers(before: &World, after: &World, changes: &[Change]) -> BTreeSet<Subject> {
    let changed: BTreeSet<&ObjectKey> = changes.iter().map(|change| &change.object).collect();
    let touched = bindings(before)
        .filter(|b| changed.contains(&b.meta.key) || changed.contains(&role_key(b)));
    let named: BTreeSet<&Subject> = touched.flat_map(|binding| &binding.subjects).collect();
    let (now, then) = (View::new(before), View::new(after));
    let loses = |subject: &&Subject| {
        let who = Identity::of(subject);
        let (had, has) = (held(&now, &who), held(&then, &who));
        let mut clauses = had.grants.iter().flat_map(|grant| grant.clauses());
        clauses.any(|clause| {
            let scope = clause.grant.scope();
            !covers(rules(&has, scope), clause.rule)
        })
    };
    named.into_iter().filter(loses).cloned().collect()
}

/// Rules that count in a scope as a whole.
fn rules<'a>(held: &Held<'a>, scope: Scope<'a>) -> Vec<&'a Rule> {
    held.clauses(scope).map(|clause| clause.rule).collect()
}
