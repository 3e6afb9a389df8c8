//! What NetworkPolicy says of a way in, on the ports of the pods behind it, for the address that it sees.
//!
//! Where that address is the client's, a way is allowed when somebody whom the door lets in is let in by the policies too.
//! Where it is another one that is not known, the way is allowed when every address is, and a denial of all of a node's is
//! still undetermined: the pod's own node is always let in.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::address::{is_all_special, is_special_too};
use super::filter;
use super::load_balancer;
use super::source::{self, Source};
use super::target;
use super::way::{Door, Level, Way, WayKind};
use crate::model::ObjectKey;
use crate::model::objects::service::Service;
use crate::semantics::reach::{
    Because, ClassId, Doubt, End, Network, PieceId, PortSet, Row, Verdict,
};
use crate::semantics::running;
use crate::view::View;

/// The answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judged {
    /// Whether it is let in.
    pub verdict: Verdict,
    /// Ports of the pods that this is about: those that pass, or where none does, those that the way leads to.
    pub ports: PortSet,
    /// What decides.
    pub because: Vec<Because>,
    /// For a denial: the rule that came closest, and what it lacks.
    pub nearest_miss: Option<String>,
    /// Whose address the policies see.
    pub source: Source,
    /// Where not every client is let in: the blocks that are.
    pub clients: Vec<IpNet>,
}

/// Judges ways, by the policies of a cluster.
#[derive(Debug)]
pub struct Gate<'v, 'a> {
    view: &'v View<'a>,
    network: &'v Network,
}

impl<'v, 'a> Gate<'v, 'a> {
    /// On what a view shows.
    pub fn new(view: &'v View<'a>, network: &'v Network) -> Self {
        Gate { view, network }
    }

    /// What policies say of a way; `None` where no pod that is visible stands behind it.
    pub fn judge(&self, way: &Way) -> Option<Judged> {
        let workload = way.workload.as_ref()?;
        let classes = self.network.classes_of(workload);
        if classes.is_empty() {
            return None;
        }
        let ports = target::ports(self.view, way);
        let service = source::service(self.view, way.service.as_ref());
        let source = source::of(self.view, &way.door, service);
        let mut judged = if ports.is_empty() {
            nowhere(source)
        } else {
            let families = self.families(workload, service);
            let asked = Asked {
                classes,
                ports: &ports,
                families,
            };
            self.by_source(source, &asked, &way.door, service)
        };
        if let Some(first) = way
            .door
            .front
            .as_ref()
            .and_then(|front| self.to_proxy(front))
        {
            judged = judged.behind(first);
        }
        Some(judged)
    }

    /// The way to the proxy itself, which comes before the one behind it: that of the workload which fares best.
    fn to_proxy(&self, front: &ObjectKey) -> Option<Judged> {
        let service = source::service(self.view, Some(front))?;
        let door = load_balancer::door(service)?;
        let workloads = super::backends(self.view, service).workloads;
        let each = workloads.into_keys().filter_map(|workload| {
            self.judge(&Way {
                door: door.clone(),
                service: Some(front.clone()),
                workload: Some(workload),
                inside: Vec::new(),
            })
        });
        each.min_by_key(|judged| judged.verdict.rank())
    }

