//! The difference between two evaluations: what a change opens and closes.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::Cell;
use super::changed::Changed;
use super::evaluation::Evaluation;
use crate::model::{Finding, FindingId, ObjectKey, Part, Severity};
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
    /// Findings whose template is clear after: they stay for as long as pods of the old one live.
    pub lingering: Vec<(FindingId, Severity)>,
    /// Instances that work only after.
    pub begun: Vec<InstanceId>,
    /// Instances that worked only before.
    pub ended: Vec<InstanceId>,
}

impl Diff {
    /// Compares two evaluations.
    pub fn between(before: &Evaluation, after: &Evaluation) -> Diff {
        Diff::of(&before.changed_to(after))
    }

    /// What changed cells open and close.
    pub(super) fn of(changed: &Changed) -> Diff {
        let mut diff = Diff::default();
        for pair in changed.checks.values() {
            let (old, new) = (findings(pair.old.as_ref()), findings(pair.new.as_ref()));
            diff.opened.extend(only(&new, &old));
            diff.closed.extend(only(&old, &new));
            let lingers = |f: &&&Finding| {
                let before = old.get(&f.id);
                f.pods.only_live && before.is_some_and(|before| !before.pods.only_live)
            };
            let lingering = new.values().filter(lingers);
            diff.lingering
                .extend(lingering.map(|f| (f.id.clone(), f.severity)));
        }
        for ((at, _), pair) in &changed.stories {
            let Some(entry) = threats::stories().get(*at) else {
                continue;
            };
            let id = |actor: &Actor| InstanceId {
                story: entry.rule.id,
                actor: actor.clone(),
            };
            let (old, new) = (working(pair.old.as_ref()), working(pair.new.as_ref()));
            diff.begun
                .extend(new.difference(&old).map(|actor| id(actor)));
            diff.ended
                .extend(old.difference(&new).map(|actor| id(actor)));
        }
        diff.opened.sort();
        diff.closed.sort();
        diff.lingering.sort();
        diff.begun.sort();
        diff.ended.sort();
        diff
    }

    /// Adds what other rules say of the same change.
    pub(super) fn extend(&mut self, more: Diff) {
        fn add<T: Ord>(all: &mut Vec<T>, more: Vec<T>) {
            all.extend(more);
            all.sort();
            all.dedup();
        }
        add(&mut self.opened, more.opened);
        add(&mut self.closed, more.closed);
        add(&mut self.lingering, more.lingering);
        add(&mut self.begun, more.begun);
        add(&mut self.ended, more.ended);
    }

    /// One of the verdicts or stories is about this object.
    pub fn names(&self, object: &ObjectKey) -> bool {
        let findings = self
            .opened
            .iter()
            .chain(&self.closed)
            .chain(&self.lingering);
        let mut instances = self.begun.iter().chain(&self.ended);
        findings.into_iter().any(|(id, _)| id.object == *object)
            || instances.any(|i| matches!(&i.actor, Actor::Object(key) if key == object))
    }

    /// A finding that fires only after is one that has moved: the same was said of the same subject by another object, no less
    /// severe, and is not any more.
    pub fn has_moved(&self, id: &FindingId, severity: Severity) -> bool {
        let mut closed = self.closed.iter();
        matches!(id.part, Part::Subject(_))
            && closed
                .any(|(old, was)| old.check == id.check && old.part == id.part && *was >= severity)
    }

    /// The findings that have moved.
    pub fn moved(&self) -> impl Iterator<Item = &FindingId> {
        let opened = self.opened.iter();
        opened
            .filter(|(id, severity)| self.has_moved(id, *severity))
            .map(|(id, _)| id)
    }

    /// True when nothing differs.
    pub fn is_empty(&self) -> bool {
        *self == Diff::default()
    }
}

type Findings<'a> = BTreeMap<&'a FindingId, &'a Finding>;

/// Those of one side that the other has not.
fn only(these: &Findings<'_>, those: &Findings<'_>) -> Vec<(FindingId, Severity)> {
    let only = these.iter().filter(|(id, _)| !those.contains_key(*id));
    only.map(|(id, f)| ((*id).clone(), f.severity)).collect()
}

fn findings(cell: Option<&Arc<Cell<Finding>>>) -> Findings<'_> {
    let outcomes = cell.into_iter().flat_map(|c| c.outcomes.values());
    outcomes
        .flat_map(|o| o.items.iter())
        .map(|f| (&f.id, &**f))
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
