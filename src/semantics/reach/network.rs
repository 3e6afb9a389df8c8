//! Everything that decides who reaches whom, in one table: built from a view, then asked.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::blocks::{PieceId, Pieces};
use super::class::{Asked, Class, ClassId, Classes, Member, PlaceId};
use super::enforcer::{Enforcement, enforcement};
use super::index::Index;
use super::names::Names;
use super::place::{Crowd, Place, Places};
use super::policy::{Policies, PolicyId, Source, Where};
use super::tier::{self, TierId};
use super::verdict::Doubt;
use crate::model::{Kind, Object, ObjectKey, Str};
use crate::semantics::running;
use crate::view::{View, Workload};

/// One end of a connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    /// Pods of the cluster.
    Class(ClassId),
    /// Addresses outside of it.
    Piece(PieceId),
}

/// Who reaches whom, by NetworkPolicy.
#[derive(Clone, Debug)]
pub struct Network {
    pub(super) names: Names,
    pub(super) asked: Asked,
    pub(super) places: Vec<Place>,
    pub(super) classes: Classes,
    pub(super) index: Index,
    pub(super) policies: Policies,
    /// By peer.
    pub(super) peers: Vec<Peers>,
    /// Namespaces of peers; many choose the same.
    pub(super) chosen: FxHashMap<Where, Places>,
    /// By direction and class: policies that isolate it, in order of name.
    pub(super) rows: [Vec<Vec<PolicyId>>; 2],
    /// By direction and class: policies of the cluster that are about it, in order, and whether they are for certain.
    pub(super) tier_rows: [Vec<Vec<(TierId, bool)>>; 2],
    /// Some policies of the cluster may not be read.
    pub(super) tiers_hidden: bool,
    /// Whether anybody enforces policies.
    pub(super) enforcement: Enforcement,
    pub(super) workloads: BTreeMap<ObjectKey, Vec<ClassId>>,
}

/// What a peer means here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Peers {
    Pods(Crowd),
    Block(Vec<PieceId>),
    Network(Vec<PieceId>),
    Outside(Doubt),
}

impl Network {
    /// Reads the policies, the namespaces and what runs. Blindness is noted in the view and kept where it decides.
    pub fn new(view: &View<'_>) -> Network {
        let (mut names, mut policies) = (Names::default(), Policies::default());
        let all = view.namespaces();
        let places = all.iter().map(|name| {
            let mut place = Place::new(view, name, &mut names);
            place.policies = read(view, name, &mut policies, &mut names);
            place
        });
        let places: Vec<Place> = places.collect();
        let tiers_hidden = tier::read(view, &mut policies, &mut names);
        let asked = Asked::of(&policies.all, &policies.tiers, &policies.peers, &names);
        let mut network = Network {
            names,
            asked,
            places,
            classes: Classes::default(),
            index: Index::default(),
            policies,
            peers: Vec::new(),
            chosen: FxHashMap::default(),
            rows: [Vec::new(), Vec::new()],
            tier_rows: [Vec::new(), Vec::new()],
            tiers_hidden,
            enforcement: enforcement(view),
            workloads: BTreeMap::new(),
        };
        for (id, name) in (0..).zip(&all) {
            network.settle(view, id, name);
        }
        network.index = Index::new(&network.classes, network.places.len());
        network.find_peers();
        for id in 0..network.places.len() {
            network.isolate(id);
        }
        network.find_tiers();
        network
    }

    /// Sorts the pods of a namespace into classes.
    pub(super) fn settle(&mut self, view: &View<'_>, id: PlaceId, name: &Str) {
        for (key, members) in members(view, name) {
            let mut add = |member| self.classes.of(member, id, &self.asked, &mut self.names);
            let mut found: Vec<ClassId> = members.iter().map(&mut add).collect();
            found.sort_unstable();
            found.dedup();
            self.workloads.insert(key, found);
        }
    }

    /// Finds what peers mean that are new.
    pub(super) fn find_peers(&mut self) {
        for source in self
            .policies
            .peers
            .get(self.peers.len()..)
            .into_iter()
            .flatten()
        {
            let peers = match source {
                Source::Block(block) => Peers::Block(self.asked.pieces.inside(block)),
                Source::Networks(blocks) => {
                    let pieces = &self.asked.pieces;
                    let mut inside: Vec<_> = blocks.iter().flat_map(|b| pieces.inside(b)).collect();
                    inside.sort_unstable();
                    inside.dedup();
                    Peers::Network(inside)
                }
                Source::Outside(doubt) => Peers::Outside(*doubt),
                Source::Pods(place, pods) => {
                    if !self.chosen.contains_key(place) {
                        let found = Places::of(place, &self.places);
                        self.chosen.insert(place.clone(), found);
                    }
                    let found = self.chosen.get(place);
                    Peers::Pods(found.map_or_else(Crowd::default, |found| {
                        self.index.crowd(&self.classes, found, pods)
                    }))
                }
            };
            self.peers.push(peers);
        }
    }

