//! The demo as it stands: its objects, what its login sees of them, and what differs from what was sent before.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde_json::Value;

use super::cluster::{Cluster, Ident};
use super::derive::derive;
use super::login::Login;
use super::timeline::Step;
use crate::model::sight::State;
use crate::model::{Batch, Delta, Kind, Object, ObjectKey, ObjectKind, Sight};
use crate::source::files::assumed;
use crate::source::wire::{Pool, decode_value};

/// The demo as it stands.
pub(super) struct Play {
    cluster: Cluster,
    stock: Vec<Object>,
    pool: Pool,
    known: BTreeMap<ObjectKey, Arc<Object>>,
    login: Option<Login>,
    sight: Sight,
}

impl Play {
    pub(super) fn new(stock: Vec<Object>) -> Play {
        let mut cluster = Cluster::default();
        for document in in_order().into_iter().flat_map(documents) {
            cluster.apply(document);
        }
        for document in documents("status.yaml") {
            cluster.status(&document);
        }
        let login = Login::read();
        let sight = login.as_ref().map_or_else(Sight::complete, Login::sight);
        Play {
            cluster,
            stock,
            pool: Pool::new(),
            known: BTreeMap::new(),
            login,
            sight,
        }
    }

    /// Everything at once.
    pub(super) fn opening(&mut self) -> Batch {
        let mut batch = Batch::new();
        if let Some(login) = &self.login {
            batch.push(Delta::Cluster(Box::new(login.cluster())));
        }
        batch.extend(self.changes());
        for kind in Kind::all() {
            let state = self.sight.state(kind, None).clone();
            batch.push(Delta::State {
                kind,
                namespace: None,
                state,
            });
            for (namespace, state) in self.sight.narrow(kind) {
                batch.push(Delta::State {
                    kind,
                    namespace: Some(namespace.clone()),
                    state: state.clone(),
                });
            }
        }
        batch
    }

    /// A step happens. What came of it at once, and the Deployments whose pods are to be replaced.
    pub(super) fn happen(&mut self, step: &Step) -> (Batch, Vec<Ident>) {
        let mut rolling = Vec::new();
        for object in &step.apply {
            rolling.extend(self.cluster.apply(object.clone()));
        }
        step.status
            .iter()
            .for_each(|status| self.cluster.status(status));
        step.delete
            .iter()
            .for_each(|reference| self.cluster.delete(reference));
        let mut batch = self.changes();
        batch.insert(0, Delta::Note(step.says.clone()));
        (batch, rolling)
    }

    /// Old pods of a Deployment that are still to be replaced; none while it is paused.
    pub(super) fn old_pods(&self, id: &Ident) -> usize {
        let paused = self
            .cluster
            .get(id)
            .is_none_or(|m| m["spec"]["paused"] == true);
        let count = self.cluster.rolling.get(id).map_or(0, |(_, pods)| *pods);
        if paused { 0 } else { count }
    }

    /// One old pod less, and what came of it.
    pub(super) fn roll(&mut self, id: &Ident) -> Batch {
        match self.cluster.rolling.get_mut(id) {
            Some((_, pods)) if *pods > 1 => *pods -= 1,
            _ => drop(self.cluster.rolling.remove(id)),
        }
        self.changes()
    }

    /// What differs from what was sent before.
    fn changes(&mut self) -> Batch {
        let mut now: BTreeMap<ObjectKey, Arc<Object>> = BTreeMap::new();
        for value in derive(&self.cluster) {
            if let Some(object) = decode(&value, &mut self.pool) {
                now.insert(object.key().clone(), Arc::new(object));
            }
        }
        for object in &self.stock {
            now.entry(object.key().clone())
                .or_insert_with(|| Arc::new(object.clone()));
        }
        // As in every cluster, each namespace has an account `default`.
        let objects: Vec<Object> = now.values().map(|object| (**object).clone()).collect();
        for object in assumed(&objects) {
            now.insert(object.key().clone(), Arc::new(object));
        }
        now.retain(|key, _| visible(&self.sight, key));
        let mut batch = Batch::new();
        for (key, object) in &now {
            if self.known.get(key) != Some(object) {
                batch.push(Delta::Put(object.clone()));
            }
        }
        batch.extend(
            self.known
                .keys()
                .filter(|k| !now.contains_key(*k))
                .cloned()
                .map(Delta::Gone),
        );
        self.known = now;
        batch
    }
}

