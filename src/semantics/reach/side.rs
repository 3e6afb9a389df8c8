//! One side of a connection: what the policies of a pod let in or out.

use super::blocks::PieceId;
use super::class::ClassId;
use super::fate::Asked;
use super::network::{End, Network, Peers};
use super::place::Holds;
use super::policy::{PeerId, PolicyId, Rule, RulePorts};
use super::ports::PortSet;
use super::tier::TierId;
use super::verdict::Doubt;
use crate::semantics::network::Direction;

/// A rule: its policy, and its place in the section.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum By {
    /// Of a policy of the cluster.
    Cluster(TierId, usize),
    /// Of a NetworkPolicy.
    Policy(PolicyId, usize),
}

/// Ports that one side lets pass for one reason. Parts of a side never share a port; what is in none is denied.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub ports: PortSet,
    /// The rule; `None` where no policy isolates the pod.
    pub by: Option<By>,
    /// Why it is not certain.
    pub doubt: Option<Doubt>,
}

impl Part {
    /// Every port, by no rule.
    pub fn all(doubt: Option<Doubt>) -> Part {
        Part {
            ports: PortSet::all(),
            by: None,
            doubt,
        }
    }
}

impl Network {
    /// What passes between a pod and somebody else, as far as the pod's own side decides.
    pub(super) fn side(&self, direction: Direction, subject: ClassId, other: End) -> Vec<Part> {
        let Some(place) = self.place_of(subject) else {
            return Vec::new();
        };
        if place.vendor.get(direction as usize) == Some(&true) {
            return vec![Part::all(Some(Doubt::VendorPolicy))];
        }
        if self.tiers_hidden {
            return vec![Part::all(Some(Doubt::PoliciesNotVisible))];
        }
        let asked = Asked {
            direction,
            subject,
            other,
        };
        if self.tier_row(direction, subject).is_empty() {
            self.by_policies(asked, &PortSet::all())
        } else {
            self.by_tiers(asked)
        }
    }

    /// What of these ports passes by NetworkPolicies, and where none isolates the pod, by the tier after them.
    pub(super) fn by_policies(&self, asked: Asked, ports: &PortSet) -> Vec<Part> {
        let Asked {
            direction,
            subject,
            other,
        } = asked;
        let hidden = self.place_of(subject).is_some_and(|place| place.hidden);
        let hidden = hidden.then_some(Doubt::PoliciesNotVisible);
        let row = self.row(direction, subject);
        if row.is_empty() && hidden.is_none() {
            return self.by_baseline(asked, ports);
        }
        if row.is_empty() {
            return vec![Part {
                ports: ports.clone(),
                by: None,
                doubt: hidden,
            }];
        }
        let mut left = ports.clone();
        let mut parts: Vec<Part> = Vec::new();
        let mut unsure = Vec::new();
        for ((policy, rule_at), rule) in self.rules(direction, row) {
            let at = By::Policy(policy, rule_at);
            let doubt = match self.means(rule.peers.as_deref(), other) {
                Holds::No => continue,
                Holds::Yes => None,
                Holds::Maybe(doubt) => Some(doubt),
            };
            let to = match direction {
                Direction::Ingress => End::Class(subject),
                Direction::Egress => other,
            };
            let (ports, sidecar) = self.ports(&rule.ports, to);
            match doubt {
                None => take(&mut parts, &mut left, &ports, at, None),
                Some(_) => unsure.push((ports, at, doubt)),
            }
            unsure.push((sidecar, at, Some(Doubt::NamedPort)));
        }
        for (ports, at, doubt) in unsure {
            take(&mut parts, &mut left, &ports, at, doubt);
        }
        if hidden.is_some() && !left.is_empty() {
            parts.push(Part {
                ports: left,
                by: None,
                doubt: hidden,
            });
        }
        parts
    }

    /// Policies that isolate a class in a direction.
    pub(super) fn row(&self, direction: Direction, class: ClassId) -> &[PolicyId] {
        let rows = self.rows.get(direction as usize);
        rows.and_then(|rows| rows.get(class as usize))
            .map_or(&[], Vec::as_slice)
    }

