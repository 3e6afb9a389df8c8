//! All cells, and which of them a change can affect.
//!
//! A subject is run again when it itself changed; a whole cell when something changed that its evaluations read. Both
//! give the same as running everything (a property test holds that). Cloning shares every cell: a what-if clones, updates
//! over an overlay, and compares.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::cell::Cell;
use super::dirty::{Subjects, dirty};
use super::run_cell::{CheckRunner, Runner, StoryRunner, run_cell};
use super::touch::Touch;
use crate::model::{Finding, Kind, Str};
use crate::threats::{self, Check, Instance, Scope, Story};
use crate::view::World;

/// A rule's number in the registry, and a namespace (`""`: cluster scope).
pub type CellId = (usize, Str);

/// The cells of one family of rules.
#[derive(Clone, Debug)]
pub struct Cells<T> {
    cells: BTreeMap<CellId, Arc<Cell<T>>>,
    /// Kinds that any cell of a rule ever read: a touched kind that is not among them cannot matter to the rule.
    kinds: BTreeMap<usize, BTreeSet<Kind>>,
}

impl<T> Default for Cells<T> {
    fn default() -> Self {
        Cells {
            cells: BTreeMap::new(),
            kinds: BTreeMap::new(),
        }
    }
}

impl<T: PartialEq> PartialEq for Cells<T> {
    /// Equal outcomes; what was read on the way to them may differ.
    fn eq(&self, other: &Self) -> bool {
        let outcomes = |cells: &Self| -> Vec<(CellId, Arc<Cell<T>>)> {
            cells
                .cells
                .iter()
                .filter(|(_, c)| !c.outcomes.is_empty())
                .map(|(k, v)| (k.clone(), v.clone()))
                .collect()
        };
        let (a, b) = (outcomes(self), outcomes(other));
        a.len() == b.len()
            && a.iter()
                .zip(&b)
                .all(|(a, b)| a.0 == b.0 && a.1.outcomes == b.1.outcomes)
    }
}

/// Every cell of every check and story.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// Cells of checks.
    pub checks: Cells<Finding>,
    /// Cells of stories.
    pub stories: Cells<Instance>,
}

/// The checks that run, with their numbers.
pub fn check_rules() -> impl Iterator<Item = (usize, &'static Check)> {
    threats::checks().iter().map(|entry| entry.rule).enumerate()
}

/// The stories that run, with their numbers.
pub fn story_rules() -> impl Iterator<Item = (usize, &'static Story)> {
    threats::stories()
        .iter()
        .map(|entry| entry.rule)
        .enumerate()
}

/// A cell on both sides; one may be absent.
pub type Differing<'a, T> = (&'a CellId, Side<'a, T>, Side<'a, T>);

/// One side of a difference.
pub type Side<'a, T> = Option<&'a Arc<Cell<T>>>;

/// What one update works on.
struct Update<'a> {
    world: &'a World,
    touched: &'a [Touch],
    touched_kinds: BTreeSet<Kind>,
    subjects: Subjects,
    /// Namespaces that hold a dirty subject.
    near: BTreeSet<Str>,
    /// Every namespace, before and now, and the cluster scope.
    far: BTreeSet<Str>,
    changed: BTreeSet<Str>,
}

impl Evaluation {
    /// Runs everything.
    pub fn fresh(world: &World) -> Evaluation {
        let mut evaluation = Evaluation::default();
        evaluation.update(world, world, &[Touch::Everything]);
        evaluation
    }

    /// Runs one check or story alone: for questions about it, and for tests.
    pub fn of_rule(world: &World, id: &str) -> Evaluation {
        let mut evaluation = Evaluation::default();
        evaluation.run(world, world, &[Touch::Everything], Some(id));
        evaluation
    }

    /// Runs again what these touches can affect; `before` is the world that the cells were true of. Returns the
    /// namespaces whose outcomes changed.
    pub fn update(&mut self, before: &World, world: &World, touched: &[Touch]) -> BTreeSet<Str> {
        self.run(before, world, touched, None)
    }

