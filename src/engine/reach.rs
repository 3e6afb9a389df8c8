//! Who reaches somebody over the network, and whom he reaches, as an answer of its own.

use ipnet::IpNet;

use crate::model::{Kind, Missing, ObjectKey, Str};
use crate::semantics::reach::{
    End, Enforcement, Network, Party, Pieces, PortSet, Question, Row, Verdict,
};
use crate::view::{View, World};

/// Everybody around one end.
#[derive(Clone, Debug)]
pub struct ReachAnswer {
    /// The first end runs nothing that is known.
    pub is_unknown: bool,
    /// Who reaches it, in order: workloads, then blocks of addresses.
    pub into: Vec<Reached>,
    /// Whom it reaches.
    pub out: Vec<Reached>,
    /// Whether anybody enforces policies.
    pub enforcement: Enforcement,
    /// What could not be seen.
    pub missing: Vec<Missing>,
}

/// Somebody at the other end, and what decides.
#[derive(Clone, Debug)]
pub struct Reached {
    /// Who.
    pub who: Other,
    /// What is said of the connection: rows never share a port.
    pub rows: Vec<Row>,
}

/// The other end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Other {
    /// A workload.
    Workload(ObjectKey),
    /// Addresses outside the cluster, in words.
    Addresses(Str),
}

impl Reached {
    /// One word for all rows: it passes if anything does for certain, and is denied if nothing can.
    pub fn verdict(&self) -> Option<Verdict> {
        let passes = self.rows.iter().find(|row| row.verdict == Verdict::Allow);
        passes.or(self.rows.first()).map(|row| row.verdict)
    }

    /// Ports that pass, and those that depend.
    pub fn ports(&self) -> (PortSet, PortSet) {
        let of = |certain: bool| {
            let rows = self.rows.iter().filter(move |row| match row.verdict {
                Verdict::Allow => certain,
                Verdict::Undetermined(_) => !certain,
                Verdict::Deny => false,
            });
            rows.fold(PortSet::default(), |all, row| all.or(&row.ports))
        };
        (of(true), of(false))
    }
}

impl ReachAnswer {
    pub(super) fn of(world: &World, network: &Network, question: &Question) -> ReachAnswer {
        let ports = question.port.clone().unwrap_or_else(PortSet::all);
        let here = question.from.ends(network);
        let others = others(network, question);
        let side = |into: bool| {
            let reached = others.iter().map(|(peer, ends)| {
                let (from, to) = if into { (ends, &here) } else { (&here, ends) };
                (
                    peer.clone(),
                    network.together(from.iter().copied(), to, &ports),
                )
            });
            together(reached)
        };
        ReachAnswer {
            is_unknown: here.is_empty(),
            into: side(true),
            out: side(false),
            enforcement: network.enforcement().clone(),
            missing: hidden(world),
        }
    }
}

/// What decides and could not be seen.
fn hidden(world: &World) -> Vec<Missing> {
    let view = View::new(world);
    let deciding = [Kind::NetworkPolicy, Kind::Namespace, Kind::Pod];
    for kind in deciding.into_iter().chain(Kind::TEMPLATED) {
        drop(view.list_all(kind));
    }
    view.take_blind()
}

/// Blocks of which the same is said are one.
fn together(all: impl Iterator<Item = (Peer, Vec<Row>)>) -> Vec<Reached> {
    let mut workloads = Vec::new();
    let mut blocks: Vec<(Vec<IpNet>, Vec<Row>)> = Vec::new();
    for (peer, rows) in all.filter(|(_, rows)| !rows.is_empty()) {
        match peer {
            Peer::Workload(key) => workloads.push(Reached {
                who: Other::Workload(key),
                rows,
            }),
            Peer::Block(net) => match blocks.iter_mut().find(|(_, known)| *known == rows) {
                Some((nets, _)) => nets.push(net),
                None => blocks.push((vec![net], rows)),
            },
        }
    }
    let blocks = blocks.into_iter().map(|(nets, rows)| Reached {
        who: Other::Addresses(addresses(&nets).into()),
        rows,
    });
    workloads.into_iter().chain(blocks).collect()
}

/// The rest of the address space.
fn without(nets: &[IpNet]) -> Vec<IpNet> {
    let inside = |piece: &IpNet| nets.iter().any(|net| net.contains(piece));
    let pieces = Pieces::around(nets);
    let rest: Vec<IpNet> = pieces
        .iter()
        .map(|(_, piece)| *piece)
        .filter(|p| !inside(p))
        .collect();
    IpNet::aggregate(&rest)
}

/// Blocks in few words: themselves, or what they leave out where that is shorter.
fn addresses(nets: &[IpNet]) -> String {
    let list = |nets: &[IpNet]| {
        let words: Vec<_> = nets.iter().map(ToString::to_string).collect();
        words.join(", ")
    };
    let nets = IpNet::aggregate(&nets.to_vec());
    let rest = without(&nets);
    match (nets.len(), rest.len()) {
        (_, 0) => "every address outside".to_owned(),
        (inside, outside) if outside < inside => format!("all addresses but {}", list(&rest)),
        _ => format!("addresses {}", list(&nets)),
    }
}

/// Who is asked about, before blocks are put together.
#[derive(Clone, Debug)]
enum Peer {
    Workload(ObjectKey),
    Block(IpNet),
}

fn others(network: &Network, question: &Question) -> Vec<(Peer, Vec<End>)> {
    let blocks = |ends: Vec<End>| {
        ends.into_iter().filter_map(|end| match end {
            End::Piece(id) => Some((Peer::Block(*network.pieces().get(id)?), vec![end])),
            End::Class(_) => None,
        })
    };
    match &question.to {
        Some(Party::Workload(key)) => {
            let ends = Party::Workload(key.clone()).ends(network);
            vec![(Peer::Workload(key.clone()), ends)]
        }
        Some(addresses) => blocks(addresses.ends(network)).collect(),
        None => {
            let mine =
                |key: &ObjectKey| matches!(&question.from, Party::Workload(from) if from == key);
            let workloads = network.workloads().filter(|(key, _)| !mine(key));
            let workloads = workloads.map(|(key, classes)| {
                let ends = classes.iter().map(|class| End::Class(*class));
                (Peer::Workload(key.clone()), ends.collect())
            });
            let pieces = network.pieces().iter().map(|(id, _)| End::Piece(id));
            workloads.chain(blocks(pieces.collect())).collect()
        }
    }
}