    /// Rules of policies in a direction, in order.
    pub(super) fn rules<'a>(
        &'a self,
        direction: Direction,
        row: &'a [PolicyId],
    ) -> impl Iterator<Item = ((PolicyId, usize), &'a Rule)> {
        row.iter().flat_map(move |id| {
            let policy = self.policies.get(*id);
            let rules = policy.and_then(|p| p.rules.get(direction as usize));
            let numbered = rules.into_iter().flatten().enumerate();
            numbered.map(move |(at, rule)| ((*id, at), rule))
        })
    }

    /// Policies of the cluster that are about a class, in order.
    pub(super) fn tier_row(&self, direction: Direction, class: ClassId) -> &[(TierId, bool)] {
        let rows = self.tier_rows.get(direction as usize);
        rows.and_then(|rows| rows.get(class as usize))
            .map_or(&[], Vec::as_slice)
    }

    /// Whether a rule's peers mean somebody; without a list they mean everybody.
    pub(super) fn means(&self, peers: Option<&[PeerId]>, other: End) -> Holds {
        let Some(peers) = peers else {
            return Holds::Yes;
        };
        let mut answer = Holds::No;
        for peer in peers.iter().filter_map(|id| self.peers.get(*id as usize)) {
            match self.holds(peer, other) {
                Holds::Yes => return Holds::Yes,
                Holds::Maybe(doubt) => answer = Holds::Maybe(doubt),
                Holds::No => {}
            }
        }
        answer
    }

    pub(super) fn holds(&self, peer: &Peers, other: End) -> Holds {
        match (peer, other) {
            (Peers::Pods(crowd), End::Class(class)) => crowd.holds(class),
            (Peers::Pods(_), End::Piece(_)) | (Peers::Outside(_), End::Class(_)) => Holds::No,
            (Peers::Outside(doubt), End::Piece(_)) => Holds::Maybe(*doubt),
            (Peers::Network(inside), End::Class(class)) => self.stands_in(inside, class),
            (Peers::Block(inside) | Peers::Network(inside), End::Piece(piece)) => {
                match inside.binary_search(&piece) {
                    Ok(_) => Holds::Yes,
                    Err(_) => Holds::No,
                }
            }
            (Peers::Block(inside), End::Class(class)) => {
                let pieces = self.class(class).and_then(|c| c.pieces.as_deref());
                let touched = match pieces {
                    Some(pieces) => pieces.iter().any(|p| inside.binary_search(p).is_ok()),
                    None => !inside.is_empty(),
                };
                if touched {
                    Holds::Maybe(Doubt::BlockOrPods)
                } else {
                    Holds::No
                }
            }
        }
    }

    /// Whether a pod's addresses lie in a network: of two families perhaps only one does.
    fn stands_in(&self, inside: &[PieceId], class: ClassId) -> Holds {
        let is_in = |piece: &PieceId| inside.binary_search(piece).is_ok();
        match self.class(class).and_then(|c| c.pieces.as_deref()) {
            Some(pieces) if pieces.iter().all(is_in) => Holds::Yes,
            Some(pieces) if !pieces.iter().any(is_in) => Holds::No,
            None if inside.is_empty() => Holds::No,
            Some(_) | None => Holds::Maybe(Doubt::BlockOrPods),
        }
    }

    /// Ports of a rule at a destination: those that are certain, and those that only a sidecar names. A name that nobody
    /// there has means nothing, and so does every name outside the cluster.
    pub(super) fn ports(&self, ports: &RulePorts, to: End) -> (PortSet, PortSet) {
        let (mut sure, mut sidecar) = (ports.fixed.clone(), PortSet::default());
        let class = match to {
            End::Class(class) => self.class(class),
            End::Piece(_) => None,
        };
        for named in class.into_iter().flat_map(|class| &*class.ports) {
            if ports.named.contains(&(named.protocol, named.name)) {
                let set = if named.sidecar {
                    &mut sidecar
                } else {
                    &mut sure
                };
                *set = set.or(&PortSet::one(named.protocol, named.port));
            }
        }
        (sure, sidecar)
    }
}

fn take(parts: &mut Vec<Part>, left: &mut PortSet, ports: &PortSet, by: By, doubt: Option<Doubt>) {
    let new = left.and(ports);
    if !new.is_empty() {
        *left = left.without(&new);
        parts.push(Part {
            ports: new,
            by: Some(by),
            doubt,
        });
    }
}
