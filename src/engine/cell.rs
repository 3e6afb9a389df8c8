//! A cell: what one rule says of one namespace (or of the cluster scope).

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::model::{Missing, ObjectKey};
use crate::view::Reads;

/// What a rule says of one subject. A subject that is clear has no outcome.
#[derive(Clone, Debug, PartialEq)]
pub struct Outcome<T> {
    /// Findings or instances.
    pub items: Vec<T>,
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
#[derive(Clone, Debug, PartialEq)]
pub struct Cell<T> {
    /// Outcomes that are not clear, by subject; `None` is the cluster as a whole.
    pub outcomes: BTreeMap<Option<ObjectKey>, Arc<Outcome<T>>>,
    /// What the evaluations of this cell read, beside their subjects.
    pub reads: Reads,
}

impl<T> Default for Cell<T> {
    fn default() -> Self {
        Cell {
            outcomes: BTreeMap::new(),
            reads: Reads::default(),
        }
    }
}

impl<T> Cell<T> {
    /// Records what one evaluation said.
    pub fn set(&mut self, subject: Option<ObjectKey>, outcome: Outcome<T>, reads: &Reads) {
        self.reads.merge(reads);
        if outcome.is_clear() {
            self.outcomes.remove(&subject);
        } else {
            self.outcomes.insert(subject, Arc::new(outcome));
        }
    }
}
