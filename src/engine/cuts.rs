//! Cuts: single changes by how many working story instances they end, each value found by recomputing.

use std::collections::BTreeMap;

use super::diff::{Diff, InstanceId};
use super::stories::StoryState;
use crate::model::change::{Change, Edit};

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

/// Candidates: every change that a working instance names, those first that more of them name.
fn candidates(stories: &[StoryState]) -> Vec<Change> {
    let mut named: BTreeMap<String, (Change, usize)> = BTreeMap::new();
    let steps = stories.iter().flat_map(StoryState::working);
    for cut in steps.flat_map(|i| &i.steps).flat_map(|step| &step.cuts) {
        let entry = named.entry(format!("{cut:?}"));
        entry.or_insert_with(|| (cut.clone(), 0)).1 += 1;
    }
    let mut all: Vec<(Change, usize)> = named.into_values().collect();
    all.sort_by_key(|(_, n)| std::cmp::Reverse(*n));
    all.truncate(TRIED);
    all.into_iter().map(|(change, _)| change).collect()
}

/// The value of cuts, found one at a time: questions are answered in between, and what changes meanwhile starts it anew.
#[derive(Debug)]
pub(super) struct Search {
    todo: Vec<Change>,
    found: Vec<Cut>,
    of: usize,
}

impl Search {
    /// Everything that is worth trying, the heaviest last.
    pub(super) fn new(stories: &[StoryState]) -> Search {
        let mut todo = candidates(stories);
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
        let Some(change) = self.todo.pop() else {
            return false;
        };
        let diff = what_if(std::slice::from_ref(&change));
        if diff.ended.len() > diff.begun.len() {
            self.found.push(Cut {
                says: change.says(),
                ends: diff.ended,
                of: self.of,
                silences: diff.closed.len(),
                changes: vec![change],
            });
        }
        true
    }

    /// The cuts, best first: most instances ended, then what breaks less.
    pub(super) fn ranked(mut self) -> Vec<Cut> {
        self.found.sort_by(|a, b| {
            b.ends
                .len()
                .cmp(&a.ends.len())
                .then(reach(&a.changes).cmp(&reach(&b.changes)))
                .then(a.says.cmp(&b.says))
        });
        self.found.truncate(KEPT);
        self.found
    }
}

/// Of two that end as much, what fewer others rest on comes first: a subject, a workload, then what many share.
fn reach(changes: &[Change]) -> u8 {
    let one = |change: &Change| match &change.edit {
        Edit::RemoveSubject(_) => 0,
        Edit::Pod(_) | Edit::Container(..) => 1,
        Edit::AccountAutomount(_) => 2,
        Edit::Rule(..) => 3,
        _ => 4,
    };
    changes.iter().map(one).max().unwrap_or_default()
}
