//! One side of a connection: what the policies of a pod let in or out.

use super::class::ClassId;
use super::network::{End, Network, Peers};
use super::place::Holds;
use super::policy::{PolicyId, Rule, RulePorts};
use super::ports::PortSet;
use super::verdict::Doubt;
use crate::semantics::network::Direction;

/// A rule: its policy, and its place in the section.
pub(super) type RuleAt = (PolicyId, usize);

/// Ports that one side lets pass for one reason. Parts of a side never share a port; what is in none is denied.
#[derive(Clone, Debug)]
pub(super) struct Part {
    pub ports: PortSet,
    /// The rule; `None` where no policy isolates the pod.
    pub by: Option<RuleAt>,
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
        let hidden = place.hidden.then_some(Doubt::PoliciesNotVisible);
        let row = self.row(direction, subject);
        if row.is_empty() {
            return vec![Part::all(hidden)];
        }
        let mut left = PortSet::all();
        let mut parts: Vec<Part> = Vec::new();
        let mut unsure = Vec::new();
        for (at, rule) in self.rules(direction, row) {
            let doubt = match self.means(rule, other) {
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
    ) -> impl Iterator<Item = (RuleAt, &'a Rule)> {
        row.iter().flat_map(move |id| {
            let policy = self.policies.get(*id);
            let rules = policy.and_then(|p| p.rules.get(direction as usize));
            let numbered = rules.into_iter().flatten().enumerate();
            numbered.map(move |(at, rule)| ((*id, at), rule))
        })
    }

    /// Whether a rule means somebody.
    fn means(&self, rule: &Rule, other: End) -> Holds {
        let Some(peers) = &rule.peers else {
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
            (Peers::Pods(_), End::Piece(_)) => Holds::No,
            (Peers::Block(inside), End::Piece(piece)) => match inside.binary_search(&piece) {
                Ok(_) => Holds::Yes,
                Err(_) => Holds::No,
            },
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

fn take(
    parts: &mut Vec<Part>,
    left: &mut PortSet,
    ports: &PortSet,
    by: RuleAt,
    doubt: Option<Doubt>,
) {
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
