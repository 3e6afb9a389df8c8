//! The edges of a graph as searches walk them: what they look at and no more, one beside the other, by the node that each
//! leaves and by the one that it reaches.

use rustc_hash::FxHashMap;

use super::edge::EdgeKind;
use super::graph::Graph;
use super::node::Node;

/// Of equally hard ways the one with fewer edges comes first: an edge weighs its cost times this, plus one.
const HARD: u64 = 1 << 20;

/// An edge.
#[derive(Clone, Copy, Debug)]
pub(super) struct Hop {
    /// Its index in the graph.
    pub(super) edge: usize,
    /// The node that it leaves.
    pub(super) from: usize,
    /// The node that it reaches.
    pub(super) to: usize,
    /// What it weighs.
    pub(super) weight: u64,
    /// Its kind, by a number of this net.
    pub(super) kind: usize,
    /// It rests on something that is not visible.
    pub(super) unsure: bool,
}

/// What a node is to a search.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Ground {
    /// Somebody stands there, or something is had.
    Stand,
    /// Every right of a namespace is held.
    NamespaceAdmin,
    /// It is passed through.
    Right,
}

/// All edges that lead anywhere.
#[derive(Debug, Default)]
pub(super) struct Net {
    hops: Vec<Hop>,
    /// By node: where its edges begin among the hops.
    starts: Vec<usize>,
    /// The hops by the node that they reach, and where those of each node begin.
    back: Vec<usize>,
    back_starts: Vec<usize>,
    grounds: Vec<Ground>,
    kinds: Vec<&'static str>,
    /// The node that holds every right.
    pub(super) admin: Option<usize>,
    /// Some edge rests on something that is not visible.
    pub(super) doubtful: bool,
}

impl Net {
    /// Of a graph.
    pub(super) fn of(graph: &Graph<'_>) -> Net {
        let mut net = Net {
            admin: graph.find(&Node::ClusterAdmin),
            ..Net::default()
        };
        let mut numbers = FxHashMap::<*const EdgeKind, usize>::default();
        let mut reached = vec![0; graph.nodes().len() + 1];
        for (at, node) in graph.nodes().iter().enumerate() {
            net.starts.push(net.hops.len());
            net.grounds.push(match node {
                Node::NamespaceAdmin(_) => Ground::NamespaceAdmin,
                node if node.is_stand() => Ground::Stand,
                _ => Ground::Right,
            });
            for edge in graph.leaving(at) {
                let Some(known) = graph.edges().get(*edge) else {
                    continue;
                };
                let kind = *numbers.entry(known.kind).or_insert_with(|| {
                    net.kinds.push(known.kind.id);
                    net.kinds.len() - 1
                });
                if let Some(count) = reached.get_mut(known.to + 1) {
                    *count += 1;
                }
                net.doubtful |= known.unsure.is_some();
                net.hops.push(Hop {
                    edge: *edge,
                    from: known.from,
                    to: known.to,
                    weight: u64::from(known.kind.cost) * HARD + 1,
                    kind,
                    unsure: known.unsure.is_some(),
                });
            }
        }
        net.starts.push(net.hops.len());
        let mut sum = 0;
        for start in &mut reached {
            sum += *start;
            *start = sum;
        }
        net.back = vec![0; net.hops.len()];
        net.back_starts.clone_from(&reached);
        for (at, hop) in net.hops.iter().enumerate() {
            if let Some(free) = reached.get_mut(hop.to)
                && let Some(slot) = net.back.get_mut(*free)
            {
                *slot = at;
                *free += 1;
            }
        }
        net
    }

    /// Number of nodes.
    pub(super) fn nodes(&self) -> usize {
        self.grounds.len()
    }

    /// The edges that leave a node.
    pub(super) fn leaving(&self, node: usize) -> &[Hop] {
        let range = self.starts.get(node).zip(self.starts.get(node + 1));
        let hops = range.and_then(|(from, to)| self.hops.get(*from..*to));
        hops.unwrap_or_default()
    }

    /// The edges that reach a node.
    pub(super) fn entering(&self, node: usize) -> impl Iterator<Item = &Hop> {
        let range = self
            .back_starts
            .get(node)
            .zip(self.back_starts.get(node + 1));
        let back = range.and_then(|(from, to)| self.back.get(*from..*to));
        let back = back.unwrap_or_default().iter();
        back.filter_map(|at| self.hops.get(*at))
    }

    /// What a node is.
    pub(super) fn ground(&self, node: usize) -> Ground {
        self.grounds.get(node).copied().unwrap_or(Ground::Right)
    }

    /// By number of a kind: whether it is one of these.
    pub(super) fn kinds(&self, named: &[&str]) -> Vec<bool> {
        self.kinds.iter().map(|id| named.contains(id)).collect()
    }
}
