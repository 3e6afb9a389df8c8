//! NetworkPolicies in numbers: whom they select, and what each of their rules allows.

use rustc_hash::FxHashMap;

use super::blocks::Block;
use super::names::{NameId, Names};
use super::ports::{PortSet, Protocol};
use super::selector::Chosen;
use super::tier::TierPolicy;
use super::verdict::Doubt;
use crate::model::objects::network_policy::{NetworkPolicy, Peer, PolicyPort, PolicyRule, PortRef};
use crate::model::objects::selector::Selector;
use crate::model::{ObjectKey, Str};
use crate::semantics::network::{self, Direction, isolates};

/// Index of a policy.
pub type PolicyId = u32;

/// Index of a peer; equal peers of different policies are one.
pub type PeerId = u32;

/// A policy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Policy {
    /// Its key.
    pub key: ObjectKey,
    /// Whom it selects, in its own namespace.
    pub subject: Chosen,
    /// Whether it isolates ingress and egress.
    pub isolates: [bool; 2],
    /// Rules that count, of ingress and of egress.
    pub rules: [Vec<Rule>; 2],
}

impl Policy {
    /// The namespace.
    pub fn namespace(&self) -> &str {
        self.key.home()
    }
}

/// A rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rule {
    /// Peers; `None` is everybody.
    pub peers: Option<Box<[PeerId]>>,
    /// Ports.
    pub ports: RulePorts,
}

/// Ports of a rule: those that are known, and names that the destination resolves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulePorts {
    /// Numbers.
    pub fixed: PortSet,
    /// Names.
    pub named: Box<[(Protocol, NameId)]>,
}

/// Namespaces of a peer.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Where {
    /// The policy's own.
    Own(Str),
    /// Those that a selector selects.
    Selected(Chosen),
}

/// A peer, as it is told from others.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Source {
    /// Pods.
    Pods(Where, Chosen),
    /// Addresses of an `ipBlock`: whether they mean pods is left open.
    Block(Block),
    /// Addresses that mean pods too, of all networks of a rule.
    Networks(Box<[Block]>),
    /// Somebody outside, perhaps.
    Outside(Doubt),
}

/// Policies, and the peers that they share.
#[derive(Clone, Debug, Default)]
pub struct Policies {
    /// By index. A policy that is gone or was rewritten leaves its old self behind, in no row.
    pub all: Vec<Policy>,
    /// Policies of the cluster, in the order in which they are asked.
    pub tiers: Vec<TierPolicy>,
    /// Peers by index.
    pub peers: Vec<Source>,
    ids: FxHashMap<Source, PeerId>,
}

impl Policies {
    /// Adds one.
    pub fn add(&mut self, policy: &NetworkPolicy, names: &mut Names) -> PolicyId {
        let rules = Direction::ALL.map(|direction| {
            network::rules(policy, direction)
                .iter()
                .map(|rule| self.rule(rule, policy, names))
                .collect()
        });
        let id = u32::try_from(self.all.len()).unwrap_or(u32::MAX);
        self.all.push(Policy {
            key: policy.meta.key.clone(),
            subject: Chosen::new(&policy.pods, names),
            isolates: Direction::ALL.map(|direction| isolates(policy, direction)),
            rules,
        });
        id
    }

    fn rule(&mut self, rule: &PolicyRule, policy: &NetworkPolicy, names: &mut Names) -> Rule {
        let peers = rule.peers.iter().map(|peer| {
            let source = source(peer, policy.meta.namespace(), names);
            self.peer(source)
        });
        Rule {
            peers: (!rule.peers.is_empty()).then(|| peers.collect()),
            ports: ports(&rule.ports, names),
        }
    }

    /// The index of a peer, a new one if there is none like it.
    pub fn peer(&mut self, source: Source) -> PeerId {
        if let Some(id) = self.ids.get(&source) {
            return *id;
        }
        let id = u32::try_from(self.peers.len()).unwrap_or(u32::MAX);
        self.peers.push(source.clone());
        self.ids.insert(source, id);
        id
    }

    /// One policy.
    pub fn get(&self, id: PolicyId) -> Option<&Policy> {
        self.all.get(id as usize)
    }

    /// Blocks of these peers.
    pub fn blocks<'p>(peers: impl Iterator<Item = &'p Source>) -> impl Iterator<Item = &'p Block> {
        peers.flat_map(|source| match source {
            Source::Block(block) => std::slice::from_ref(block),
            Source::Networks(blocks) => blocks,
            Source::Pods(..) | Source::Outside(_) => &[],
        })
    }
}

fn source(peer: &Peer, namespace: &str, names: &mut Names) -> Source {
    match peer {
        Peer::Block { cidr, except } => Source::Block(Block {
            cidr: network::block(cidr),
            except: except.iter().filter_map(|e| network::block(e)).collect(),
        }),
        // The API refuses a peer that says nothing; it is nobody.
        Peer::Pods {
            namespaces: None,
            pods: None,
        } => Source::Pods(Where::Own(namespace.into()), Chosen::Nothing),
        Peer::Pods { namespaces, pods } => {
            let mut chosen = |s: &Selector| Chosen::new(s, names);
            let place = match namespaces {
                None => Where::Own(namespace.into()),
                Some(selector) => Where::Selected(chosen(selector)),
            };
            let pods = pods.as_ref().map_or_else(Chosen::everything, chosen);
            Source::Pods(place, pods)
        }
    }
}

/// An empty list is every port; an entry without a port is every port of its protocol, TCP where none is written
/// (`SetDefaults_NetworkPolicyPort`).
fn ports(ports: &[PolicyPort], names: &mut Names) -> RulePorts {
    let mut fixed = PortSet::default();
    let mut named = Vec::new();
    if ports.is_empty() {
        fixed = PortSet::all();
    }
    for entry in ports {
        let word = entry.protocol.as_deref().unwrap_or("TCP");
        // The API refuses other protocols.
        let Some(protocol) = Protocol::parse(word) else {
            continue;
        };
        match &entry.port {
            None => fixed = fixed.or(&PortSet::of(protocol)),
            Some(PortRef::Number(first)) => {
                let range = (*first, entry.end.unwrap_or(*first));
                fixed = fixed.or(&PortSet::range(protocol, range));
            }
            Some(PortRef::Name(name)) => named.push((protocol, names.id(name))),
        }
    }
    RulePorts {
        fixed,
        named: named.into(),
    }
}
