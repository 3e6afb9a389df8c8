//! What is visible: the state of each kind, cluster-wide or namespace by namespace.

use std::collections::BTreeMap;

use super::{Kind, Missing, Reason, Str};

/// State of one kind in one place.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum State {
    /// Complete and followed.
    Live,
    /// Complete, but the watch is broken for now; the last data stays and is shown with its age.
    Stale,
    /// Not visible, with the reason. `Reason::Loading` until the first list is complete.
    Blind(Reason),
}

/// The states of all kinds. A namespace's own state wins over the cluster-wide one.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct Sight {
    wide: BTreeMap<Kind, State>,
    narrow: BTreeMap<(Kind, Str), State>,
}

impl Default for Sight {
    fn default() -> Self {
        Sight::all(&State::Blind(Reason::Loading))
    }
}

impl Sight {
    /// Every kind in one state.
    pub fn all(state: &State) -> Self {
        Sight {
            wide: Kind::all().map(|kind| (kind, state.clone())).collect(),
            narrow: BTreeMap::new(),
        }
    }

    /// A closed world: everything is known, what is absent does not exist.
    pub fn complete() -> Self {
        Sight::all(&State::Live)
    }

    /// Sets a kind's state, cluster-wide (`None`) or in one namespace.
    pub fn set(&mut self, kind: Kind, namespace: Option<&str>, state: State) {
        match namespace {
            None => {
                self.wide.insert(kind, state);
            }
            Some(namespace) => {
                self.narrow.insert((kind, namespace.into()), state);
            }
        }
    }

    /// The state of a kind in a place; `None` asks for the whole cluster.
    pub fn state(&self, kind: Kind, namespace: Option<&str>) -> &State {
        const BLIND: &State = &State::Blind(Reason::Loading);
        // Most logins see all namespaces alike: then no key is made to look for.
        let own = namespace.filter(|_| !self.narrow.is_empty());
        own.and_then(|ns| self.narrow.get(&(kind, Str::from(ns))))
            .or_else(|| self.wide.get(&kind))
            .unwrap_or(BLIND)
    }

    /// Why a look-up there cannot be trusted, or `None` when it can. Stale data counts as seen: its age is on screen.
    pub fn blind(&self, kind: Kind, namespace: Option<&str>) -> Option<Missing> {
        match self.state(kind, namespace) {
            State::Live | State::Stale => None,
            State::Blind(reason) => Some(Missing {
                kind,
                namespace: namespace.map(Str::from),
                reason: reason.clone(),
            }),
        }
    }

    /// Namespaces in which a kind has a state of its own, with it.
    pub fn narrow(&self, kind: Kind) -> impl Iterator<Item = (&Str, &State)> {
        self.narrow
            .iter()
            .filter(move |((k, _), _)| *k == kind)
            .map(|((_, ns), state)| (ns, state))
    }

    /// Every blind (kind, place), cluster-wide ones without their namespaces: what `--max-blind` counts.
    pub fn all_blind(&self) -> Vec<Missing> {
        let wide = self.wide.keys().filter_map(|kind| self.blind(*kind, None));
        let narrow = self
            .narrow
            .iter()
            .filter_map(|((kind, ns), _)| self.blind(*kind, Some(ns)));
        let mut all: Vec<Missing> = wide.chain(narrow).collect();
        all.sort();
        all
    }

    /// True when a cluster-wide list of the kind is complete.
    pub fn sees_all(&self, kind: Kind) -> bool {
        self.blind(kind, None).is_none()
            && self
                .narrow(kind)
                .all(|(_, s)| !matches!(s, State::Blind(_)))
    }
}
