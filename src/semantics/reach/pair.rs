//! Both sides of a connection together: it passes where both let it.

use super::class::ClassId;
use super::enforcer::Enforcement;
use super::fate::Asked;
use super::network::{End, Network};
use super::ports::PortSet;
use super::side::{By, Part};
use super::verdict::{Because, Doubt, Row, Verdict};
use crate::model::ObjectKey;
use crate::semantics::network::Direction;

impl Network {
    /// Whether one end reaches the other on any of these ports, with what decides: rows that never share a port, or one
    /// denial of all. Two ends outside the cluster are not ours to judge: no row.
    pub fn judge(&self, from: End, to: End, asked: &PortSet) -> Vec<Row> {
        if let (End::Piece(_), End::Piece(_)) = (from, to) {
            return Vec::new();
        }
        if self.is_host(from) || self.is_host(to) {
            return vec![self.with_host(from, to, asked)];
        }
        let out = self.half(Direction::Egress, from, to, asked);
        self.decide((from, to), &out, asked)
    }

    /// The same as far as the destination decides: for a source of which only its place in the network is known.
    pub fn enters(&self, from: End, to: ClassId, asked: &PortSet) -> Vec<Row> {
        let to = End::Class(to);
        if self.is_host(from) || self.is_host(to) {
            return vec![self.with_host(from, to, asked)];
        }
        let mut out = Part::all(None);
        out.ports = asked.clone();
        self.decide((from, to), &[out], asked)
    }

    fn decide(&self, (from, to): (End, End), out: &[Part], asked: &PortSet) -> Vec<Row> {
        let into = self.half(Direction::Ingress, to, from, asked);
        let mut rows: Vec<Row> = Vec::new();
        for source in out {
            for target in &into {
                let ports = source.ports.and(&target.ports);
                if !ports.is_empty() {
                    let because = self.because(source.by, target.by);
                    let doubt = target.doubt.or(source.doubt);
                    let verdict = doubt.map_or(Verdict::Allow, Verdict::Undetermined);
                    add(&mut rows, verdict, ports, because);
                }
            }
        }
        if rows.is_empty() {
            rows.push(self.denial((from, to), (out, &into), asked));
        }
        if self.is_waiting(from) || self.is_waiting(to) {
            for row in rows.iter_mut().filter(|row| row.verdict == Verdict::Allow) {
                row.verdict = Verdict::Undetermined(Doubt::PodPending);
            }
        }
        rows
    }

    /// The same for two workloads: any pod of one, any pod of the other.
    pub fn between(&self, from: &ObjectKey, to: &ObjectKey, asked: &PortSet) -> Vec<Row> {
        let of = |key| self.classes_of(key).iter().map(|class| End::Class(*class));
        self.together(of(from), &of(to).collect::<Vec<_>>(), asked)
    }

    /// Rows of every pair of ends, as rows of one pair.
    pub fn together(
        &self,
        from: impl Iterator<Item = End>,
        to: &[End],
        asked: &PortSet,
    ) -> Vec<Row> {
        let mut rows: Vec<Row> = Vec::new();
        let mut denial = None;
        for source in from {
            for target in to {
                for row in self.judge(source, *target, asked) {
                    if row.verdict == Verdict::Deny {
                        denial.get_or_insert(row);
                    } else {
                        add(&mut rows, row.verdict, row.ports, row.because);
                    }
                }
            }
        }
        if rows.is_empty() {
            rows.extend(denial);
        }
        rows
    }

    fn half(&self, direction: Direction, subject: End, other: End, asked: &PortSet) -> Vec<Part> {
        let mut parts = match subject {
            End::Class(class) => self.side(direction, class, other),
            // What is outside has no side of its own here.
            End::Piece(_) => vec![Part::all(None)],
        };
        for part in &mut parts {
            part.ports = part.ports.and(asked);
        }
        parts.retain(|part| !part.ports.is_empty());
        parts
    }