    fn run(
        &mut self,
        before: &World,
        world: &World,
        touched: &[Touch],
        only: Option<&str>,
    ) -> BTreeSet<Str> {
        let wanted = |id: &str| only.is_none_or(|only| only == id);
        // A namespace also exists by what lives in it: its coming and going is seen here, whatever brought it.
        let appeared = before.namespaces() != world.namespaces();
        let also = appeared.then_some(Touch::Sight(Kind::Namespace, None));
        let touched: Vec<Touch> = touched.iter().cloned().chain(also).collect();
        let touched = touched.as_slice();
        let subjects = Subjects::of(before, world, touched);
        let mut far: BTreeSet<Str> = world
            .namespaces()
            .into_iter()
            .chain(before.namespaces())
            .collect();
        far.insert(Str::from(""));
        let mut update = Update {
            world,
            touched,
            touched_kinds: touched.iter().filter_map(Touch::kind).collect(),
            near: subjects.spaces(),
            subjects,
            far,
            changed: BTreeSet::new(),
        };
        if update.subjects.all {
            update.changed.clone_from(&update.far);
            *self = Evaluation::default();
        }
        for (at, check) in check_rules().filter(|(_, c)| wanted(c.id)) {
            self.checks
                .update(at, &check.scope, &CheckRunner { world, check }, &mut update);
        }
        for (at, story) in story_rules().filter(|(_, s)| wanted(s.id)) {
            self.stories
                .update(at, &story.scope, &StoryRunner { world, story }, &mut update);
        }
        update.changed
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

    /// Cells that are not the same in both, by identity of the shared cell: (id, this side, other side).
    pub fn differing<'a>(&'a self, other: &'a Self) -> impl Iterator<Item = Differing<'a, T>> {
        let ids: BTreeSet<&CellId> = self.cells.keys().chain(other.cells.keys()).collect();
        ids.into_iter().filter_map(|id| {
            let (a, b) = (self.cells.get(id), other.cells.get(id));
            let same = match (a, b) {
                (Some(a), Some(b)) => Arc::ptr_eq(a, b),
                _ => false,
            };
            (!same).then_some((id, a, b))
        })
    }

    fn update<S>(
        &mut self,
        at: usize,
        scope: &Scope<S>,
        runner: &impl Runner<T>,
        update: &mut Update<'_>,
    ) {
        let everywhere = update.subjects.all
            || self
                .kinds
                .get(&at)
                .is_some_and(|kinds| !kinds.is_disjoint(&update.touched_kinds));
        let spaces = if everywhere {
            &update.far
        } else {
            &update.near
        };
        for space in places(scope, spaces) {
            let id = (at, space.clone());
            let old = self.cells.get(&id).cloned();
            let reads = old.as_ref().map(|cell| &cell.reads);
            let Some(dirty) = dirty(scope, &space, reads, &update.subjects, update.touched) else {
                continue;
            };
            let cell = run_cell(update.world, scope, &space, &dirty, old.as_deref(), runner);
            if self.store(id, cell, old.as_deref()) {
                update.changed.insert(space);
            }
        }
    }

    /// Stores a cell and says whether its outcomes changed. An empty one that read nothing is dropped.
    fn store(&mut self, id: CellId, cell: Cell<T>, old: Option<&Cell<T>>) -> bool {
        let differs = old.map_or(!cell.outcomes.is_empty(), |old| {
            old.outcomes != cell.outcomes
        });
        let kinds = self.kinds.entry(id.0).or_default();
        kinds.extend(cell.reads.iter().map(|place| place.kind));
        if cell.outcomes.is_empty() && cell.reads.iter().next().is_none() {
            self.cells.remove(&id);
        } else if differs || old.is_none_or(|old| old.reads != cell.reads) {
            self.cells.insert(id, Arc::new(cell));
        }
        differs
    }
}

/// The namespaces in which a rule of this scope has cells.
fn places<S>(scope: &Scope<S>, spaces: &BTreeSet<Str>) -> Vec<Str> {
    match scope {
        Scope::Cluster(_) => vec![Str::from("")],
        Scope::Pods(_) | Scope::Namespace(_) => {
            spaces.iter().filter(|s| !s.is_empty()).cloned().collect()
        }
        Scope::Object(kinds, _) => {
            let wide = kinds.iter().any(|k| !k.info().namespaced);
            let narrow = kinds.iter().any(|k| k.info().namespaced);
            spaces
                .iter()
                .filter(|s| if s.is_empty() { wide } else { narrow })
                .cloned()
                .collect()
        }
    }
}
