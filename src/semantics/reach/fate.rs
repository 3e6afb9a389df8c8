//! What the policies of a tier decide, port by port: rules in order, the first that matches counts, and nothing is
//! implied of what none matches. Source: section "tiers" of sigs.k8s.io/network-policy-api.
//!
//! A rule that matches perhaps leaves both possible. Policies of equal priority are asked in an order that nobody
//! defines: what they disagree on is open.

use super::class::ClassId;
use super::network::{End, Network};
use super::place::Holds;
use super::ports::PortSet;
use super::side::{By, Part};
use super::tier::{Step, TierId, TierPolicy};
use super::verdict::Doubt;
use crate::model::objects::cluster_policy::{Action, Tier};
use crate::semantics::network::Direction;

/// Ports, and all that may become of them.
#[derive(Clone, Debug)]
pub(super) struct Fate {
    pub ports: PortSet,
    /// A rule lets them pass.
    pub accept: Option<By>,
    /// A rule denies them.
    pub deny: Option<By>,
    /// A rule leaves them to what comes next.
    pub pass: bool,
    /// No rule matches.
    pub open: bool,
    /// Why more than one of these is possible.
    pub doubt: Option<Doubt>,
}

impl Fate {
    fn open(ports: PortSet) -> Fate {
        Fate {
            ports,
            accept: None,
            deny: None,
            pass: false,
            open: true,
            doubt: None,
        }
    }

    /// What comes next may decide.
    pub fn goes_on(&self) -> bool {
        self.pass || self.open
    }

    fn meets(&mut self, action: Action, by: By) {
        match action {
            Action::Accept => self.accept = self.accept.or(Some(by)),
            Action::Deny => self.deny = self.deny.or(Some(by)),
            Action::Pass => self.pass = true,
        }
    }

    fn actions(&self) -> [bool; 3] {
        [self.accept.is_some(), self.deny.is_some(), self.pass]
    }

    /// Of two policies of equal priority.
    fn beside(&self, other: &Fate) -> Option<Fate> {
        let ports = self.ports.and(&other.ports);
        let (mine, theirs) = (self.actions(), other.actions());
        let decide = |actions: [bool; 3]| actions.contains(&true);
        let disagree = decide(mine) && decide(theirs) && mine != theirs;
        (!ports.is_empty()).then(|| Fate {
            ports,
            accept: self.accept.or(other.accept),
            deny: self.deny.or(other.deny),
            pass: self.pass || other.pass,
            open: self.open && other.open,
            doubt: self
                .doubt
                .or(other.doubt)
                .or(disagree.then_some(Doubt::EqualPriority)),
        })
    }
}

/// Who connects, as a subject sees it.
#[derive(Clone, Copy, Debug)]
pub(super) struct Asked {
    pub direction: Direction,
    pub subject: ClassId,
    pub other: End,
}

impl Network {
    /// What a tier makes of ports.
    pub(super) fn fates(&self, tier: Tier, asked: Asked, ports: &PortSet) -> Vec<Fate> {
        let mut fates = vec![Fate::open(ports.clone())];
        let row = self.tier_row(asked.direction, asked.subject);
        let of_tier: Vec<(TierId, bool, &TierPolicy)> = row
            .iter()
            .filter_map(|(id, sure)| Some((*id, *sure, self.policies.tiers.get(*id as usize)?)))
            .filter(|(_, _, policy)| policy.tier == tier)
            .collect();
        for equals in of_tier.chunk_by(|a, b| a.2.priority == b.2.priority) {
            let mut next = Vec::new();
            for fate in fates {
                if fate.open {
                    next.extend(self.through(equals, asked, &fate));
                } else {
                    next.push(fate);
                }
            }
            fates = next;
        }
        fates
    }

    /// Policies of one priority, for ports that what came before leaves open (perhaps).
    fn through(
        &self,
        equals: &[(TierId, bool, &TierPolicy)],
        asked: Asked,
        before: &Fate,
    ) -> Vec<Fate> {
        let mut cells = vec![Fate::open(before.ports.clone())];
        for (id, sure, policy) in equals {
            let own = self.by_one((*id, *sure, policy), asked, &before.ports);
            let both = cells
                .iter()
                .flat_map(|cell| own.iter().filter_map(|fate| cell.beside(fate)));
            cells = both.collect();
        }
        for cell in &mut cells {
            cell.accept = before.accept.or(cell.accept);
            cell.deny = before.deny.or(cell.deny);
            cell.pass |= before.pass;
            cell.doubt = before.doubt.or(cell.doubt);
        }
        cells
    }