    fn by_source(
        &self,
        source: Source,
        asked: &Asked<'_>,
        door: &Door,
        service: Option<&Service>,
    ) -> Judged {
        match &source {
            Source::Client => {
                let restricted = (door.kind == WayKind::LoadBalancer)
                    .then_some(service)
                    .flatten();
                let ranges = restricted.and_then(filter::ranges);
                // A list of clients says who they are; without one the level does.
                let callers = self.pieces(asked, |net| match &ranges {
                    Some(ranges) => ranges.iter().any(|range| touch(range, net)),
                    None => is_of_level(net, door.level),
                });
                self.any_client(source, asked, &callers)
            }
            Source::Pods(workloads) => {
                let classes = workloads
                    .iter()
                    .flat_map(|key| self.network.classes_of(key));
                let rows = self.network.together(
                    classes.map(|c| End::Class(*c)),
                    &asked.ends(),
                    asked.ports,
                );
                if rows.is_empty() {
                    return self.any_client(source.clone(), asked, &self.pieces(asked, |_| true));
                }
                Judged::of(rows, source, asked.ports)
            }
            Source::Balancer(nets) => {
                let known = |net: &IpNet| nets.is_empty() || nets.iter().any(|n| touch(n, net));
                let rows =
                    self.enters(asked, self.pieces(asked, known).into_iter().map(End::Piece));
                agree(&rows, source, asked.ports, Verdict::Deny)
            }
            Source::Proxy => {
                let pieces = self.pieces(asked, |_| true).into_iter().map(End::Piece);
                let rows = self.enters(asked, pieces.chain(self.network.ends()));
                agree(&rows, source, asked.ports, Verdict::Deny)
            }
            Source::Own => {
                let to: Vec<End> = self
                    .pieces(asked, |net| !is_all_special(net))
                    .into_iter()
                    .map(End::Piece)
                    .collect();
                let from = asked.ends().into_iter();
                Judged::of(
                    self.network.together(from, &to, asked.ports),
                    source,
                    asked.ports,
                )
            }
            Source::Node | Source::ClientOrNode => {
                let rows = self.enters(
                    asked,
                    self.pieces(asked, |_| true).into_iter().map(End::Piece),
                );
                let denied = Verdict::Undetermined(Doubt::SourceRewritten);
                agree(&rows, source, asked.ports, denied)
            }
        }
    }

    fn any_client(&self, source: Source, asked: &Asked<'_>, callers: &[PieceId]) -> Judged {
        let from = callers.iter().map(|id| End::Piece(*id));
        let rows = self.network.together(from, &asked.ends(), asked.ports);
        let mut judged = Judged::of(rows, source, asked.ports);
        if judged.verdict == Verdict::Allow {
            let is_let_in = |id: &&PieceId| {
                let ends = asked.ends();
                let rows =
                    self.network
                        .together([End::Piece(**id)].into_iter(), &ends, asked.ports);
                rows.iter().any(|row| row.verdict == Verdict::Allow)
            };
            let let_in: Vec<_> = callers.iter().filter(is_let_in).collect();
            if let_in.len() < callers.len() {
                let nets = let_in
                    .into_iter()
                    .filter_map(|id| self.network.pieces().get(*id));
                judged.clients = nets.copied().collect();
            }
        }
        judged
    }

    /// The rows of each source, until two of them disagree.
    fn enters(&self, asked: &Asked<'_>, from: impl Iterator<Item = End>) -> Vec<Vec<Row>> {
        let mut all: Vec<Vec<Row>> = Vec::new();
        for source in from {
            let each = asked.classes.iter();
            let rows: Vec<Row> = each
                .flat_map(|class| self.network.enters(source, *class, asked.ports))
                .collect();
            if all.contains(&rows) {
                continue;
            }
            all.push(rows);
            if disagree(&all) {
                break;
            }
        }
        all
    }

    fn pieces(&self, asked: &Asked<'_>, is_meant: impl Fn(&IpNet) -> bool) -> Vec<PieceId> {
        let pieces = self.network.pieces().iter();
        let of_family = |net: &IpNet| match net {
            IpNet::V4(_) => asked.families.0,
            IpNet::V6(_) => asked.families.1,
        };
        let pieces = pieces.filter(|(_, net)| of_family(net) && is_meant(net));
        pieces.map(|(id, _)| id).collect()
    }

    /// Whether the pods speak IPv4, and IPv6: by their addresses, else by the Service's, else perhaps both.
    fn families(&self, workload: &ObjectKey, service: Option<&Service>) -> (bool, bool) {
        let workload = running::workload(self.view, workload);
        let pods = workload.iter().flat_map(|w| &w.pods);
        let mut ips: BTreeSet<&str> = pods
            .flat_map(|pod| pod.ips.iter().map(|ip| &**ip))
            .collect();
        if ips.is_empty() {
            ips.extend(service.map(|service| &*service.cluster_ip));
        }
        let speaks = |six: bool| {
            let parsed = ips
                .iter()
                .filter_map(|ip| ip.parse::<std::net::IpAddr>().ok());
            parsed.into_iter().any(|ip| ip.is_ipv6() == six)
        };
        match (speaks(false), speaks(true)) {
            (false, false) => (true, true),
            known => known,
        }
    }
}

/// Whom and what a way leads to.
struct Asked<'n> {
    classes: &'n [ClassId],
    ports: &'n PortSet,
    families: (bool, bool),
}

impl Asked<'_> {
    fn ends(&self) -> Vec<End> {
        self.classes
            .iter()
            .map(|class| End::Class(*class))
            .collect()
    }
}

