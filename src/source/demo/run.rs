//! Plays the demo: first look, then step after step.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use serde_json::Value;

use super::cluster::{Cluster, Ident};
use super::derive::derive;
use super::login::Login;
use super::timeline::{Step, Timeline};
use crate::model::sight::State;
use crate::model::{Batch, Delta, Kind, Object, ObjectKey, ObjectKind, Sight};
use crate::source::files::assumed;
use crate::source::wire::{Pool, decode_value};
use crate::source::{Command, Handle};

/// Between two pods of a rollout at least.
const SHORTEST: Duration = Duration::from_millis(50);

/// The demo as it stands.
struct Play {
    cluster: Cluster,
    stock: Vec<Object>,
    pool: Pool,
    known: BTreeMap<ObjectKey, Arc<Object>>,
    login: Option<Login>,
    sight: Sight,
}

/// Starts the demo. `stock` are the objects that every cluster of this version has.
pub fn start(stock: Vec<Object>, out: SyncSender<Batch>) -> std::io::Result<Handle> {
    let (handle, commands) = Handle::channel();
    std::thread::Builder::new()
        .name("demo".to_owned())
        .spawn(move || {
            let mut play = Play::new(stock);
            if out.send(play.opening()).is_err() {
                return;
            }
            let Some(timeline) = Timeline::read() else {
                return;
            };
            while perform(&mut play, &timeline, &commands, &out) {}
        })?;
    Ok(handle)
}

/// The demo's first moment as one batch: for `--demo` without a screen.
pub fn first_look(stock: Vec<Object>) -> Batch {
    Play::new(stock).opening()
}

/// Plays the timeline once; false when it must end.
fn perform(
    play: &mut Play,
    timeline: &Timeline,
    commands: &Receiver<Command>,
    out: &SyncSender<Batch>,
) -> bool {
    for step in &timeline.steps {
        if !pause(step.after, commands) || !act(play, step, commands, out) {
            return false;
        }
    }
    pause(timeline.again, commands)
}

/// Waits; false when told to stop.
fn pause(time: Duration, commands: &Receiver<Command>) -> bool {
    let watch = crate::clock::Stopwatch::start();
    loop {
        match commands.recv_timeout(time.saturating_sub(watch.elapsed())) {
            Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
        }
    }
}

fn act(
    play: &mut Play,
    step: &Step,
    commands: &Receiver<Command>,
    out: &SyncSender<Batch>,
) -> bool {
    let mut rolling = Vec::new();
    for object in &step.apply {
        rolling.extend(play.cluster.apply(object.clone()));
    }
    step.status
        .iter()
        .for_each(|status| play.cluster.status(status));
    step.delete
        .iter()
        .for_each(|reference| play.cluster.delete(reference));
    let mut batch = play.changes();
    batch.insert(0, Delta::Note(step.says.clone()));
    if out.send(batch).is_err() {
        return false;
    }
    rolling
        .into_iter()
        .all(|id| roll(play, &id, step.rollout, commands, out))
}

/// Replaces the old pods of a Deployment one by one, unless it is paused.
fn roll(
    play: &mut Play,
    id: &Ident,
    over: Duration,
    commands: &Receiver<Command>,
    out: &SyncSender<Batch>,
) -> bool {
    let paused = play
        .cluster
        .get(id)
        .is_none_or(|m| m["spec"]["paused"] == true);
    let count = play.cluster.rolling.get(id).map_or(0, |(_, pods)| *pods);
    if paused || count == 0 {
        return true;
    }
    let each = (over / u32::try_from(count).unwrap_or(1)).max(SHORTEST);
    for left in (0..count).rev() {
        if !pause(each, commands) {
            return false;
        }
        match play.cluster.rolling.get_mut(id) {
            Some((_, pods)) if left > 0 => *pods = left,
            _ => drop(play.cluster.rolling.remove(id)),
        }
        if out.send(play.changes()).is_err() {
            return false;
        }
    }
    true
}

impl Play {
    fn new(stock: Vec<Object>) -> Play {
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
    fn opening(&mut self) -> Batch {
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
        .map(|(name, _)| *name)
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
            let ids: Vec<Ident> = step
                .apply
                .iter()
                .filter_map(|o| play.cluster.apply(o.clone()))
                .collect();
            step.delete.iter().for_each(|r| play.cluster.delete(r));
            for id in ids {
                if play.cluster.get(&id).unwrap()["spec"]["paused"] != true {
                    play.cluster.rolling.remove(&id);
                }
            }
            play.changes();
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
