//! Following events: only the namespaces that changed are read again.
//!
//! What a policy decides it decides for pods of its own namespace, so rows of other namespaces stay; peers of others gain the
//! classes that are new and look again at namespaces whose labels changed. A class that nobody is of any more stays in its
//! lists, where nobody asks for it. Where more is asked of pods than before (a new label key, a new named port, a new border
//! of an address block), namespaces came or went, or policies of the cluster are there, everything is made anew.

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;

use super::class::{Asked, ClassId, PlaceId};
use super::enforcer::enforcement;
use super::network::{Network, Peers, read};
use super::place::{Place, Places};
use super::policy::{Policies, PolicyId, Source, Where};
use crate::model::{Kind, ObjectKey, Str};
use crate::semantics::network::{OTHER_POLICIES, OtherPolicies, TIERS};
use crate::view::View;

/// What happened since the network was made.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct News {
    /// Namespaces whose pods, templates, policies or labels changed.
    places: BTreeSet<Str>,
    /// Something else changed that may decide.
    everything: bool,
    /// The plugin may be another.
    plugin: bool,
}

impl News {
    /// An object came, changed or went.
    pub fn object(&mut self, key: &ObjectKey) {
        let Some(kind) = key.known() else { return };
        self.plugin |= matches!(kind, Kind::DaemonSet | Kind::Node);
        let other = |other: &OtherPolicies| {
            let defined = kind == Kind::CustomResourceDefinition && *other.crd == *key.name;
            defined || other.kind == Some(kind)
        };
        let decides = matches!(kind, Kind::NetworkPolicy | Kind::Pod | Kind::Namespace)
            || Kind::TEMPLATED.contains(&kind)
            || TIERS.contains(&kind)
            || OTHER_POLICIES.iter().any(other);
        match key.home() {
            _ if !decides => {}
            "" => self.everything = true,
            home => {
                self.places.insert(home.into());
            }
        }
    }

    /// What is visible changed, or everything did.
    pub fn all(&mut self) {
        self.everything = true;
    }

    /// Nothing that matters happened.
    pub fn is_empty(&self) -> bool {
        *self == News::default()
    }
}

impl Network {
    /// Brings it up to a view that differs by these news. False: everything was made anew.
    pub fn follow(&mut self, view: &View<'_>, news: &News) -> bool {
        if news.is_empty() {
            return true;
        }
        let names = view.namespaces();
        let same = names.iter().eq(self.places.iter().map(|place| &place.name));
        let garbage = self.classes.len() > 2 * self.living() + 1_000
            || self.policies.all.len()
                > 2 * self.places.iter().map(|p| p.policies.len()).sum::<usize>() + 1_000;
        let anew = news.everything || !same || garbage || !self.policies.tiers.is_empty();
        if anew || !self.read_again(view, &news.places) {
            *self = Network::new(view);
            return false;
        }
        if news.plugin {
            self.enforcement = enforcement(view);
        }
        true
    }

    /// Classes that somebody is of.
    fn living(&self) -> usize {
        self.workloads.values().map(Vec::len).sum()
    }

    /// Reads namespaces again; false: they ask more of pods than is known.
    fn read_again(&mut self, view: &View<'_>, changed: &BTreeSet<Str>) -> bool {
        let changed: Vec<PlaceId> = changed
            .iter()
            .filter_map(|name| self.place_id(name))
            .collect();
        let (policies, peers) = (self.policies.all.len(), self.policies.peers.len());
        let mut moved = Vec::new();
        for id in &changed {
            moved.extend(self.read_place(view, *id).then_some(*id));
        }
        let Policies {
            all,
            peers: sources,
            ..
        } = &self.policies;
        let new = all.get(policies..).unwrap_or_default();
        let sources = sources.get(peers..).unwrap_or_default();
        if !self
            .asked
            .covers(&Asked::of(new, &[], sources, &self.names))
        {
            return false;
        }
        self.move_places(&moved);
        for id in &changed {
            self.settle_again(view, *id);
        }
        self.find_peers();
        for id in changed {
            self.isolate(id as usize);
        }
        true
    }

    fn place_id(&self, name: &Str) -> Option<PlaceId> {
        let at = self
            .places
            .binary_search_by(|place| place.name.cmp(name))
            .ok()?;
        u32::try_from(at).ok()
    }

