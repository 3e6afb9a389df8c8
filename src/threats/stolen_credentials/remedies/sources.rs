//! An aggregated role is narrowed where its rules come from: in the cluster roles that fill it.
//!
//! The controller then writes the rules of every role that they fill anew. The changes hold that too, so that recomputing sees
//! what will be; only the sources are printed.

use std::collections::BTreeMap;

use super::narrow::{Narrowed, edit, in_words, is_ours};
use crate::model::objects::access::{Role, Rule};
use crate::semantics::rbac::role_of;
use crate::semantics::selectors;
use crate::threats::prelude::*;

/// Takes a right out of the cluster roles that fill the aggregated role of a finding's binding. `None` where one of them is not
/// to be edited either, or a wildcard holds the right.
pub(crate) fn narrow_sources(
    finding: &Finding,
    view: &View<'_>,
    narrowed: impl Fn(&Rule) -> Narrowed,
) -> Option<Remedy> {
    let (binding, _) = super::bound(finding, view)?;
    let role = role_of(view, binding).seen()?;
    role.aggregation.as_ref()?;
    let (all, hidden) = view.context(|view| {
        let hidden = view
            .world()
            .sight()
            .blind(Kind::ClusterRole, None)
            .is_some();
        (cluster_roles(view), hidden)
    });
    let touched = |rule: &Rule| !matches!(narrowed(rule), Narrowed::Kept);
    let sources = || all.iter().copied().filter(|part| fills(part, role));
    let edited: Vec<&Role> = sources()
        .filter(|part| part.rules.iter().any(touched))
        .collect();
    let sure = !hidden && !edited.is_empty() && edited.iter().all(|part| is_ours(part));
    // What the controller would not take out again: it came from a role that is gone.
    let filled = |rule: &&Rule| sources().any(|part| part.rules.contains(rule));
    if !sure || !role.rules.iter().filter(|r| touched(r)).all(|r| filled(&r)) {
        return None;
    }
    let mut then: BTreeMap<&Rule, Vec<Rule>> = BTreeMap::new();
    let (mut changes, mut gone) = (Vec::new(), Vec::new());
    for part in &edited {
        for (at, rule) in part.rules.iter().enumerate().rev() {
            match narrowed(rule) {
                Narrowed::Kept => {}
                Narrowed::Inseparable => return None,
                Narrowed::To(rest, taken) => {
                    then.insert(rule, rest.clone());
                    let edit = Edit::Rule(at, edit(rule, rest));
                    changes.push(Change::new(&part.meta.key, edit));
                    gone.splice(0..0, taken);
                }
            }
        }
    }
    let aggregated = all.iter().filter(|other| other.aggregation.is_some());
    for other in aggregated.filter(|other| edited.iter().any(|part| fills(part, other))) {
        // Another role may fill in the same rule.
        let stays = |rule: &Rule| {
            let others = all.iter().filter(|part| fills(part, other));
            let mut unedited = others.filter(|p| !edited.iter().any(|e| e.meta.key == p.meta.key));
            unedited.any(|part| part.rules.contains(rule))
        };
        for (at, rule) in other.rules.iter().enumerate().rev() {
            if let Some(rest) = then.get(rule).filter(|_| !stays(rule)) {
                let edit = Edit::Rule(at, edit(rule, rest.clone()));
                changes.push(Change::new(&other.meta.key, edit));
            }
        }
    }
    let names: Vec<String> = edited
        .iter()
        .map(|part| part.meta.key.to_string())
        .collect();
    let names = names.join(" and ");
    let remedy = Remedy::review(
        changes,
        format!("what subjects of {names}, and of every role that they fill, do with this right"),
    );
    let title = format!("take {} out of {names}", in_words(&gone));
    Some(remedy.called(format!("{title}, which fills {}", role.meta.key)))
}

fn cluster_roles<'a>(view: &View<'a>) -> Vec<&'a Role> {
    let all = view.list(Kind::ClusterRole, "");
    all.filter_map(|object| match &**object {
        Object::Role(role) => Some(role),
        _ => None,
    })
    .collect()
}

/// The controller takes rules of the one into the other.
pub(super) fn fills(part: &Role, role: &Role) -> bool {
    let selectors = role.aggregation.as_deref().unwrap_or_default();
    let picked = selectors
        .iter()
        .any(|s| selectors::matches(s, &part.meta.labels));
    picked && part.meta.key != role.meta.key
}
