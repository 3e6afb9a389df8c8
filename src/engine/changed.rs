//! The cells that an update changed, before and after.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::{Cell, CellId};
use crate::model::{Finding, Str};
use crate::threats::Instance;

/// A cell before and after; one side may be absent.
#[derive(Clone, Debug)]
pub struct Pair<T> {
    /// Before.
    pub old: Option<Arc<Cell<T>>>,
    /// Now.
    pub new: Option<Arc<Cell<T>>>,
}

/// Cells whose outcomes differ.
pub type Pairs<T> = BTreeMap<CellId, Pair<T>>;

/// What an update changed.
#[derive(Clone, Debug, Default)]
pub struct Changed {
    /// Cells of checks.
    pub checks: Pairs<Finding>,
    /// Cells of stories.
    pub stories: Pairs<Instance>,
}

impl Changed {
    /// Namespaces (`""`: cluster scope) of changed cells of checks.
    pub fn spaces(&self) -> BTreeSet<Str> {
        self.checks.keys().map(|(_, space)| space.clone()).collect()
    }
}

impl<T: PartialEq> Pair<T> {
    /// True when what the cell says differs.
    pub fn differs(&self) -> bool {
        let silent =
            |side: &Option<Arc<Cell<T>>>| side.as_ref().is_none_or(|cell| cell.outcomes.is_empty());
        match (&self.old, &self.new) {
            (Some(old), Some(new)) => !Arc::ptr_eq(old, new) && old.outcomes != new.outcomes,
            (old, new) => !(silent(old) && silent(new)),
        }
    }
}
