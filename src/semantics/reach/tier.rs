//! AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy in numbers. Source:
//! sigs.k8s.io/network-policy-api, the comments of `apis/v1alpha1` and `apis/v1alpha2`, which are normative.

use ipnet::IpNet;

use super::blocks::Block;
use super::names::Names;
use super::policy::{PeerId, Policies, RulePorts, Source, Where};
use super::ports::{PortSet, Protocol};
use super::selector::Chosen;
use super::verdict::Doubt;
use crate::model::objects::cluster_policy::{
    Action, ClusterPolicy, Subject, Tier, TierPeer, TierPort, TierRule,
};
use crate::model::objects::selector::Selector;
use crate::model::{Kind, Labels, Object, ObjectKey};
use crate::semantics::network::{self, Direction, TIERS};
use crate::semantics::selectors;
use crate::view::View;

/// Index of such a policy, in the order in which they are asked.
pub type TierId = u32;

/// One of them.
#[derive(Clone, Debug)]
pub struct TierPolicy {
    /// Its key.
    pub key: ObjectKey,
    /// Before NetworkPolicies or after them.
    pub tier: Tier,
    /// Lower first. Which of two equal ones is asked first is not defined.
    pub priority: i32,
    /// Namespaces of the pods that it is about.
    pub places: Chosen,
    /// The pods.
    pub pods: Chosen,
    /// Rules of ingress and of egress, in order.
    pub rules: [Vec<Step>; 2],
}

/// One rule.
#[derive(Clone, Debug)]
pub struct Step {
    /// What it does.
    pub action: Action,
    /// Peers; `None` is everybody.
    pub peers: Option<Box<[PeerId]>>,
    /// Ports.
    pub ports: RulePorts,
}

/// Nodes as rules ask for them.
#[derive(Debug, Default)]
pub struct Nodes<'a> {
    all: Vec<(&'a Labels, Vec<IpNet>)>,
    hidden: bool,
}

impl<'a> Nodes<'a> {
    /// Those that are seen.
    pub fn new(view: &View<'a>) -> Nodes<'a> {
        let listed = view.context(|view| view.list(Kind::Node, "").collect::<Vec<_>>());
        let nodes = listed.into_iter().filter_map(|object| match &**object {
            Object::Node(node) => {
                let ips = node
                    .addresses
                    .iter()
                    .filter_map(|(_, a)| a.parse::<std::net::IpAddr>().ok());
                Some((&node.meta.labels, ips.map(IpNet::from).collect()))
            }
            _ => None,
        });
        Nodes {
            all: nodes.collect(),
            hidden: view.world().sight().blind(Kind::Node, None).is_some(),
        }
    }

    fn addresses(&self, selector: &Selector) -> impl Iterator<Item = IpNet> {
        let selected = self
            .all
            .iter()
            .filter(|(labels, _)| selectors::matches(selector, labels));
        selected.flat_map(|(_, ips)| ips.iter().copied())
    }
}

impl Policies {
    /// Adds one.
    pub fn add_tier(&mut self, policy: &ClusterPolicy, nodes: &Nodes<'_>, names: &mut Names) {
        let (places, pods) = chosen(&policy.subject, names);
        let rules = Direction::ALL.map(|direction| {
            let section = match direction {
                Direction::Ingress => &policy.ingress,
                Direction::Egress => &policy.egress,
            };
            section
                .iter()
                .map(|rule| self.step(rule, nodes, names))
                .collect()
        });
        self.tiers.push(TierPolicy {
            key: policy.meta.key.clone(),
            tier: policy.tier,
            priority: policy.priority,
            places,
            pods,
            rules,
        });
    }

    /// Puts them in the order in which they are asked.
    pub fn sort_tiers(&mut self) {
        self.tiers
            .sort_by(|a, b| (a.tier, a.priority, &a.key).cmp(&(b.tier, b.priority, &b.key)));
    }

