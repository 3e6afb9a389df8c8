//! Takes a right out of a role, and leaves the rest of its rules as they are.

use crate::model::change::RuleEdit;
use crate::model::objects::access::{Binding, Role, Rule};
use crate::semantics::rbac::rule::describe;
use crate::semantics::rbac::split::{Parted, Taken, without};
use crate::semantics::rbac::{role_key, role_of, stock};
use crate::threats::prelude::*;

/// Rights that a title names; more are counted.
const NAMED: usize = 2;

/// What becomes of a rule.
pub(crate) enum Narrowed {
    /// It stays.
    Kept,
    /// These rules take its place, and these rights go.
    To(Vec<Rule>, Vec<Rule>),
    /// A wildcard holds the right: it cannot be taken out alone.
    Inseparable,
}

/// Takes some rights out of a rule, one after the other.
pub(crate) fn take(rule: &Rule, all: &[Taken<'_>]) -> Narrowed {
    let mut rules = vec![rule.clone()];
    let mut gone = Vec::new();
    for taken in all {
        let mut next = Vec::new();
        for rule in rules {
            match without(&rule, taken) {
                Parted::Kept => next.push(rule),
                Parted::Rest(rest, part) => {
                    next.extend(rest);
                    gone.push(*part);
                }
                Parted::Inseparable => return Narrowed::Inseparable,
            }
        }
        rules = next;
    }
    if gone.is_empty() {
        Narrowed::Kept
    } else {
        Narrowed::To(rules, gone)
    }
}

/// Takes a right out of the role of a finding's binding; `None` where that is not possible.
pub(crate) fn narrow(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&Rule) -> Narrowed,
) -> Option<Remedy> {
    let (binding, _) = super::bound(finding, view)?;
    let role = role_of(view, binding).seen()?;
    if !is_ours(role) {
        return None;
    }
    let mut changes = Vec::new();
    let mut gone = Vec::new();
    // From the last rule to the first: a rule that goes moves those behind it.
    for (at, rule) in role.rules.iter().enumerate().rev() {
        let (then, taken) = match narrowed(rule) {
            Narrowed::Kept => continue,
            Narrowed::Inseparable => return None,
            Narrowed::To(then, taken) => (then, taken),
        };
        changes.push(Change::new(
            &role.meta.key,
            Edit::Rule(at, edit(rule, then)),
        ));
        gone.splice(0..0, taken);
    }
    if changes.is_empty() {
        return None;
    }
    let key = &role.meta.key;
    let remedy = Remedy::review(
        changes,
        format!("what subjects of {key} do with this right"),
    );
    let remedy = remedy.called(format!("take {} out of {key}", in_words(&gone)));
    Some(match shared_by(view, binding) {
        0 => remedy,
        others => remedy.may_break(format!("{others} other bindings grant the same role")),
    })
}

pub(super) fn edit(rule: &Rule, mut then: Vec<Rule>) -> RuleEdit {
    let now = Box::new(rule.clone());
    if then.len() > 1 {
        return RuleEdit::Split(now, then.into());
    }
    match then.pop() {
        Some(one) => RuleEdit::Replace(now, Box::new(one)),
        None => RuleEdit::Remove(now),
    }
}

pub(super) fn in_words(gone: &[Rule]) -> String {
    let mut words: Vec<String> = gone.iter().map(describe).collect();
    words.dedup();
    let more = words.len().saturating_sub(NAMED);
    words.truncate(NAMED);
    let named = words.join(" and ");
    match more {
        0 => named,
        n => format!("{named} and {n} rights more"),
    }
}

/// Written by the people of this cluster: neither stock nor filled by the aggregation controller.
pub(super) fn is_ours(role: &Role) -> bool {
    role.aggregation.is_none() && stock::role_writer(role).is_none() && !role.assumed
}

/// Bindings of the same role, this one apart.
pub(super) fn shared_by(view: &View<'_>, binding: &Binding) -> usize {
    let role = role_key(binding);
    view.context(|view| {
        let wide = view.list(Kind::ClusterRoleBinding, "");
        let narrow = view.list_all(Kind::RoleBinding);
        wide.chain(narrow)
            .filter(|object| matches!(&***object, Object::Binding(b) if role_key(b) == role))
            .count()
            .saturating_sub(1)
    })
}
