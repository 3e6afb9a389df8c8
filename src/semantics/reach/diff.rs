//! What another set of policies would change: pairs that talk on other ports than before.

use std::collections::BTreeSet;

use ipnet::IpNet;

use super::blocks::Pieces;
use super::network::{End, Network};
use super::ports::PortSet;
use super::verdict::{Row, Verdict};
use crate::model::{ObjectKey, Str};

/// One end of a change.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Who {
    /// A workload.
    Workload(ObjectKey),
    /// A block outside the cluster, which neither set of policies cuts.
    Block(IpNet),
}

impl Who {
    fn ends(&self, network: &Network) -> Vec<End> {
        match self {
            Who::Workload(key) => {
                let classes = network.classes_of(key).iter();
                classes.map(|class| End::Class(*class)).collect()
            }
            Who::Block(net) => {
                let piece = network.pieces().of(net.network());
                piece.map(End::Piece).into_iter().collect()
            }
        }
    }

    fn is_in(&self, namespaces: &BTreeSet<Str>) -> bool {
        matches!(self, Who::Workload(key) if namespaces.contains(key.home()))
    }
}

/// Ports of a pair.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Passes {
    /// For certain.
    pub sure: PortSet,
    /// Depending on what is left open or not visible.
    pub maybe: PortSet,
}

impl Passes {
    /// Of rows of one pair.
    pub fn of(rows: &[Row]) -> Passes {
        let mut passes = Passes::default();
        for row in rows {
            match row.verdict {
                Verdict::Allow => passes.sure = passes.sure.or(&row.ports),
                Verdict::Undetermined(_) => passes.maybe = passes.maybe.or(&row.ports),
                Verdict::Deny => {}
            }
        }
        passes
    }

    /// Every port that is not denied.
    pub fn any(&self) -> PortSet {
        self.sure.or(&self.maybe)
    }
}

/// How a pair changes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sort {
    /// Nothing passed, something will.
    Added,
    /// Some ports more.
    Widened,
    /// Some ports more, others less.
    Changed,
    /// The same ports, with more or less certainty.
    Doubted,
    /// Some ports less.
    Narrowed,
    /// Something passed, nothing will.
    Removed,
}

impl Sort {
    /// Every sort, what opens first.
    pub const ALL: [Sort; 6] = [
        Sort::Added,
        Sort::Widened,
        Sort::Changed,
        Sort::Doubted,
        Sort::Narrowed,
        Sort::Removed,
    ];

    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Added => "added",
            Sort::Widened => "widened",
            Sort::Changed => "changed",
            Sort::Doubted => "certainty",
            Sort::Narrowed => "narrowed",
            Sort::Removed => "removed",
        }
    }
}

/// A pair that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PairChange {
    /// From where.
    pub from: Who,
    /// To where.
    pub to: Who,
    /// Ports that pass now.
    pub before: Passes,
    /// Ports that would.
    pub after: Passes,
    /// What decides then.
    pub rows: Vec<Row>,
}

impl PairChange {
    /// How it changes.
    pub fn sort(&self) -> Sort {
        let (before, after) = (self.before.any(), self.after.any());
        let (gone, new) = (before.without(&after), after.without(&before));
        match (before.is_empty(), after.is_empty()) {
            (true, false) => Sort::Added,
            (false, true) => Sort::Removed,
            _ => match (gone.is_empty(), new.is_empty()) {
                (true, true) => Sort::Doubted,
                (true, false) => Sort::Widened,
                (false, true) => Sort::Narrowed,
                (false, false) => Sort::Changed,
            },
        }
    }
}

/// Every pair that changes from one network to another, in order of its ends. A policy decides for pods of its own
/// namespace alone: only pairs with an end in `places`, the namespaces whose policies differ, are compared; `None` compares
/// all. Workloads of either network count.
pub fn diff(before: &Network, after: &Network, places: Option<&BTreeSet<Str>>) -> Vec<PairChange> {
    let workloads = before.workloads().chain(after.workloads());
    let workloads: BTreeSet<&ObjectKey> = workloads.map(|(key, _)| key).collect();
    let cuts = [before, after].map(|network| network.pieces().iter().map(|(_, net)| *net));
    let cuts: Vec<IpNet> = cuts.into_iter().flatten().collect();
    let pieces = Pieces::around(&cuts);
    let blocks = pieces.iter().map(|(_, net)| Who::Block(*net));
    let workloads = workloads.into_iter().cloned().map(Who::Workload);
    let all: Vec<Who> = workloads.chain(blocks).collect();
    let near = |who: &Who| places.is_none_or(|places| who.is_in(places));
    let ends = |network: &Network| all.iter().map(|who| who.ends(network)).collect::<Vec<_>>();
    let (old, new) = (ends(before), ends(after));
    let passes = |network: &Network, from: &[End], to: &[End]| {
        network.together(from.iter().copied(), to, &PortSet::all())
    };
    let mut changes = Vec::new();
    for ((from, old_from), new_from) in all.iter().zip(&old).zip(&new) {
        for ((to, old_to), new_to) in all.iter().zip(&old).zip(&new) {
            if from == to || !(near(from) || near(to)) {
                continue;
            }
            let was = Passes::of(&passes(before, old_from, old_to));
            let rows = passes(after, new_from, new_to);
            let will = Passes::of(&rows);
            if was != will {
                changes.push(PairChange {
                    from: from.clone(),
                    to: to.clone(),
                    before: was,
                    after: will,
                    rows,
                });
            }
        }
    }
    changes
}
