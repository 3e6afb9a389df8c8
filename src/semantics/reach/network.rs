//! Everything that decides who reaches whom, in one table: built from a view, then asked.

use std::collections::{BTreeMap, BTreeSet};

use rustc_hash::FxHashMap;

use super::blocks::{PieceId, Pieces};
use super::class::{Asked, Class, ClassId, Classes, Member, PlaceId};
use super::enforcer::{Enforcement, enforcement};
use super::index::Index;
use super::names::Names;
use super::place::{self, Crowd, Place, Places};
use super::policy::{Policies, PolicyId, Source, Where};
use super::selector::Chosen;
use super::tier::{self, TierId};
use super::verdict::Doubt;
use crate::model::{ObjectKey, Str};
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
    pub(super) pieces: Pieces,
    pub(super) places: Vec<Place>,
    pub(super) classes: Classes,
    pub(super) policies: Policies,
    /// By peer.
    pub(super) peers: Vec<Peers>,
    /// By direction and class: policies that isolate it, in order.
    pub(super) rows: [Vec<Vec<PolicyId>>; 2],
    /// By direction and class: policies of the cluster that are about it, in order, and whether they are for certain.
    pub(super) tier_rows: [Vec<Vec<(TierId, bool)>>; 2],
    /// Some policies of the cluster may not be read.
    pub(super) tiers_hidden: bool,
    /// Whether anybody enforces policies.
    pub(super) enforcement: Enforcement,
    workloads: BTreeMap<ObjectKey, Vec<ClassId>>,
}

/// What a peer means here.
#[derive(Clone, Debug)]
pub(super) enum Peers {
    Pods(Crowd),
    Block(Vec<PieceId>),
    Network(Vec<PieceId>),
    Outside(Doubt),
}

impl Network {
    /// Reads the policies, the namespaces and what runs. Blindness is noted in the view and kept where it decides.
    pub fn new(view: &View<'_>) -> Network {
        let mut names = Names::default();
        let all = view.namespaces();
        let mut policies = place::policies(view, &all, &mut names);
        let tiers_hidden = tier::read(view, &mut policies, &mut names);
        let places: Vec<Place> = all
            .iter()
            .map(|name| Place::new(view, name, &mut names))
            .collect();
        let asked = asked(&policies, &names);
        let mut classes = Classes::default();
        let mut workloads = BTreeMap::new();
        for (id, name) in (0..).zip(&all) {
            let mut add = |member: &Member<'_>| classes.of(member, id, &asked, &mut names);
            for (key, members) in members(view, name) {
                let mut found: Vec<ClassId> = members.iter().map(&mut add).collect();
                found.sort_unstable();
                found.dedup();
                workloads.insert(key, found);
            }
        }
        let index = Index::new(&classes, places.len());
        Network {
            peers: peers(&policies, &places, &classes, &index, &asked.pieces),
            rows: rows(&policies, &places, &classes, &index),
            tier_rows: tier_rows(&policies, &places, &classes, &index),
            tiers_hidden,
            enforcement: enforcement(view),
            pieces: asked.pieces,
            names,
            places,
            classes,
            policies,
            workloads,
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
        &self.pieces
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

fn asked(policies: &Policies, names: &Names) -> Asked {
    let keys = place::pod_selectors(policies)
        .flat_map(Chosen::wanted)
        .map(|wanted| names.word(wanted.key).into());
    let rules = policies.all.iter().flat_map(|p| p.rules.iter().flatten());
    let steps = policies.tiers.iter().flat_map(|p| p.rules.iter().flatten());
    let named = rules.map(|rule| &rule.ports.named);
    let named = named.chain(steps.map(|step| &step.ports.named));
    let ports = named
        .flat_map(|named| &**named)
        .map(|(_, name)| names.word(*name).into());
    Asked {
        keys: keys.collect(),
        ports: ports.collect(),
        pieces: Pieces::cut(policies.blocks()),
    }
}

fn peers(
    policies: &Policies,
    places: &[Place],
    classes: &Classes,
    index: &Index,
    pieces: &Pieces,
) -> Vec<Peers> {
    // Many peers choose the same namespaces.
    let mut chosen: FxHashMap<&Where, Places> = FxHashMap::default();
    let each = policies.peers.iter().map(|source| match source {
        Source::Block(block) => Peers::Block(pieces.inside(block)),
        Source::Networks(blocks) => {
            let mut inside: Vec<_> = blocks.iter().flat_map(|b| pieces.inside(b)).collect();
            inside.sort_unstable();
            inside.dedup();
            Peers::Network(inside)
        }
        Source::Outside(doubt) => Peers::Outside(*doubt),
        Source::Pods(place, pods) => {
            let found = match place {
                Where::Own(_) => &Places::of(place, places),
                Where::Selected(_) => chosen
                    .entry(place)
                    .or_insert_with(|| Places::of(place, places)),
            };
            let select = |places: &[PlaceId]| index.in_places(classes, places, pods).into();
            Peers::Pods(Crowd {
                sure: select(&found.sure),
                maybe: select(&found.maybe),
            })
        }
    });
    each.collect()
}

/// Pods that share the network of their node are no subjects of these.
fn tier_rows(
    policies: &Policies,
    places: &[Place],
    classes: &Classes,
    index: &Index,
) -> [Vec<Vec<(TierId, bool)>>; 2] {
    let mut rows = [
        vec![Vec::new(); classes.len()],
        vec![Vec::new(); classes.len()],
    ];
    for (id, policy) in (0..).zip(&policies.tiers) {
        let found = Places::of(&Where::Selected(policy.places.clone()), places);
        for (places, sure) in [(found.sure, true), (found.maybe, false)] {
            for class in index.in_places(classes, &places, &policy.pods) {
                if classes.get(class).is_none_or(|class| class.host) {
                    continue;
                }
                for (rules, rows) in policy.rules.iter().zip(&mut rows) {
                    if let (false, Some(row)) = (rules.is_empty(), rows.get_mut(class as usize)) {
                        row.push((id, sure));
                    }
                }
            }
        }
    }
    rows
}

fn rows(
    policies: &Policies,
    places: &[Place],
    classes: &Classes,
    index: &Index,
) -> [Vec<Vec<PolicyId>>; 2] {
    let mut rows = [
        vec![Vec::new(); classes.len()],
        vec![Vec::new(); classes.len()],
    ];
    for (id, policy) in (0..).zip(&policies.all) {
        let home: Str = policy.namespace().into();
        for place in Places::of(&Where::Own(home), places).sure {
            for class in index.in_place(classes, place, &policy.subject) {
                for (isolates, rows) in policy.isolates.iter().zip(&mut rows) {
                    if *isolates && let Some(row) = rows.get_mut(class as usize) {
                        row.push(id);
                    }
                }
            }
        }
    }
    rows
}