fn visible(sight: &Sight, key: &ObjectKey) -> bool {
    let place = key.namespace.as_deref();
    key.known()
        .is_some_and(|kind| !matches!(sight.state(kind, place), State::Blind(_)))
}

fn decode(value: &Value, pool: &mut Pool) -> Option<Object> {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let kind =
        ObjectKind::from_manifest(&text(&value["apiVersion"]), &text(&value["kind"])).known()?;
    // A ReplicaSet with an owner comes as metadata from a server; here it is the same.
    let owned = kind == Kind::ReplicaSet && value["metadata"]["ownerReferences"].is_array();
    if owned {
        let mut meta = value.clone();
        meta.as_object_mut()?.remove("spec");
        return crate::source::wire::decode_meta(kind, &meta.to_string(), pool).ok();
    }
    decode_value(kind, value, pool).ok()
}

/// Names of the manifest files: cluster, nodes, namespaces by name, admission.
fn in_order() -> Vec<&'static str> {
    const FIRST: [&str; 2] = ["cluster.yaml", "nodes.yaml"];
    const APART: [&str; 4] = [
        "admission.yaml",
        "status.yaml",
        "timeline.yaml",
        "blind.yaml",
    ];
    let others = super::FILES
        .iter()
        .map(|(name, ..)| *name)
        .filter(|n| !FIRST.contains(n) && !APART.contains(n));
    FIRST
        .into_iter()
        .chain(others)
        .chain(["admission.yaml"])
        .collect()
}

fn documents(name: &str) -> Vec<Value> {
    serde_saphyr::from_multiple(super::file(name)).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::super::timeline::Timeline;
    use super::*;

    #[test]
    fn every_embedded_file_reads_and_every_object_decodes() {
        let play = Play::new(Vec::new());
        assert!(Login::read().is_some() && Timeline::read().is_some());
        for name in in_order() {
            assert!(!documents(name).is_empty(), "{name}");
        }
        let mut pool = Pool::new();
        for value in derive(&play.cluster) {
            let kind = ObjectKind::from_manifest(
                value["apiVersion"].as_str().unwrap(),
                value["kind"].as_str().unwrap(),
            );
            if kind.known().is_some() {
                assert!(decode(&value, &mut pool).is_some(), "{value:#}");
            }
        }
    }

    #[test]
    fn the_timeline_ends_where_it_began() {
        let mut play = Play::new(Vec::new());
        play.opening();
        let before = play.known.clone();
        for step in &Timeline::read().unwrap().steps {
            for id in play.happen(step).1 {
                while play.old_pods(&id) > 0 {
                    play.roll(&id);
                }
            }
        }
        let differing: Vec<String> = before
            .iter()
            .filter(|(k, o)| play.known.get(*k) != Some(*o))
            .map(|(k, _)| k.to_string())
            .chain(
                play.known
                    .keys()
                    .filter(|k| !before.contains_key(*k))
                    .map(ToString::to_string),
            )
            .collect();
        assert!(differing.is_empty(), "{differing:?}");
    }

    #[test]
    fn what_the_login_may_not_see_never_leaves_the_source() {
        let mut play = Play::new(Vec::new());
        let batch = play.opening();
        let hidden = batch.iter().any(|d| match d {
            Delta::Put(o) => {
                o.key().namespace.as_deref() == Some("data") && o.kind() == Kind::RoleBinding
            }
            _ => false,
        });
        assert!(!hidden);
    }
}
