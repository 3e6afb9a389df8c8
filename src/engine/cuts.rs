//! Cuts: single changes by how many working story instances they end, each value found by recomputing.

use std::collections::{BTreeMap, BTreeSet};

use super::diff::{Diff, InstanceId};
use super::stories::StoryState;
use crate::model::change::{Change, Edit, PodEdit};
use crate::model::{ObjectKey, Str};

/// Candidates that are recomputed at most; those that more instances name come first.
const TRIED: usize = 48;

/// Cuts that are kept.
const KEPT: usize = 20;

/// One cut.
#[derive(Clone, Debug, PartialEq)]
pub struct Cut {
    /// The changes, which a person would call one.
    pub changes: Vec<Change>,
    /// What it is, in a few words.
    pub says: String,
    /// Instances that it ends.
    pub ends: Vec<InstanceId>,
    /// Working instances in all, before.
    pub of: usize,
    /// Findings that it silences.
    pub silences: usize,
}

/// Candidates: every cut that a working instance names, and all cuts of one kind in one namespace together.
fn candidates(stories: &[StoryState]) -> Vec<(Vec<Change>, usize)> {
    let mut single: BTreeMap<String, (Change, usize)> = BTreeMap::new();
    let mut grouped: BTreeMap<(Str, &'static str), BTreeMap<String, Change>> = BTreeMap::new();
    let mut weight: BTreeMap<(Str, &'static str), usize> = BTreeMap::new();
    for cut in stories
        .iter()
        .flat_map(StoryState::working)
        .flat_map(|i| &i.steps)
        .flat_map(|s| &s.cuts)
    {
        let name = format!("{cut:?}");
        single
            .entry(name.clone())
            .or_insert_with(|| (cut.clone(), 0))
            .1 += 1;
        if let (Some(namespace), Some(kind)) = (&cut.object.namespace, groupable(&cut.edit)) {
            grouped
                .entry((namespace.clone(), kind))
                .or_default()
                .insert(name, cut.clone());
            *weight.entry((namespace.clone(), kind)).or_default() += 1;
        }
    }
    let mut all: Vec<(Vec<Change>, usize)> =
        single.into_values().map(|(c, n)| (vec![c], n)).collect();
    for (group, changes) in grouped {
        if changes.len() > 1 {
            let n = weight.get(&group).copied().unwrap_or_default();
            all.push((changes.into_values().collect(), n));
        }
    }
    all.sort_by_key(|(changes, n)| (std::cmp::Reverse(*n), changes.len()));
    all.truncate(TRIED);
    all
}

/// Edits that make sense for a whole namespace at once.
fn groupable(edit: &Edit) -> Option<&'static str> {
    match edit {
        Edit::Pod(PodEdit::Automount(false)) => Some("automount"),
        Edit::AccountAutomount(false) => Some("account-automount"),
        _ => None,
    }
}

/// The value of cuts, found one at a time: questions are answered in between, and what changes meanwhile starts it anew.
#[derive(Debug)]
pub(super) struct Search {
    todo: Vec<Vec<Change>>,
    found: Vec<Cut>,
    of: usize,
}

impl Search {
    /// Everything that is worth trying, the heaviest last.
    pub(super) fn new(stories: &[StoryState]) -> Search {
        let mut todo: Vec<Vec<Change>> = candidates(stories)
            .into_iter()
            .map(|(changes, _)| changes)
            .collect();
        todo.reverse();
        let of = stories.iter().map(|s| s.working().count()).sum();
        Search {
            todo,
            found: Vec::new(),
            of,
        }
    }

    /// Tries one. False: nothing was left to try.
    pub(super) fn step(&mut self, what_if: impl Fn(&[Change]) -> Diff) -> bool {
        let Some(changes) = self.todo.pop() else {
            return false;
        };
        let diff = what_if(&changes);
        if diff.ended.len() > diff.begun.len() {
            self.found.push(Cut {
                says: says(&changes),
                ends: diff.ended,
                of: self.of,
                silences: diff.closed.len(),
                changes,
            });
        }
        true
    }

    /// The cuts, best first: most instances ended, then fewest changes.
    pub(super) fn ranked(mut self) -> Vec<Cut> {
        self.found.sort_by(|a, b| {
            b.ends
                .len()
                .cmp(&a.ends.len())
                .then(a.changes.len().cmp(&b.changes.len()))
                .then(a.says.cmp(&b.says))
        });
        self.found.truncate(KEPT);
        self.found
    }
}

/// A cut in a few words.
fn says(changes: &[Change]) -> String {
    let Some(first) = changes.first() else {
        return String::new();
    };
    let objects: BTreeSet<&ObjectKey> = changes.iter().map(|c| &c.object).collect();
    let what = first.edit.says();
    match (objects.len(), &first.object.namespace) {
        (1, _) => format!("{what} in {}", first.object),
        (n, Some(namespace)) => format!("{what} in {namespace} ({n} objects)"),
        (n, None) => format!("{what} ({n} objects)"),
    }
}