    /// A peer that is not known makes the whole rule fail closed: one that accepts means nobody, any other denies
    /// everybody.
    fn step(&mut self, rule: &TierRule, nodes: &Nodes<'_>, names: &mut Names) -> Step {
        if rule.peers.contains(&TierPeer::Unknown) {
            let accepts = rule.action == Action::Accept;
            return Step {
                action: if accepts {
                    Action::Accept
                } else {
                    Action::Deny
                },
                peers: accepts.then(Box::default),
                ports: RulePorts {
                    fixed: PortSet::all(),
                    named: Box::default(),
                },
            };
        }
        let mut sources = Vec::new();
        let mut networks = Vec::new();
        for peer in &rule.peers {
            match peer {
                TierPeer::Pods(subject) => {
                    let (places, pods) = chosen(subject, names);
                    sources.push(Source::Pods(Where::Selected(places), pods));
                }
                TierPeer::Networks(cidrs) => {
                    networks.extend(cidrs.iter().filter_map(|cidr| network::block(cidr)));
                }
                TierPeer::Nodes(selector) => {
                    networks.extend(nodes.addresses(selector));
                    let hidden = nodes.hidden.then_some(Doubt::PoliciesNotVisible);
                    sources.extend(hidden.map(Source::Outside));
                }
                TierPeer::Domains => sources.push(Source::Outside(Doubt::DomainName)),
                TierPeer::Unknown => {}
            }
        }
        let blocks = networks.into_iter().map(|cidr| Block {
            cidr: Some(cidr),
            except: Vec::new(),
        });
        sources.push(Source::Networks(blocks.collect()));
        let peers: Vec<PeerId> = sources.into_iter().map(|s| self.peer(s)).collect();
        Step {
            action: rule.action,
            peers: Some(peers.into()),
            ports: ports(rule.ports.as_deref(), names),
        }
    }
}

fn chosen(subject: &Subject, names: &mut Names) -> (Chosen, Chosen) {
    let places = Chosen::new(&subject.namespaces, names);
    let pods = subject.pods.as_ref();
    let pods = pods.map_or_else(Chosen::everything, |pods| Chosen::new(pods, names));
    (places, pods)
}

fn ports(ports: Option<&[TierPort]>, names: &mut Names) -> RulePorts {
    let Some(ports) = ports else {
        return RulePorts {
            fixed: PortSet::all(),
            named: Box::default(),
        };
    };
    let mut fixed = PortSet::default();
    let mut named = Vec::new();
    for port in ports {
        match port {
            TierPort::Range(protocol, first, last) => {
                if let Some(protocol) = Protocol::parse(protocol) {
                    fixed = fixed.or(&PortSet::range(protocol, (*first, *last)));
                }
            }
            TierPort::Named(name) => {
                let name = names.id(name);
                named.extend(Protocol::ALL.map(|protocol| (protocol, name)));
            }
        }
    }
    RulePorts {
        fixed,
        named: named.into(),
    }
}

/// Reads those of a view, in the order in which they are asked; true when some may not be read.
pub fn read(view: &View<'_>, policies: &mut Policies, names: &mut Names) -> bool {
    let objects: Vec<_> = TIERS.iter().flat_map(|kind| view.list(*kind, "")).collect();
    let found: Vec<&ClusterPolicy> = objects
        .into_iter()
        .filter_map(|object| match &**object {
            Object::ClusterPolicy(policy) => Some(policy),
            _ => None,
        })
        .collect();
    if !found.is_empty() {
        let nodes = Nodes::new(view);
        for policy in found {
            policies.add_tier(policy, &nodes, names);
        }
        policies.sort_tiers();
    }
    let sight = view.world().sight();
    let broken = view.world().broken().keys();
    let mut broken = broken.filter_map(ObjectKey::known);
    TIERS.iter().any(|kind| sight.blind(*kind, None).is_some())
        || broken.any(|kind| TIERS.contains(&kind))
}