    /// Finds which policies of a namespace isolate which of its classes.
    pub(super) fn isolate(&mut self, id: usize) {
        let Some(place) = self.places.get(id) else {
            return;
        };
        let here = self.index.of(id);
        for rows in &mut self.rows {
            rows.resize(self.classes.len(), Vec::new());
            for class in here {
                if let Some(row) = rows.get_mut(*class as usize) {
                    row.clear();
                }
            }
        }
        let place_id = u32::try_from(id).unwrap_or(u32::MAX);
        for policy_id in &place.policies {
            let Some(policy) = self.policies.get(*policy_id) else {
                continue;
            };
            for class in self
                .index
                .in_place(&self.classes, place_id, &policy.subject)
            {
                for (isolates, rows) in policy.isolates.iter().zip(&mut self.rows) {
                    if *isolates && let Some(row) = rows.get_mut(class as usize) {
                        row.push(*policy_id);
                    }
                }
            }
        }
    }

    /// Finds which policies of the cluster are about which class. Pods that share the network of their node are no subjects
    /// of these.
    pub(super) fn find_tiers(&mut self) {
        let rows = if self.policies.tiers.is_empty() {
            0
        } else {
            self.classes.len()
        };
        self.tier_rows = [(); 2].map(|()| vec![Vec::new(); rows]);
        for (id, policy) in (0..).zip(&self.policies.tiers) {
            let found = Places::of(&Where::Selected(policy.places.clone()), &self.places);
            for (places, sure) in [(found.sure, true), (found.maybe, false)] {
                for class in self.index.in_places(&self.classes, &places, &policy.pods) {
                    if self.classes.get(class).is_none_or(|class| class.host) {
                        continue;
                    }
                    for (rules, rows) in policy.rules.iter().zip(&mut self.tier_rows) {
                        if let (false, Some(row)) = (rules.is_empty(), rows.get_mut(class as usize))
                        {
                            row.push((id, sure));
                        }
                    }
                }
            }
        }
    }

    /// Every workload with the classes of its pods.
    pub fn workloads(&self) -> impl Iterator<Item = (&ObjectKey, &[ClassId])> {
        self.workloads
            .iter()
            .map(|(key, ids)| (key, ids.as_slice()))
    }

    /// The classes of a workload's pods; nothing when it has none.
    pub fn classes_of(&self, workload: &ObjectKey) -> &[ClassId] {
        self.workloads.get(workload).map_or(&[], Vec::as_slice)
    }

    /// How many classes there are.
    pub fn class_count(&self) -> usize {
        self.classes.len()
    }

    /// Every class.
    pub fn ends(&self) -> impl Iterator<Item = End> {
        self.classes.iter().map(|(id, _)| End::Class(id))
    }

    /// The address space, cut where policies cut it.
    pub fn pieces(&self) -> &Pieces {
        &self.asked.pieces
    }

    /// Whether anybody enforces policies.
    pub fn enforcement(&self) -> &Enforcement {
        &self.enforcement
    }

    pub(super) fn class(&self, id: ClassId) -> Option<&Class> {
        self.classes.get(id)
    }

    pub(super) fn place_of(&self, class: ClassId) -> Option<&Place> {
        let place: PlaceId = self.class(class)?.place;
        self.places.get(place as usize)
    }
}

/// Policies of a namespace that may be read, in order of name.
pub(super) fn read(
    view: &View<'_>,
    namespace: &str,
    policies: &mut Policies,
    names: &mut Names,
) -> Vec<PolicyId> {
    let all = view.list(Kind::NetworkPolicy, namespace);
    let all = all.filter_map(|object| match &**object {
        Object::NetworkPolicy(policy) => Some(policies.add(policy, names)),
        _ => None,
    });
    all.collect()
}

/// Who answers and calls for each workload: its live pods, and where there are none the template whose pods will come.
/// Pods without an address stand back where others have one.
fn members<'a>(view: &View<'a>, namespace: &str) -> Vec<(ObjectKey, Vec<Member<'a>>)> {
    let wanted: BTreeSet<&ObjectKey> = running::wanted(view, namespace)
        .iter()
        .map(|r| r.holder)
        .collect();
    let mut found = Vec::new();
    for workload in running::workloads(view, namespace) {
        let mut members: Vec<Member<'a>> = live(&workload).collect();
        if members.iter().any(|m| !m.is_waiting()) {
            members.retain(|m| !m.is_waiting());
        }
        if members.is_empty()
            && let Some(template) = workload.template
            && wanted.contains(&workload.key)
        {
            members.push(Member {
                labels: &template.labels,
                spec: &template.spec,
                pod: None,
            });
        }
        if !members.is_empty() {
            found.push((workload.key.clone(), members));
        }
    }
    found
}

fn live<'a>(workload: &Workload<'a>) -> impl Iterator<Item = Member<'a>> {
    workload.pods.iter().map(|pod| Member {
        labels: &pod.meta.labels,
        spec: &pod.spec,
        pod: Some(pod),
    })
}
