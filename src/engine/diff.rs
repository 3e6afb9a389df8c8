//! The difference between two evaluations: what a change opens and closes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::Cell;
use super::evaluation::Evaluation;
use crate::model::{Finding, FindingId, Severity};
use crate::threats::{self, Actor, Instance};

/// A story instance by name.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct InstanceId {
    /// Id of the story.
    pub story: &'static str,
    /// Who acts.
    pub actor: Actor,
}

/// What differs.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Diff {
    /// Findings that fire only after.
    pub opened: Vec<(FindingId, Severity)>,
    /// Findings that fired only before.
    pub closed: Vec<(FindingId, Severity)>,
    /// Instances that work only after.
    pub begun: Vec<InstanceId>,
    /// Instances that worked only before.
    pub ended: Vec<InstanceId>,
}

impl Diff {
    /// Compares two evaluations; cells that both share are not looked into.
    pub fn between(before: &Evaluation, after: &Evaluation) -> Diff {
        let mut diff = Diff::default();
        for (_, old, new) in before.checks.differing(&after.checks) {
            let (old, new) = (findings(old), findings(new));
            diff.opened.extend(
                new.iter()
                    .filter(|(id, _)| !old.contains_key(*id))
                    .map(|(id, s)| ((*id).clone(), *s)),
            );
            diff.closed.extend(
                old.iter()
                    .filter(|(id, _)| !new.contains_key(*id))
                    .map(|(id, s)| ((*id).clone(), *s)),
            );
        }
        for ((at, _), old, new) in before.stories.differing(&after.stories) {
            let Some(entry) = threats::stories().get(*at) else {
                continue;
            };
            let id = |actor: &Actor| InstanceId {
                story: entry.rule.id,
                actor: actor.clone(),
            };
            let (old, new) = (working(old), working(new));
            diff.begun
                .extend(new.difference(&old).map(|actor| id(actor)));
            diff.ended
                .extend(old.difference(&new).map(|actor| id(actor)));
        }
        diff.opened.sort();
        diff.closed.sort();
        diff.begun.sort();
        diff.ended.sort();
        diff
    }

    /// True when nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Diff::default()
    }
}

fn findings(cell: Option<&Arc<Cell<Finding>>>) -> BTreeMap<&FindingId, Severity> {
    let outcomes = cell.into_iter().flat_map(|c| c.outcomes.values());
    outcomes
        .flat_map(|o| o.items.iter())
        .map(|f| (&f.id, f.severity))
        .collect()
}

fn working(cell: Option<&Arc<Cell<Instance>>>) -> BTreeSet<&Actor> {
    let outcomes = cell.into_iter().flat_map(|c| c.outcomes.values());
    outcomes
        .flat_map(|o| o.items.iter())
        .filter(|i| i.works())
        .map(|i| &i.actor)
        .collect()
}
