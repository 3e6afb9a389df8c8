//! A cell: what one rule says of one namespace (or of the cluster scope), and what it read to say it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::dirty::Dirty;
use super::touched::Touched;
use crate::model::{Missing, ObjectKey, Str};
use crate::view::Reads;

/// A rule's number in the registry, and a namespace (`""`: cluster scope).
pub type CellId = (usize, Str);

/// What a rule is asked about: an object, or `None` for the cluster as a whole.
pub type Asked = Option<ObjectKey>;

/// What a rule says of one subject. A subject that is clear has no outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T> {
    /// Findings or instances, shared with every snapshot that shows them.
    pub items: Vec<Arc<T>>,
    /// Not empty: beyond the items nothing can be claimed.
    pub unknown: Vec<Missing>,
}

impl<T> Outcome<T> {
    /// Nothing found, nothing hidden.
    pub fn is_clear(&self) -> bool {
        self.items.is_empty() && self.unknown.is_empty()
    }
}

/// One cell.
#[derive(Clone, Debug)]
pub struct Cell<T> {
    /// Outcomes that are not clear.
    pub outcomes: BTreeMap<Asked, Arc<Outcome<T>>>,
    /// What the evaluation of each subject read, beside the subject itself; neighbours that read the same share it.
    reads: BTreeMap<Asked, Arc<Reads>>,
}

impl<T> Default for Cell<T> {
    fn default() -> Self {
        Cell {
            outcomes: BTreeMap::new(),
            reads: BTreeMap::new(),
        }
    }
}

impl<T> Cell<T> {
    /// Records what one evaluation said.
    pub fn set(&mut self, subject: Asked, outcome: Outcome<T>, reads: Reads) {
        if reads.is_empty() {
            self.reads.remove(&subject);
        } else {
            let neighbour = self.reads.last_key_value().map(|(_, reads)| reads);
            let shared = neighbour.filter(|known| ***known == reads).cloned();
            let reads = shared.unwrap_or_else(|| Arc::new(reads));
            self.reads.insert(subject.clone(), reads);
        }
        if outcome.is_clear() {
            self.outcomes.remove(&subject);
        } else {
            self.outcomes.insert(subject, Arc::new(outcome));
        }
    }

    /// Forgets a subject.
    pub fn forget(&mut self, subject: &Asked) {
        self.outcomes.remove(subject);
        self.reads.remove(subject);
    }

    /// Says nothing and read nothing: not worth keeping.
    pub fn is_empty(&self) -> bool {
        self.outcomes.is_empty() && self.reads.is_empty()
    }

    /// What these subjects read; what neighbours share comes once.
    pub(super) fn reads(&self, of: &Dirty) -> Vec<&Reads> {
        let mut all: Vec<&Arc<Reads>> = match of {
            Dirty::All => self.reads.values().collect(),
            Dirty::Some(keys) => {
                let asked = keys.iter().map(|key| Some(key.clone()));
                asked.filter_map(|asked| self.reads.get(&asked)).collect()
            }
        };
        all.dedup_by(|a, b| Arc::ptr_eq(a, b));
        all.into_iter().map(|reads| &**reads).collect()
    }

    /// Subjects whose evaluation read something that was touched.
    pub fn readers(&self, touched: &Touched) -> impl Iterator<Item = &Asked> {
        let mut before: Option<(&Arc<Reads>, bool)> = None;
        self.reads.iter().filter_map(move |(subject, reads)| {
            let hit = match before {
                Some((same, hit)) if Arc::ptr_eq(same, reads) => hit,
                _ => touched.hits(reads),
            };
            before = Some((reads, hit));
            hit.then_some(subject)
        })
    }
}