    /// Policies do nothing to the network of a node, by most plugins; the API does not say. Only where no policy comes
    /// into it is the answer certain.
    fn with_host(&self, from: End, to: End, asked: &PortSet) -> Row {
        let touched = |direction, end| match end {
            End::Class(class) => {
                let place = self.place_of(class);
                let other = place
                    .is_none_or(|p| p.hidden || p.vendor.get(direction as usize) == Some(&true));
                let tiers = self.tiers_hidden || !self.tier_row(direction, class).is_empty();
                other || tiers || !self.row(direction, class).is_empty()
            }
            End::Piece(_) => false,
        };
        let doubtful = touched(Direction::Egress, from) || touched(Direction::Ingress, to);
        Row {
            verdict: if doubtful {
                Verdict::Undetermined(Doubt::HostNetwork)
            } else {
                Verdict::Allow
            },
            ports: asked.clone(),
            because: Vec::new(),
            nearest_miss: None,
        }
    }

    fn denial(
        &self,
        (from, to): (End, End),
        (out, into): (&[Part], &[Part]),
        asked: &PortSet,
    ) -> Row {
        let (out, into) = (out.is_empty(), into.is_empty());
        // Where each side lets something pass, but not the same, both deny.
        let both = out == into;
        let sides = [
            (Direction::Egress, from, to, out || both),
            (Direction::Ingress, to, from, into || both),
        ];
        let (mut because, mut misses) = (Vec::new(), Vec::new());
        for (direction, subject, other, denies) in sides {
            if let (End::Class(class), true) = (subject, denies) {
                let of = Asked {
                    direction,
                    subject: class,
                    other,
                };
                let (denials, goes_on) = self.tier_denials(of, asked);
                for by in denials {
                    because.extend(self.named(direction, by));
                    misses.extend(self.denies(direction, by));
                }
                if goes_on {
                    because.extend(self.isolating(direction, class));
                    misses.extend(self.nearest_miss(direction, class, other, asked));
                }
            }
        }
        // A policy without an enforcer denies nothing.
        let decoration = matches!(self.enforcement, Enforcement::Nobody(_));
        Row {
            verdict: if decoration {
                Verdict::Undetermined(Doubt::NotEnforced)
            } else {
                Verdict::Deny
            },
            ports: if decoration {
                asked.clone()
            } else {
                PortSet::default()
            },
            because,
            nearest_miss: (!misses.is_empty()).then(|| misses.join("; ")),
        }
    }

    fn isolating(&self, direction: Direction, class: ClassId) -> impl Iterator<Item = Because> {
        let row = self.row(direction, class).iter();
        row.filter_map(|id| self.policies.get(*id))
            .map(move |policy| Because {
                policy: policy.key.clone(),
                direction,
                rule: None,
            })
    }

    fn because(&self, out: Option<By>, into: Option<By>) -> Vec<Because> {
        let sides = [(Direction::Egress, out), (Direction::Ingress, into)];
        let named = sides.into_iter();
        named
            .filter_map(|(direction, by)| self.named(direction, by?))
            .collect()
    }

    fn named(&self, direction: Direction, by: By) -> Option<Because> {
        let (policy, rule) = match by {
            By::Policy(policy, rule) => (&self.policies.get(policy)?.key, rule),
            By::Cluster(policy, rule) => (&self.policies.tiers.get(policy as usize)?.key, rule),
        };
        Some(Because {
            policy: policy.clone(),
            direction,
            rule: Some(rule),
        })
    }

    fn denies(&self, direction: Direction, by: By) -> Option<String> {
        let because = self.named(direction, by)?;
        let direction = direction.word().to_lowercase();
        let rule = because.rule.unwrap_or_default();
        Some(format!(
            "{} {direction} rule {rule} denies it",
            because.policy
        ))
    }

    fn is_host(&self, end: End) -> bool {
        matches!(end, End::Class(class) if self.class(class).is_some_and(|c| c.host))
    }

    fn is_waiting(&self, end: End) -> bool {
        matches!(end, End::Class(class) if self.class(class).is_some_and(|c| c.waiting))
    }
}

/// Adds ports to the row of their reason.
fn add(rows: &mut Vec<Row>, verdict: Verdict, ports: PortSet, because: Vec<Because>) {
    let same = |row: &&mut Row| row.verdict == verdict && row.because == because;
    match rows.iter_mut().find(same) {
        Some(row) => row.ports = row.ports.or(&ports),
        None => rows.push(Row {
            verdict,
            ports,
            because,
            nearest_miss: None,
        }),
    }
}
