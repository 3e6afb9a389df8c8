//! One policy for one workload: it allows the calls that are declared, and isolates its pods for that direction.

use std::collections::{BTreeMap, BTreeSet};

use super::call::{Call, Side};
use super::judge::is_named;
use super::selector::choose;
use crate::model::objects::network_policy::{NetworkPolicy, Peer, PolicyPort, PolicyRule, PortRef};
use crate::model::objects::selector::Selector;
use crate::model::{Kind, Labels, Meta, ObjectKey, Str};
use crate::semantics::network::Direction;
use crate::semantics::reach::PortSet;
use crate::semantics::selectors::NAMESPACE_NAME;
use crate::view::View;

/// Writes policies, and notes what they allow beyond the calls.
#[derive(Debug)]
pub(super) struct Writer<'v, 'a> {
    pub view: &'v View<'a>,
    pub namespace: &'v str,
    pub direction: Direction,
    /// Workloads in the network of their nodes.
    pub hosts: &'v BTreeSet<ObjectKey>,
    /// What a reader should know, each in a sentence.
    pub notes: BTreeSet<String>,
}

impl Writer<'_, '_> {
    /// The policy of a workload under a name; `None` where nothing selects its pods.
    pub fn policy(
        &mut self,
        workload: &ObjectKey,
        calls: &[&Call],
        name: &str,
    ) -> Option<NetworkPolicy> {
        let pods = self.selector(workload)?;
        let rules = self.rules(calls);
        let key = ObjectKey::namespaced(Kind::NetworkPolicy, self.namespace, name);
        let (ingress, egress) = match self.direction {
            Direction::Ingress => (Some(rules), None),
            Direction::Egress => (None, Some(rules)),
        };
        Some(NetworkPolicy {
            meta: Meta::bare(key),
            pods,
            types: Box::new([Str::from(self.direction.word())]),
            ingress,
            egress,
        })
    }

    /// One rule for each set of ports; those whose other end has no name come without peers.
    fn rules(&mut self, calls: &[&Call]) -> Box<[PolicyRule]> {
        let mut ports: BTreeMap<Option<&Side>, PortSet> = BTreeMap::new();
        for call in calls {
            let other = match self.direction {
                Direction::Ingress => &call.from,
                Direction::Egress => &call.to,
            };
            let side = is_named(other, self.hosts).then_some(other);
            let all = ports.entry(side).or_default();
            *all = all.or(&call.ports);
        }
        let unnamed = ports.remove(&None);
        let mut rules: BTreeMap<PortSet, Vec<Peer>> = BTreeMap::new();
        for (side, ports) in ports {
            // Anybody may call there already.
            let left = unnamed
                .as_ref()
                .map_or(ports.clone(), |open| ports.without(open));
            if let (Some(side), false) = (side, left.is_empty()) {
                rules.entry(left).or_default().extend(self.peers(side));
            }
        }
        let open = unnamed.map(|ports| (ports, Vec::new()));
        let all = open.into_iter().chain(rules);
        all.map(|(ports, peers)| PolicyRule {
            peers: peers.into(),
            ports: listed(&ports),
        })
        .collect()
    }

    fn peers(&mut self, side: &Side) -> Vec<Peer> {
        match side {
            Side::Anybody(_) => Vec::new(),
            Side::Blocks(nets) => {
                let block = |net: &ipnet::IpNet| Peer::Block {
                    cidr: net.to_string().into(),
                    except: Box::default(),
                };
                nets.iter().map(block).collect()
            }
            Side::Workload(key) => {
                let place = key.home();
                let pods = self.selector(key).unwrap_or_else(|| {
                    self.notes.insert(format!(
                        "{side} has no label to go by: every pod of namespace {place} is meant in its place"
                    ));
                    Selector::default()
                });
                let by_name = || Selector {
                    labels: Labels::of(&[(NAMESPACE_NAME, place)]),
                    expressions: Box::default(),
                };
                vec![Peer::Pods {
                    namespaces: (place != self.namespace).then(by_name),
                    pods: Some(pods),
                }]
            }
        }
    }

    fn selector(&mut self, workload: &ObjectKey) -> Option<Selector> {
        let chosen = choose(self.view, workload);
        if !chosen.also.is_empty() && chosen.selector.is_some() {
            let also: Vec<String> = chosen.also.iter().map(ToString::to_string).collect();
            self.notes.insert(format!(
                "no lasting label tells {workload} from {}: a policy for one is for both",
                also.join(", ")
            ));
        }
        chosen.selector
    }
}

/// The ports of a rule; none where it is every port.
fn listed(ports: &PortSet) -> Box<[PolicyPort]> {
    if ports.is_all() {
        return Box::default();
    }
    let one = |(protocol, (first, last)): (crate::semantics::reach::Protocol, (u16, u16))| {
        let every = (first, last) == (1, u16::MAX);
        PolicyPort {
            protocol: Some(protocol.word().into()),
            port: (!every).then_some(PortRef::Number(first)),
            end: (!every && first < last).then_some(last),
        }
    };
    ports.ranges().map(one).collect()
}
