//! The nearest miss: of the rules that could have allowed a connection, the one that lacks least, and what it lacks.

use super::class::ClassId;
use super::names::NameId;
use super::network::{End, Network, Peers};
use super::place::Holds;
use super::policy::{Policy, Rule, Source, Where};
use super::ports::PortSet;
use super::selector::{Chosen, Operator, Wanted, value};
use crate::semantics::network::Direction;
use crate::semantics::selectors::NAMESPACE_NAME;

impl Network {
    /// What came closest to letting `other` in or out of a pod that is isolated; `None` where nothing isolates it.
    pub(super) fn nearest_miss(
        &self,
        direction: Direction,
        subject: ClassId,
        other: End,
        asked: &PortSet,
    ) -> Option<String> {
        let row = self.row(direction, subject);
        let first = self.policies.get(*row.first()?)?;
        let way = match direction {
            Direction::Ingress => "into",
            Direction::Egress => "out of",
        };
        let place = self.place_of(subject)?;
        let candidates = self.rules(direction, row).filter_map(|((id, at), rule)| {
            let policy = self.policies.get(id)?;
            let (lacks, says) = self.lacks(direction, (policy, rule), (subject, other), asked)?;
            let name = format!("{}/{}", policy.namespace(), policy.key.name);
            Some((
                lacks,
                format!(
                    "{name} {} rule {at}: {says}",
                    direction.word().to_lowercase()
                ),
            ))
        });
        let nearest = candidates.min_by_key(|(lacks, _)| *lacks);
        Some(nearest.map_or_else(
            || {
                let name = &first.key.name;
                format!(
                    "{}/{name} isolates it and allows nothing {way} it",
                    place.name
                )
            },
            |(_, says)| says,
        ))
    }

    /// How much a rule lacks, and in words what.
    fn lacks(
        &self,
        direction: Direction,
        (policy, rule): (&Policy, &Rule),
        (subject, other): (ClassId, End),
        asked: &PortSet,
    ) -> Option<(usize, String)> {
        let peers = rule.peers.as_deref().unwrap_or_default();
        let to = match direction {
            Direction::Ingress => End::Class(subject),
            Direction::Egress => other,
        };
        let (sure, sidecar) = self.ports(&rule.ports, to);
        let ports = sure.or(&sidecar);
        let resolved = if ports.is_empty() {
            let names = rule
                .ports
                .named
                .iter()
                .map(|(_, name)| self.names.word(*name));
            let names: Vec<_> = names.collect();
            format!("no port of the destination is named {}", names.join(" or "))
        } else {
            format!("it allows {ports} alone")
        };
        let means = |id: &u32| {
            let peer = self.peers.get(*id as usize);
            peer.is_some_and(|peer| self.holds(peer, other) != Holds::No)
        };
        // A rule for other ports is farther off than one that a label keeps away.
        let elsewhere = if ports.and(asked).is_empty() { 2 } else { 0 };
        if rule.peers.is_none() || peers.iter().any(means) {
            return Some((elsewhere, resolved));
        }
        let each = peers.iter().map(|id| self.peer_lacks(policy, *id, other));
        let (lacks, says) = each.min_by_key(|(lacks, _)| *lacks)?;
        Some((lacks + elsewhere, says))
    }

    fn peer_lacks(&self, policy: &Policy, peer: u32, other: End) -> (usize, String) {
        let source = self.policies.peers.get(peer as usize);
        match (source, other) {
            (Some(Source::Block(block)), _) => {
                let cidr = block
                    .cidr
                    .map_or_else(|| "an unreadable CIDR".to_owned(), |c| c.to_string());
                let excepted = matches!(self.peers.get(peer as usize), Some(Peers::Block(inside)) if !inside.is_empty());
                let but = if block.except.is_empty() || !excepted {
                    ""
                } else {
                    ", with exceptions"
                };
                (3, format!("it allows the addresses {cidr}{but}"))
            }
            // Of policies of the cluster, which are told by what denies.
            (Some(Source::Networks(_) | Source::Outside(_)), _) => {
                (9, "it allows nobody".to_owned())
            }
            (Some(Source::Pods(place, pods)), End::Class(class)) => {
                self.pods_lack(policy, place, pods, class)
            }
            (Some(Source::Pods(..)), End::Piece(_)) => (
                3,
                "it allows pods, and this is an address outside the cluster".to_owned(),
            ),
            (None, _) => (9, "it allows nobody".to_owned()),
        }
    }

    fn pods_lack(
        &self,
        policy: &Policy,
        place: &Where,
        pods: &Chosen,
        class: ClassId,
    ) -> (usize, String) {
        let (Some(class), Some(home)) = (self.class(class), self.place_of(class)) else {
            return (9, "it allows nobody".to_owned());
        };
        let mut lacks = Vec::new();
        match place {
            Where::Own(own) if *own != home.name => {
                lacks.push(format!("it allows pods of {} alone", policy.namespace()));
            }
            Where::Selected(chosen) => {
                let labels = home.labels.as_deref().unwrap_or_default();
                let name = format!("namespace {}", home.name);
                lacks.extend(self.wants(chosen, labels, &name));
            }
            Where::Own(_) => {}
        }
        lacks.extend(self.wants(pods, &class.labels, "the pod"));
        if lacks.is_empty() {
            lacks.push("it allows nobody".to_owned());
        }
        (lacks.len(), lacks.join(", and "))
    }

    fn wants(&self, chosen: &Chosen, labels: &[(NameId, NameId)], who: &str) -> Vec<String> {
        if *chosen == Chosen::Nothing {
            return vec!["its selector is one that the API refuses".to_owned()];
        }
        let missing = chosen
            .wanted()
            .iter()
            .filter(|wanted| !wanted.holds(labels));
        let mut says: Vec<String> = missing
            .map(|wanted| self.says(wanted, labels, who))
            .collect();
        // Numbers of words are as they were met: people see them in order.
        says.sort_unstable();
        says
    }

    fn says(&self, wanted: &Wanted, labels: &[(NameId, NameId)], who: &str) -> String {
        let key = self.names.word(wanted.key);
        let mut values: Vec<_> = wanted.values.iter().map(|v| self.names.word(*v)).collect();
        values.sort_unstable();
        let values = values.join(" or ");
        if key == NAMESPACE_NAME && wanted.operator == Operator::In {
            let here = value(labels, wanted.key).map_or("", |v| self.names.word(v));
            return format!("it wants namespace {values}, and this is {here}");
        }
        let has = match value(labels, wanted.key) {
            Some(value) => format!("{who} has {key}={}", self.names.word(value)),
            None => format!("{who} has no {key}"),
        };
        match wanted.operator {
            Operator::In => format!("it wants {key}={values}, and {has}"),
            Operator::NotIn => format!("it wants {key} not {values}, and {has}"),
            Operator::Exists => format!("it wants any {key}, and {has}"),
            Operator::DoesNotExist => format!("it wants no {key}, and {has}"),
        }
    }
}
