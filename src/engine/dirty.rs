//! What a batch dirties: subjects, and cells that read something that changed.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::Cell;
use super::touch::Touch;
use super::touched::Touched;
use crate::model::{Kind, Object, ObjectKey, Str};
use crate::threats::Scope;
use crate::view::{World, top_owner};

/// What of one cell must run again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Dirty {
    All,
    Some(BTreeSet<ObjectKey>),
}

impl Dirty {
    fn add(slot: &mut Option<Dirty>, key: &ObjectKey) {
        match slot {
            Some(Dirty::All) => {}
            Some(Dirty::Some(keys)) => drop(keys.insert(key.clone())),
            None => *slot = Some(Dirty::Some(BTreeSet::from([key.clone()]))),
        }
    }
}

/// What a batch dirties beside reads: subjects by namespace.
#[derive(Debug, Default)]
pub(super) struct Subjects {
    /// Workloads to run again; `None`: all of the namespace.
    pub(super) workloads: BTreeMap<Str, Option<BTreeSet<ObjectKey>>>,
    /// Objects, by the namespace that holds them (`""`: cluster scope).
    pub(super) objects: BTreeMap<Str, BTreeSet<ObjectKey>>,
    pub(super) namespaces: BTreeSet<Str>,
    pub(super) all: bool,
}

/// What of a cell must run again, if anything: its dirty subjects, and those that read something that was touched.
pub(super) fn dirty<S, T>(
    scope: &Scope<S>,
    space: &Str,
    cell: Option<&Cell<T>>,
    subjects: &Subjects,
    touched: &Touched,
) -> Option<Dirty> {
    if subjects.all {
        return Some(Dirty::All);
    }
    let mut slot = None;
    for subject in cell.into_iter().flat_map(|cell| cell.readers(touched)) {
        match (scope, subject) {
            (Scope::Pods(_) | Scope::Object(..), Some(key)) => Dirty::add(&mut slot, key),
            _ => return Some(Dirty::All),
        }
    }
    match scope {
        // A cell that read nothing is not kept: running it again costs nothing.
        Scope::Cluster(_) if cell.is_none() => slot = Some(Dirty::All),
        Scope::Cluster(_) | Scope::Paths(_) => {}
        Scope::Namespace(_) => {
            if subjects.namespaces.contains(space) {
                slot = Some(Dirty::All);
            }
        }
        Scope::Pods(_) => match subjects.workloads.get(space) {
            Some(None) => slot = Some(Dirty::All),
            Some(Some(keys)) => keys.iter().for_each(|key| Dirty::add(&mut slot, key)),
            None => {}
        },
        Scope::Object(kinds, _) => {
            for key in subjects.objects.get(space).into_iter().flatten() {
                if key.known().is_some_and(|kind| kinds.contains(&kind)) {
                    Dirty::add(&mut slot, key);
                }
            }
        }
    }
    slot
}

impl Subjects {
    /// Namespaces that hold a dirty subject.
    pub(super) fn spaces(&self) -> BTreeSet<Str> {
        let spaces = self.workloads.keys().chain(self.objects.keys());
        spaces.chain(&self.namespaces).cloned().collect()
    }

    /// What these touches dirty.
    pub(super) fn of(before: &World, world: &World, touched: &[Touch]) -> Subjects {
        let mut subjects = Subjects::default();
        for touch in touched {
            match touch {
                Touch::Everything => subjects.all = true,
                Touch::Sight(Kind::Pod, Some(namespace)) => {
                    drop(subjects.workloads.insert(namespace.clone(), None))
                }
                Touch::Sight(Kind::Pod, None) => {
                    for namespace in world.namespaces() {
                        subjects.workloads.insert(namespace, None);
                    }
                }
                Touch::Sight(..) => {}
                Touch::Object { key, old, new } => {
                    let home = key.namespace.clone().unwrap_or_default();
                    subjects
                        .objects
                        .entry(home)
                        .or_default()
                        .insert(key.clone());
                    match &key.namespace {
                        Some(namespace) => drop(subjects.namespaces.insert(namespace.clone())),
                        None if key.known() == Some(Kind::Namespace) => {
                            subjects.namespaces.insert(key.name.clone());
                        }
                        None => {}
                    }
                    subjects.workload(before, world, key, old.as_deref(), new.as_deref());
                }
            }
        }
        subjects
    }

    /// Marks the workloads that an object belongs to, before and now.
    fn workload(
        &mut self,
        before: &World,
        world: &World,
        key: &ObjectKey,
        old: Option<&Object>,
        new: Option<&Object>,
    ) {
        let (Some(kind), Some(namespace)) = (key.known(), &key.namespace) else {
            return;
        };
        let is_pod = kind == Kind::Pod;
        if !is_pod && !Kind::TEMPLATED.contains(&kind) {
            return;
        }
        // A ReplicaSet or Job that appears or goes can change who owns pods that are already here.
        let middle =
            matches!(kind, Kind::ReplicaSet | Kind::Job) && (old.is_none() || new.is_none());
        let owns_pods = |w: &World| {
            w.space(namespace)
                .is_some_and(|s| s.owned(&key.kind, &key.name).next().is_some())
        };
        if middle && (owns_pods(world) || owns_pods(before)) {
            self.workloads.insert(namespace.clone(), None);
            return;
        }
        let slot = self
            .workloads
            .entry(namespace.clone())
            .or_insert_with(|| Some(BTreeSet::new()));
        if let Some(keys) = slot {
            keys.insert(key.clone());
            // Without pods a middle one changes nothing of the workload above it.
            if !middle {
                keys.extend(old.map(|o| top_owner(before, o)));
                keys.extend(new.map(|o| top_owner(world, o)));
            }
        }
    }
}
