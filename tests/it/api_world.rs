//! What the engine would know: batches of a source applied as the contract says, and a way to wait for a state of it.
#![allow(dead_code, reason = "each group uses a part of it")]

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::time::{Duration, Instant};

use bartizan::model::sight::State;
use bartizan::model::{Batch, ClusterInfo, Delta, Kind, Object, ObjectKey};
use bartizan::source::Handle;

/// Objects, states and all that was said.
pub struct World {
    pub handle: Handle,
    batches: Receiver<Batch>,
    pub objects: BTreeMap<ObjectKey, Arc<Object>>,
    pub broken: BTreeMap<ObjectKey, String>,
    pub states: BTreeMap<(Kind, Option<String>), State>,
    pub cluster: ClusterInfo,
    pub notes: Vec<String>,
    /// Every delta as a short word, in order.
    pub said: Vec<String>,
    /// Names that ever went away.
    pub gone: BTreeSet<String>,
}

impl World {
    /// Reads what a source sends.
    pub fn reading(handle: Handle, batches: Receiver<Batch>) -> World {
        World {
            handle,
            batches,
            objects: BTreeMap::new(),
            broken: BTreeMap::new(),
            states: BTreeMap::new(),
            cluster: ClusterInfo::default(),
            notes: Vec::new(),
            said: Vec::new(),
            gone: BTreeSet::new(),
        }
    }

    /// Reads batches until the condition holds; fails after 40 seconds, and says what it knows.
    pub fn until(&mut self, what: &str, holds: impl Fn(&World) -> bool) {
        let end = Instant::now() + Duration::from_secs(40);
        while !holds(self) {
            match self.batches.recv_timeout(Duration::from_millis(20)) {
                Ok(batch) => batch.into_iter().for_each(|delta| self.apply(delta)),
                Err(RecvTimeoutError::Timeout) if Instant::now() < end => {}
                Err(error) => {
                    let names: Vec<String> = self.objects.keys().map(ToString::to_string).collect();
                    let tail = self.said.len().saturating_sub(60);
                    panic!(
                        "{what}: {error}\nstates {:?}\nobjects {names:?}\ntrouble {:?}\nlast said {:#?}",
                        self.states,
                        self.cluster.trouble,
                        &self.said[tail..]
                    );
                }
            }
        }
    }

    /// Reads whatever comes within a time.
    pub fn listen(&mut self, time: Duration) {
        let end = Instant::now() + time;
        loop {
            match self
                .batches
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(batch) => batch.into_iter().for_each(|delta| self.apply(delta)),
                Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => return,
            }
        }
    }

    /// The source has ended.
    pub fn ended(&self) -> bool {
        let end = Instant::now() + Duration::from_secs(10);
        loop {
            match self
                .batches
                .recv_timeout(end.saturating_duration_since(Instant::now()))
            {
                Ok(_) => {}
                Err(RecvTimeoutError::Timeout) => return false,
                Err(RecvTimeoutError::Disconnected) => return true,
            }
        }
    }

    /// Every kind has a state that is not loading.
    pub fn settle(&mut self) {
        self.until("every kind has a state", |w| {
            Kind::all().all(|kind| w.state(kind).is_some())
        });
    }

    pub fn state(&self, kind: Kind) -> Option<&State> {
        self.states.get(&(kind, None))
    }

    pub fn narrow(&self, kind: Kind, namespace: &str) -> Option<&State> {
        self.states.get(&(kind, Some(namespace.to_owned())))
    }

    pub fn has(&self, kind: Kind, namespace: &str, name: &str) -> bool {
        self.objects
            .contains_key(&ObjectKey::namespaced(kind, namespace, name))
    }

    pub fn names(&self, kind: Kind) -> Vec<String> {
        self.objects
            .keys()
            .filter(|key| key.known() == Some(kind))
            .map(|key| key.name.to_string())
            .collect()
    }

    fn apply(&mut self, delta: Delta) {
        self.said.push(word(&delta));
        match delta {
            Delta::Put(object) => {
                self.broken.remove(object.key());
                self.objects.insert(object.key().clone(), object);
            }
            Delta::Gone(key) => self.lose(&key),
            Delta::Broken { key, why } => {
                self.objects.remove(&key);
                self.broken.insert(key, why);
            }
            Delta::Listed {
                kind,
                namespace,
                keep,
            } => {
                assert!(keep.is_sorted(), "keep is sorted");
                let inside = |key: &ObjectKey| {
                    key.known() == Some(kind) && (namespace.is_none() || key.namespace == namespace)
                };
                let all: Vec<ObjectKey> = self
                    .objects
                    .keys()
                    .chain(self.broken.keys())
                    .filter(|key| inside(key))
                    .cloned()
                    .collect();
                all.iter()
                    .filter(|key| keep.binary_search(key).is_err())
                    .for_each(|key| self.lose(key));
            }
            Delta::State {
                kind,
                namespace,
                state,
            } => {
                self.states
                    .insert((kind, namespace.map(|n| n.to_string())), state);
            }
            Delta::Cluster(info) => self.cluster = *info,
            Delta::Note(note) => self.notes.push(note),
            Delta::Reset => {
                self.objects.clear();
                self.broken.clear();
                self.states.clear();
            }
            Delta::Loading { .. } => {}
        }
    }

    fn lose(&mut self, key: &ObjectKey) {
        self.objects.remove(key);
        self.broken.remove(key);
        self.gone.insert(key.to_string());
    }
}

fn word(delta: &Delta) -> String {
    match delta {
        Delta::Put(object) => format!("put {}", object.key()),
        Delta::Gone(key) => format!("gone {key}"),
        Delta::Broken { key, .. } => format!("broken {key}"),
        Delta::Listed {
            kind,
            namespace,
            keep,
        } => format!("listed {kind} {namespace:?} {}", keep.len()),
        Delta::State {
            kind,
            namespace,
            state,
        } => format!("state {kind} {namespace:?} {state:?}"),
        Delta::Loading { kind, seen } => format!("loading {kind} {seen}"),
        Delta::Cluster(info) => format!("cluster {:?}", info.trouble),
        Delta::Note(note) => format!("note {note}"),
        Delta::Reset => "reset".to_owned(),
    }
}