    /// Reads labels and policies of a namespace; true when its labels are others.
    fn read_place(&mut self, view: &View<'_>, id: PlaceId) -> bool {
        let Some(place) = self.places.get_mut(id as usize) else {
            return false;
        };
        let mut now = Place::new(view, &place.name, &mut self.names);
        let known = std::mem::take(&mut place.policies);
        now.policies = read(view, &now.name, &mut self.policies, &mut self.names);
        self.policies.keep_known(&known, &mut now.policies);
        let moved = now.labels != place.labels;
        *place = now;
        moved
    }

    /// Peers that choose namespaces by label look at these again.
    fn move_places(&mut self, moved: &[PlaceId]) {
        if moved.is_empty() {
            return;
        }
        // By what is chosen: the namespaces now, where they are others.
        let mut looked: FxHashMap<&Where, Option<Places>> = FxHashMap::default();
        for (source, known) in self.policies.peers.iter().zip(&mut self.peers) {
            let Source::Pods(place @ Where::Selected(chosen), pods) = source else {
                continue;
            };
            let look = || {
                let before = self.chosen.get(place)?;
                let differs = |id: &PlaceId| {
                    let now = self.places.get(*id as usize).map(|p| p.is_selected(chosen));
                    now != Some(before.selects(*id))
                };
                moved
                    .iter()
                    .any(differs)
                    .then(|| Places::of(place, &self.places))
            };
            if let Some(now) = looked.entry(place).or_insert_with(look) {
                *known = Peers::Pods(self.index.crowd(&self.classes, now, pods));
            }
        }
        let moved = looked
            .into_iter()
            .filter_map(|(place, now)| Some((place.clone(), now?)));
        let moved: Vec<(Where, Places)> = moved.collect();
        self.chosen.extend(moved);
    }

    /// Takes out the workloads of a namespace: in order of key they stand together.
    fn forget_workloads(&mut self, namespace: &str) {
        let first = ObjectKey::namespaced(Kind::Namespace, namespace, "");
        let from = self.workloads.range(first..).map(|(key, _)| key);
        let here = from.take_while(|key| key.home() == namespace);
        for key in here.cloned().collect::<Vec<_>>() {
            self.workloads.remove(&key);
        }
    }

    /// Sorts the pods of a namespace again. Classes that are new join the peers that mean them.
    fn settle_again(&mut self, view: &View<'_>, id: PlaceId) {
        let Some(name) = self.places.get(id as usize).map(|place| place.name.clone()) else {
            return;
        };
        self.forget_workloads(&name);
        let known = self.classes.len();
        self.settle(view, id, &name);
        let new = u32::try_from(known).unwrap_or(u32::MAX)..;
        let new: Vec<ClassId> = new.take(self.classes.len() - known).collect();
        for class_id in new {
            let Some(class) = self.classes.get(class_id) else {
                continue;
            };
            self.index.add(class_id, class);
            for (source, peers) in self.policies.peers.iter().zip(&mut self.peers) {
                let (Source::Pods(place, pods), Peers::Pods(crowd)) = (source, peers) else {
                    continue;
                };
                let Some(places) = self.chosen.get(place) else {
                    continue;
                };
                let among = |places: &[PlaceId]| places.binary_search(&id).is_ok();
                if among(&places.sure) && pods.matches(&class.labels) {
                    crowd.sure.push(class_id);
                } else if among(&places.maybe) && pods.matches(&class.labels) {
                    crowd.maybe.push(class_id);
                }
            }
        }
    }
}

impl Policies {
    /// Policies that were read again and say the same keep their place: nothing grows when only pods change. Those that
    /// were read last are the newest.
    fn keep_known(&mut self, known: &[PolicyId], read: &mut [PolicyId]) {
        let same = |known: &[PolicyId], policies: &Policies, id: PolicyId| {
            let policy = policies.get(id)?;
            known
                .iter()
                .copied()
                .find(|old| policies.get(*old).is_some_and(|old| old == policy))
        };
        let all_known = read.iter().all(|id| same(known, self, *id).is_some());
        for id in read.iter_mut() {
            if let Some(old) = same(known, self, *id) {
                *id = old;
            }
        }
        if all_known {
            self.all.truncate(self.all.len() - read.len());
        }
    }
}