    fn by_one(
        &self,
        (id, sure, policy): (TierId, bool, &TierPolicy),
        asked: Asked,
        ports: &PortSet,
    ) -> Vec<Fate> {
        let mut fates = vec![Fate::open(ports.clone())];
        let steps = policy.rules.get(asked.direction as usize);
        for (at, step) in steps.into_iter().flatten().enumerate() {
            let (certain, perhaps, doubt) = self.matches(step, sure, asked);
            if certain.is_empty() && perhaps.is_empty() {
                continue;
            }
            let mut next = Vec::new();
            for fate in fates {
                if !fate.open {
                    next.push(fate);
                    continue;
                }
                let by = By::Cluster(id, at);
                let parts = [(&certain, false), (&perhaps, true)];
                let mut left = fate.ports.clone();
                for (ports, open) in parts {
                    let ports = left.and(ports);
                    if ports.is_empty() {
                        continue;
                    }
                    left = left.without(&ports);
                    let mut met = Fate {
                        ports,
                        open,
                        ..fate.clone()
                    };
                    met.meets(step.action, by);
                    met.doubt = met.doubt.or(doubt.filter(|_| open));
                    next.push(met);
                }
                if !left.is_empty() {
                    next.push(Fate {
                        ports: left,
                        ..fate
                    });
                }
            }
            fates = next;
        }
        fates
    }

    /// Ports that a rule matches for certain, and those that it matches perhaps.
    fn matches(&self, step: &Step, sure: bool, asked: Asked) -> (PortSet, PortSet, Option<Doubt>) {
        let to = match asked.direction {
            Direction::Ingress => End::Class(asked.subject),
            Direction::Egress => asked.other,
        };
        let (ports, sidecar) = self.ports(&step.ports, to);
        let none = PortSet::default;
        match self.means(step.peers.as_deref(), asked.other) {
            Holds::No => (none(), none(), None),
            Holds::Yes if sure => (ports, sidecar, Some(Doubt::NamedPort)),
            Holds::Yes => (none(), ports.or(&sidecar), Some(Doubt::PoliciesNotVisible)),
            Holds::Maybe(doubt) => (none(), ports.or(&sidecar), Some(doubt)),
        }
    }

    /// What passes by both tiers and by NetworkPolicies between them.
    pub(super) fn by_tiers(&self, asked: Asked) -> Vec<Part> {
        let mut parts = Vec::new();
        for fate in self.fates(Tier::Admin, asked, &PortSet::all()) {
            let next = |ports: &PortSet| self.by_policies(asked, ports);
            parts.extend(outcome(&fate, next));
        }
        parts
    }

    /// What passes by the tier after NetworkPolicies.
    pub(super) fn by_baseline(&self, asked: Asked, ports: &PortSet) -> Vec<Part> {
        let fates = self.fates(Tier::Baseline, asked, ports);
        let parts = fates.iter().flat_map(|fate| {
            outcome(fate, |ports| {
                vec![Part {
                    ports: ports.clone(),
                    by: None,
                    doubt: None,
                }]
            })
        });
        parts.collect()
    }

    /// Rules of the tiers that deny some of these ports; NetworkPolicies are asked of the rest.
    pub(super) fn tier_denials(&self, asked: Asked, ports: &PortSet) -> (Vec<By>, bool) {
        let admin = self.fates(Tier::Admin, asked, ports);
        let goes_on = admin.iter().any(Fate::goes_on);
        let mut denials: Vec<By> = admin.iter().filter_map(|fate| fate.deny).collect();
        if goes_on && self.row(asked.direction, asked.subject).is_empty() {
            let rest = admin.iter().filter(|fate| fate.goes_on());
            let rest = rest.fold(PortSet::default(), |all, fate| all.or(&fate.ports));
            let baseline = self.fates(Tier::Baseline, asked, &rest);
            denials.extend(baseline.iter().filter_map(|fate| fate.deny));
        }
        denials.sort_unstable();
        denials.dedup();
        (denials, goes_on)
    }
}

fn outcome(fate: &Fate, next: impl Fn(&PortSet) -> Vec<Part>) -> Vec<Part> {
    let mut all: Vec<Vec<Part>> = Vec::new();
    if let Some(by) = fate.accept {
        all.push(vec![Part {
            ports: fate.ports.clone(),
            by: Some(by),
            doubt: None,
        }]);
    }
    if fate.deny.is_some() {
        all.push(Vec::new());
    }
    if fate.goes_on() {
        all.push(next(&fate.ports));
    }
    let doubt = fate.doubt.unwrap_or(Doubt::PoliciesNotVisible);
    let mut all = all.into_iter();
    let first = all.next().unwrap_or_default();
    all.fold(first, |one, other| either(&one, &other, doubt))
}

/// What passes when it is one or the other: for certain where both let it, perhaps where one does.
fn either(one: &[Part], other: &[Part], doubt: Doubt) -> Vec<Part> {
    let mut parts = Vec::new();
    for mine in one {
        for theirs in other {
            let ports = mine.ports.and(&theirs.ports);
            if !ports.is_empty() {
                parts.push(Part {
                    ports,
                    by: mine.by,
                    doubt: mine.doubt.or(theirs.doubt),
                });
            }
        }
    }
    for (these, those) in [(one, other), (other, one)] {
        let passing = those
            .iter()
            .fold(PortSet::default(), |all, part| all.or(&part.ports));
        for part in these {
            let ports = part.ports.without(&passing);
            if !ports.is_empty() {
                parts.push(Part {
                    ports,
                    by: part.by,
                    doubt: part.doubt.or(Some(doubt)),
                });
            }
        }
    }
    parts
}
