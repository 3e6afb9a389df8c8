//! Pods that no policy can tell apart.
//!
//! Only the label keys and port names that some policy uses count, so the replicas of a workload fall together by
//! themselves: `pod-template-hash` and its like are in no selector.

use std::net::IpAddr;

use rustc_hash::{FxHashMap, FxHashSet};

use super::blocks::{PieceId, Pieces};
use super::names::{NameId, Names};
use super::policy::{Policies, Policy, Source};
use super::ports::Protocol;
use super::selector::{Chosen, Pairs};
use super::tier::TierPolicy;
use crate::model::objects::container::List;
use crate::model::objects::pod::{Phase, Pod};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Labels, Str};

/// Index of a class.
pub type ClassId = u32;

/// Index of a namespace.
pub type PlaceId = u32;

/// What policies see of a pod.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Class {
    /// Its namespace.
    pub place: PlaceId,
    /// Its labels, as far as selectors ask for them.
    pub labels: Pairs,
    /// It shares the network of its node.
    pub host: bool,
    /// It has no address yet.
    pub waiting: bool,
    /// Its named ports, as far as policies name them.
    pub ports: Box<[NamedPort]>,
    /// The pieces of the address space that its addresses lie in; `None` where they are not known (a template).
    pub pieces: Option<Box<[PieceId]>>,
}

/// A port of a container that has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct NamedPort {
    /// Name.
    pub name: NameId,
    /// Protocol.
    pub protocol: Protocol,
    /// Number.
    pub port: u16,
    /// It is declared by a sidecar (an init container that stays): Services find it (`endpointslice/utils.go`
    /// `FindPort`), most network plugins look at regular containers alone.
    pub sidecar: bool,
}

/// What policies ask of pods.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// Label keys in any selector.
    pub keys: FxHashSet<Str>,
    /// Names of ports in any rule.
    pub ports: FxHashSet<Str>,
    /// Where blocks cut the address space.
    pub pieces: Pieces,
}

impl Asked {
    /// By these policies, those of the cluster, and the peers of both.
    pub fn of(policies: &[Policy], tiers: &[TierPolicy], peers: &[Source], names: &Names) -> Asked {
        let of_pods = peers.iter().filter_map(|source| match source {
            Source::Pods(_, pods) => Some(pods),
            Source::Block(_) | Source::Networks(_) | Source::Outside(_) => None,
        });
        let subjects = policies.iter().map(|policy| &policy.subject);
        let chosen = subjects
            .chain(tiers.iter().map(|tier| &tier.pods))
            .chain(of_pods);
        let keys = chosen.flat_map(Chosen::wanted).map(|wanted| wanted.key);
        let rules = policies
            .iter()
            .flat_map(|policy| policy.rules.iter().flatten());
        let steps = tiers.iter().flat_map(|tier| tier.rules.iter().flatten());
        let named = rules.map(|rule| &rule.ports.named);
        let named = named.chain(steps.map(|step| &step.ports.named));
        let ports = named.flat_map(|named| &**named).map(|(_, name)| *name);
        Asked {
            keys: keys.map(|key| names.word(key).into()).collect(),
            ports: ports.map(|name| names.word(name).into()).collect(),
            pieces: Pieces::cut(Policies::blocks(peers.iter())),
        }
    }

    /// True when nothing more is asked by `more` than by this.
    pub fn covers(&self, more: &Asked) -> bool {
        more.keys.is_subset(&self.keys)
            && more.ports.is_subset(&self.ports)
            && more
                .pieces
                .iter()
                .all(|(_, piece)| self.pieces.has_border(piece))
    }
}

/// A pod, or a template whose pods will come.
#[derive(Clone, Copy, Debug)]
pub struct Member<'a> {
    /// Labels.
    pub labels: &'a Labels,
    /// Spec.
    pub spec: &'a PodSpec,
    /// The live pod, when it is one.
    pub pod: Option<&'a Pod>,
}

impl Member<'_> {
    /// A live pod that has no address yet, so that it neither calls nor answers.
    pub fn is_waiting(&self) -> bool {
        self.pod
            .is_some_and(|pod| pod.phase == Phase::Pending && pod.ips.is_empty())
    }
}

/// Every class that was met.
#[derive(Clone, Debug, Default)]
pub struct Classes {
    all: Vec<Class>,
    ids: FxHashMap<Class, ClassId>,
}

impl Classes {
    /// The class of a member, a new one if there is none like it.
    pub fn of(
        &mut self,
        member: &Member<'_>,
        place: PlaceId,
        asked: &Asked,
        names: &mut Names,
    ) -> ClassId {
        let class = Class {
            place,
            labels: labels(member.labels, asked, names),
            host: member.spec.host_network,
            waiting: member.is_waiting(),
            ports: named_ports(member.spec, asked, names),
            pieces: member.pod.and_then(|pod| pieces(pod, &asked.pieces)),
        };
        if let Some(id) = self.ids.get(&class) {
            return *id;
        }
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(class.clone());
        self.ids.insert(class, id);
        id
    }

    /// Every class with its index.
    pub fn iter(&self) -> impl Iterator<Item = (ClassId, &Class)> {
        (0..).zip(&self.all)
    }

    /// One class.
    pub fn get(&self, id: ClassId) -> Option<&Class> {
        self.all.get(id as usize)
    }

    /// How many there are.
    pub fn len(&self) -> usize {
        self.all.len()
    }
}

fn labels(labels: &Labels, asked: &Asked, names: &mut Names) -> Pairs {
    let used = labels.iter().filter(|(key, _)| asked.keys.contains(&**key));
    let mut pairs: Vec<_> = used.map(|(k, v)| (names.id(k), names.id(v))).collect();
    pairs.sort_unstable();
    pairs.into()
}

fn named_ports(spec: &PodSpec, asked: &Asked, names: &mut Names) -> Box<[NamedPort]> {
    if asked.ports.is_empty() {
        return Box::default();
    }
    let mut found: Vec<NamedPort> = Vec::new();
    for list in [List::Regular, List::Sidecar] {
        let containers = spec.containers.iter().filter(|c| c.list == list);
        for port in containers.flat_map(|c| &c.ports) {
            let Some(protocol) = Protocol::parse(&port.protocol) else {
                continue;
            };
            if !asked.ports.contains(&port.name) {
                continue;
            }
            let name = names.id(&port.name);
            // The first of a name and protocol is the one, as for Services.
            if !found
                .iter()
                .any(|f| (f.name, f.protocol) == (name, protocol))
            {
                found.push(NamedPort {
                    name,
                    protocol,
                    port: port.port,
                    sidecar: list == List::Sidecar,
                });
            }
        }
    }
    found.into()
}

fn pieces(pod: &Pod, pieces: &Pieces) -> Option<Box<[PieceId]>> {
    let addresses = pod.ips.iter().filter_map(|ip| ip.parse::<IpAddr>().ok());
    let mut found: Vec<_> = addresses.filter_map(|ip| pieces.of(ip)).collect();
    found.sort_unstable();
    found.dedup();
    (!found.is_empty()).then(|| found.into())
}
