//! The cells of one family of rules: checks, or stories.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::{Cell, CellId};
use super::changed::{Pair, Pairs};
use super::dirty::{Dirty, dirty};
use super::evaluation::Update;
use super::readers::Readers;
use super::run_cell::{Runner, run_cell};
use super::touched::Touched;
use crate::model::{Kind, Str};
use crate::threats::Scope;

/// Cells by rule and namespace.
#[derive(Clone, Debug)]
pub struct Cells<T> {
    cells: BTreeMap<CellId, Arc<Cell<T>>>,
    readers: Arc<Readers>,
}

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Cells {
            cells: BTreeMap::new(),
            readers: Arc::default(),
        }
    }
}

impl<T: PartialEq> PartialEq for Cells<T> {
    /// Equal outcomes; what was read on the way to them may differ.
    fn eq(&self, other: &Self) -> bool {
        let spoken = |cells: &Self| -> Vec<(CellId, Arc<Cell<T>>)> {
            let spoken = cells.cells.iter().filter(|(_, c)| !c.outcomes.is_empty());
            spoken.map(|(k, v)| (k.clone(), v.clone())).collect()
        };
        let (a, b) = (spoken(self), spoken(other));
        let same = |a: &(CellId, Arc<Cell<T>>), b: &(CellId, Arc<Cell<T>>)| {
            a.0 == b.0 && a.1.outcomes == b.1.outcomes
        };
        a.len() == b.len() && a.iter().zip(&b).all(|(a, b)| same(a, b))
    }
}

impl<T: Clone + PartialEq> Cells<T> {
    /// Cells of one rule, with their namespaces.
    pub fn of(&self, at: usize) -> impl Iterator<Item = (&Str, &Cell<T>)> {
        self.cells
            .range((at, Str::from(""))..(at + 1, Str::from("")))
            .map(|((_, ns), cell)| (ns, &**cell))
    }

    /// One cell.
    pub fn get(&self, at: usize, namespace: &Str) -> Option<&Arc<Cell<T>>> {
        self.cells.get(&(at, namespace.clone()))
    }

    /// Namespaces of the cells that read something that was touched, by rule.
    pub(super) fn reading(&self, touched: &Touched) -> BTreeMap<usize, BTreeSet<Str>> {
        self.readers.of(touched)
    }

    /// Cells that do not say the same here and there: (here, there).
    pub(super) fn differing(&self, other: &Self) -> Pairs<T> {
        let ids: BTreeSet<&CellId> = self.cells.keys().chain(other.cells.keys()).collect();
        let pairs = ids.into_iter().map(|id| {
            let pair = Pair {
                old: self.cells.get(id).cloned(),
                new: other.cells.get(id).cloned(),
            };
            (id.clone(), pair)
        });
        pairs.filter(|(_, pair)| pair.differs()).collect()
    }

    /// Runs again what of a rule the update dirties: near its subjects, and in `spaces`, where something was touched that
    /// it read. Returns the cells that say something else now.
    pub(super) fn update<S>(
        &mut self,
        at: usize,
        scope: &Scope<S>,
        runner: &impl Runner<T>,
        update: &Update<'_>,
        mut spaces: BTreeSet<Str>,
    ) -> Pairs<T> {
        match scope {
            Scope::Cluster(_) | Scope::Paths(_) => drop(spaces.insert(Str::from(""))),
            _ => spaces.extend(near(scope, &update.near)),
        }
        let mut changed = Pairs::new();
        for space in spaces {
            let id = (at, space);
            let old = self.cells.get(&id).cloned();
            let cell = old.as_deref();
            let touched = match scope {
                Scope::Paths(_) => &update.built_on,
                _ => &update.touched,
            };
            let Some(dirty) = dirty(scope, &id.1, cell, &update.subjects, touched) else {
                continue;
            };
            let cell = run_cell(update, scope, &id.1, &dirty, cell, runner);
            let pair = Pair {
                old,
                new: (!cell.is_empty()).then(|| Arc::new(cell)),
            };
            self.store(&id, &pair, &dirty);
            if pair.differs() {
                changed.insert(id, pair);
            }
        }
        changed
    }

    /// Stores the new side of a cell. An empty one is not kept.
    fn store(&mut self, id: &CellId, pair: &Pair<T>, dirty: &Dirty) {
        let Some(cell) = &pair.new else {
            self.cells.remove(id);
            if self.readers.has(id) {
                Arc::make_mut(&mut self.readers).leave(id);
            }
            return;
        };
        for reads in cell.reads(dirty) {
            // most of the time it reads what it read before: an overlay then shares the index with its world
            if !self.readers.know(id, reads) {
                Arc::make_mut(&mut self.readers).enter(id, reads);
            }
        }
        self.cells.insert(id.clone(), cell.clone());
    }
}

/// Of these namespaces those in which a rule of this scope has cells.
fn near<S>(scope: &Scope<S>, spaces: &BTreeSet<Str>) -> Vec<Str> {
    let (wide, narrow) = match scope {
        Scope::Cluster(_) | Scope::Paths(_) => (true, false),
        Scope::Pods(_) | Scope::Namespace(_) => (false, true),
        Scope::Object(kinds, _) => {
            let namespaced = |kind: &Kind| kind.info().namespaced;
            (!kinds.iter().all(namespaced), kinds.iter().any(namespaced))
        }
    };
    let here = move |space: &&Str| if space.is_empty() { wide } else { narrow };
    spaces.iter().filter(here).cloned().collect()
}