impl Judged {
    /// Of rows of which any lets somebody in.
    fn of(rows: Vec<Row>, source: Source, asked: &PortSet) -> Judged {
        let best = rows
            .iter()
            .map(|row| row.verdict)
            .min_by_key(|verdict| verdict.rank());
        let verdict = best.unwrap_or(Verdict::Deny);
        let mut judged = Judged {
            verdict,
            ports: PortSet::default(),
            because: Vec::new(),
            nearest_miss: None,
            source,
            clients: Vec::new(),
        };
        for row in rows.into_iter().filter(|row| row.verdict == verdict) {
            judged.ports = judged.ports.or(&row.ports);
            judged.because.extend(row.because);
            judged.nearest_miss = judged.nearest_miss.or(row.nearest_miss);
        }
        if judged.ports.is_empty() {
            judged.ports = asked.clone();
        }
        judged.because.sort_unstable();
        judged.because.dedup();
        judged
    }

    /// What is left of it behind another way that comes before: the worse of both, and what decides that.
    fn behind(self, first: Judged) -> Judged {
        if first.verdict.rank() <= self.verdict.rank() {
            return self;
        }
        Judged {
            ports: self.ports,
            source: self.source,
            clients: Vec::new(),
            ..first
        }
    }
}

/// Ports that every source is let in on.
fn common(each: &[Vec<Row>]) -> PortSet {
    let sure = |rows: &Vec<Row>| {
        let rows = rows.iter().filter(|row| row.verdict == Verdict::Allow);
        rows.fold(PortSet::default(), |all, row| all.or(&row.ports))
    };
    let common = each.iter().map(sure).reduce(|all, one| all.and(&one));
    common.unwrap_or_default()
}

/// Nothing that more sources say can change that they disagree.
fn disagree(each: &[Vec<Row>]) -> bool {
    let mut rows = each.iter().flatten();
    let first = rows.next().map(|row| row.verdict.rank());
    rows.any(|row| Some(row.verdict.rank()) != first) && common(each).is_empty()
}

/// Of sources of which one is meant, and not known which: what they agree on. Where all deny, `denied` is the answer.
fn agree(each: &[Vec<Row>], source: Source, asked: &PortSet, denied: Verdict) -> Judged {
    let common = common(each);
    let all: Vec<Row> = each.iter().flatten().cloned().collect();
    if !common.is_empty() {
        let mut judged = Judged::of(all, source, asked);
        judged.ports = common;
        return judged;
    }
    let doubts: BTreeSet<Option<Doubt>> = all.iter().map(|row| row.verdict.doubt()).collect();
    let denies = |row: &Row| row.verdict == Verdict::Deny;
    let verdict = if all.iter().all(denies) {
        denied
    } else if all.iter().any(|row| row.verdict == Verdict::Allow) || all.iter().any(denies) {
        Verdict::Undetermined(Doubt::SourceRewritten)
    } else {
        let doubt = doubts.into_iter().flatten().next();
        Verdict::Undetermined(doubt.unwrap_or(Doubt::SourceRewritten))
    };
    let mut because: Vec<Because> = all.iter().flat_map(|row| row.because.clone()).collect();
    because.sort_unstable();
    because.dedup();
    let ruled = because.iter().any(|b| b.rule.is_some());
    because.retain(|b| b.rule.is_some() || !ruled);
    Judged {
        verdict,
        ports: asked.clone(),
        because,
        nearest_miss: all.into_iter().find_map(|row| row.nearest_miss),
        source,
        clients: Vec::new(),
    }
}

/// No pod has a port of that name: whether one listens there is not known.
fn nowhere(source: Source) -> Judged {
    Judged {
        verdict: Verdict::Undetermined(Doubt::NamedPort),
        ports: PortSet::default(),
        because: Vec::new(),
        nearest_miss: None,
        source,
        clients: Vec::new(),
    }
}

/// Whether a client of a block can come from as far as a door is open.
fn is_of_level(net: &IpNet, level: Level) -> bool {
    match level {
        Level::Internet | Level::Restricted => !is_all_special(net),
        Level::Network => is_special_too(net),
        Level::Cluster | Level::Pending | Level::Unknown => true,
    }
}

fn touch(one: &IpNet, other: &IpNet) -> bool {
    one.contains(other) || other.contains(one)
}
