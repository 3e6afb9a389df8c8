//! Which pairs are asked for, and what is said of each.

use crate::cli::exit::Failure;
use crate::model::ObjectKey;
use crate::semantics::reach::{End, Enforcement, Network, Party, PieceId, PortSet, Row, Verdict};
use crate::view::View;

/// A question.
#[derive(Debug)]
pub(in crate::cli) struct Ask {
    /// Only from here.
    pub(in crate::cli) from: Option<Party>,
    /// Only to here.
    pub(in crate::cli) to: Option<Party>,
    /// Only this port.
    pub(in crate::cli) port: Option<PortSet>,
    /// Only pairs with an end in one of these namespaces; empty is all.
    pub(in crate::cli) namespaces: Vec<String>,
    /// Denied and undetermined pairs too.
    pub(in crate::cli) all: bool,
}

/// What stands at one end of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Side<'n> {
    Workload(&'n ObjectKey),
    Block(PieceId, String),
}

impl Side<'_> {
    fn is_in(&self, namespaces: &[String]) -> bool {
        match self {
            Side::Workload(key) => namespaces.iter().any(|ns| *ns == key.home()),
            Side::Block(..) => false,
        }
    }
}

/// One pair with its rows.
#[derive(Debug)]
pub(in crate::cli) struct Pair<'n> {
    pub(super) from: Side<'n>,
    pub(super) to: Side<'n>,
    pub(super) rows: Vec<Row>,
}

/// The pairs that are asked for, in order of their ends: workloads, then addresses.
pub(in crate::cli) fn answer<'n>(
    network: &'n Network,
    ask: &'n Ask,
) -> Result<Vec<Pair<'n>>, Failure> {
    let (from, to) = (
        sides(network, ask.from.as_ref(), "from")?,
        sides(network, ask.to.as_ref(), "to")?,
    );
    let ports = ask.port.clone().unwrap_or_else(PortSet::all);
    let targets: Vec<(&Side<'_>, Vec<End>)> =
        to.iter().map(|side| (side, ends(network, side))).collect();
    let mut pairs = Vec::new();
    for source in &from {
        let sources = ends(network, source);
        for (target, ends) in &targets {
            if !is_asked(ask, source, target) {
                continue;
            }
            let rows = network.together(sources.iter().copied(), ends, &ports);
            let talks = rows.iter().any(|row| row.verdict == Verdict::Allow);
            if !rows.is_empty() && (ask.all || talks) {
                pairs.push(Pair {
                    from: source.clone(),
                    to: (*target).clone(),
                    rows,
                });
            }
        }
    }
    Ok(pairs)
}

/// A workload and itself are a pair only when both are asked for by name.
fn is_asked(ask: &Ask, from: &Side<'_>, to: &Side<'_>) -> bool {
    if let (Side::Block(..), Side::Block(..)) = (from, to) {
        return false;
    }
    let by_name = ask.from.is_some() && ask.to.is_some();
    let near =
        ask.namespaces.is_empty() || from.is_in(&ask.namespaces) || to.is_in(&ask.namespaces);
    near && (from != to || by_name)
}

fn sides<'n>(
    network: &'n Network,
    party: Option<&'n Party>,
    flag: &str,
) -> Result<Vec<Side<'n>>, Failure> {
    let block = |id: PieceId| {
        let net = network.pieces().get(id);
        Side::Block(id, net.map(ToString::to_string).unwrap_or_default())
    };
    match party {
        None => {
            let workloads = network.workloads().map(|(key, _)| Side::Workload(key));
            let blocks = network.pieces().iter().map(|(id, _)| block(id));
            Ok(workloads.chain(blocks).collect())
        }
        Some(Party::Workload(key)) if network.classes_of(key).is_empty() => Err(Failure::usage(
            format!("--{flag}: {key} was not seen, or runs nothing"),
        )),
        Some(Party::Workload(key)) => Ok(vec![Side::Workload(key)]),
        Some(addresses) => {
            let pieces = addresses.ends(network).into_iter();
            Ok(pieces
                .filter_map(|end| match end {
                    End::Piece(id) => Some(block(id)),
                    End::Class(_) => None,
                })
                .collect())
        }
    }
}

fn ends(network: &Network, side: &Side<'_>) -> Vec<End> {
    match side {
        Side::Workload(key) => {
            let classes = network.classes_of(key).iter();
            classes.map(|class| End::Class(*class)).collect()
        }
        Side::Block(id, _) => vec![End::Piece(*id)],
    }
}

/// What a person must know to read the answer.
pub(in crate::cli) fn notes(network: &Network, view: &View<'_>) -> Vec<String> {
    let enforced = match network.enforcement() {
        Enforcement::By(_) => None,
        Enforcement::Nobody(plugin) => Some(format!(
            "{plugin} enforces no NetworkPolicy, and no other plugin was found: what they deny may pass"
        )),
        Enforcement::CannotTell => Some(
            "which network plugin enforces policies was not seen: the answers are those of the policies".to_owned(),
        ),
    };
    let hidden = view.take_blind().into_iter();
    let hidden = hidden.map(|missing| format!("not visible: {}", missing.sentence()));
    enforced.into_iter().chain(hidden).collect()
}
