//! Runs the dirty subjects of a cell: one way for checks and stories.

use super::cell::{Cell, Outcome};
use super::dirty::Dirty;
use super::evaluation::Update;
use super::ways::Surveyed;
use super::{run_check, run_story};
use crate::model::{Finding, Object, ObjectKey, Str};
use crate::threats::{Check, Instance, Scope, Story};
use crate::view::{Reads, Workload, World};

/// How a rule of one family runs on its subjects.
pub(super) trait Runner<T> {
    fn workload(&self, workload: &Workload<'_>) -> (Outcome<T>, Reads);
    fn object(&self, object: &Object) -> (Outcome<T>, Reads);
    fn namespace(&self, namespace: &str) -> (Outcome<T>, Reads);
    fn cluster(&self) -> (Outcome<T>, Reads);
    fn paths(&self) -> (Outcome<T>, Reads);
}

pub(super) struct CheckRunner<'r, 'u, 'a> {
    pub(super) world: &'a World,
    pub(super) check: &'static Check,
    pub(super) surveyed: &'r Surveyed<'u, 'a>,
}

pub(super) struct StoryRunner<'r, 'u, 'a> {
    pub(super) world: &'a World,
    pub(super) story: &'static Story,
    pub(super) surveyed: &'r Surveyed<'u, 'a>,
}

impl Runner<Finding> for CheckRunner<'_, '_, '_> {
    fn workload(&self, workload: &Workload<'_>) -> (Outcome<Finding>, Reads) {
        run_check::on_workload(self.world, self.check, workload)
    }
    fn object(&self, object: &Object) -> (Outcome<Finding>, Reads) {
        run_check::on_object(self.world, self.check, object)
    }
    fn namespace(&self, namespace: &str) -> (Outcome<Finding>, Reads) {
        run_check::on_namespace(self.world, self.check, namespace)
    }
    fn cluster(&self) -> (Outcome<Finding>, Reads) {
        run_check::on_cluster(self.world, self.check)
    }
    fn paths(&self) -> (Outcome<Finding>, Reads) {
        let (survey, reads) = self.surveyed.get();
        run_check::on_paths(self.world, self.check, survey, reads)
    }
}

impl Runner<Instance> for StoryRunner<'_, '_, '_> {
    fn workload(&self, workload: &Workload<'_>) -> (Outcome<Instance>, Reads) {
        run_story::on_workload(self.world, self.story, workload)
    }
    fn object(&self, object: &Object) -> (Outcome<Instance>, Reads) {
        run_story::on_object(self.world, self.story, object)
    }
    fn namespace(&self, namespace: &str) -> (Outcome<Instance>, Reads) {
        run_story::on_namespace(self.world, self.story, namespace)
    }
    fn cluster(&self) -> (Outcome<Instance>, Reads) {
        run_story::on_cluster(self.world, self.story)
    }
    fn paths(&self) -> (Outcome<Instance>, Reads) {
        let (survey, reads) = self.surveyed.get();
        run_story::on_paths(self.story, survey, reads)
    }
}

/// Runs the dirty subjects of a cell.
pub(super) fn run_cell<S, T: Clone>(
    update: &Update<'_>,
    scope: &Scope<S>,
    space: &Str,
    dirty: &Dirty,
    old: Option<&Cell<T>>,
    runner: &impl Runner<T>,
) -> Cell<T> {
    let world = update.world;
    let mut cell = match dirty {
        Dirty::All => Cell::default(),
        Dirty::Some(_) => old.cloned().unwrap_or_default(),
    };
    match (scope, dirty) {
        (Scope::Cluster(_), _) => {
            let (outcome, reads) = runner.cluster();
            cell.set(None, outcome, reads);
        }
        (Scope::Paths(_), _) => {
            let (outcome, reads) = runner.paths();
            cell.set(None, outcome, reads);
        }
        (Scope::Namespace(_), _) => {
            if world.has_namespace(space) {
                let (outcome, reads) = runner.namespace(space);
                cell.set(Some(ObjectKey::of_namespace(space)), outcome, reads);
            }
        }
        (Scope::Pods(_), Dirty::All) => {
            for workload in &*update.workloads.all(space) {
                let (outcome, reads) = runner.workload(workload);
                cell.set(Some(workload.key.clone()), outcome, reads);
            }
        }
        (Scope::Pods(_), Dirty::Some(keys)) => {
            for key in keys {
                cell.forget(&Some(key.clone()));
                if let Some(workload) = update.workloads.one(key) {
                    let (outcome, reads) = runner.workload(&workload);
                    cell.set(Some(key.clone()), outcome, reads);
                }
            }
        }
        (Scope::Object(kinds, _), Dirty::All) => {
            let tables = kinds
                .iter()
                .filter_map(|kind| world.space(space).map(|s| s.table(*kind)));
            for object in tables.flat_map(|t| t.values()) {
                let (outcome, reads) = runner.object(object);
                cell.set(Some(object.key().clone()), outcome, reads);
            }
        }
        (Scope::Object(..), Dirty::Some(keys)) => {
            for key in keys {
                cell.forget(&Some(key.clone()));
                if let Some(object) = world.get(key) {
                    let (outcome, reads) = runner.object(object);
                    cell.set(Some(key.clone()), outcome, reads);
                }
            }
        }
    }
    cell
}
