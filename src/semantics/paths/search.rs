//! The cheapest ways from some nodes to others: distances backwards from the goal once, then ways forwards in their order.
//!
//! Yen's algorithm (1971) with the distances as a guide. Ways that rest on something uncertain are looked for apart: each node
//! then stands twice, before and after the first uncertain edge.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::rc::Rc;

use super::graph::Graph;
use super::node::Node;

/// Of equally hard ways the one with fewer edges comes first: an edge weighs its cost times this, plus one.
const HARD: u64 = 1 << 20;

/// No way leads there.
pub(super) const FAR: u64 = u64::MAX;

/// A search for one goal.
#[derive(Debug)]
pub(super) struct Search<'g, 'a> {
    graph: &'g Graph<'a>,
    targets: Vec<bool>,
    /// Look for ways with an uncertain edge, else for ways without.
    unsure: bool,
    left: Rc<[u64]>,
}

/// A way: its weight and its edges.
pub(super) type Way = (u64, Vec<usize>);

impl<'g, 'a> Search<'g, 'a> {
    pub(super) fn new(graph: &'g Graph<'a>, targets: Vec<bool>, unsure: bool) -> Self {
        let mut search = Search::with(graph, targets, unsure, Rc::from([]));
        search.left = search.distances().into();
        search
    }

    /// The same with the distances of an earlier one.
    pub(super) fn with(
        graph: &'g Graph<'a>,
        targets: Vec<bool>,
        unsure: bool,
        left: Rc<[u64]>,
    ) -> Self {
        Search {
            graph,
            targets,
            unsure,
            left,
        }
    }

    /// The distance of every state from the goal, to be handed to [`Search::with`].
    pub(super) fn left_of_all(&self) -> Rc<[u64]> {
        Rc::clone(&self.left)
    }

    /// States in all: each node once, or twice where ways with a doubt are looked for.
    pub(super) fn states(&self) -> usize {
        self.nodes() * if self.unsure { 2 } else { 1 }
    }

    fn nodes(&self) -> usize {
        self.graph.nodes().len()
    }

    /// The state after an edge; `None`: not to be used here.
    pub(super) fn after(&self, state: usize, edge: usize) -> Option<(usize, u64)> {
        let edge = self.graph.edges().get(edge)?;
        let late = state >= self.nodes() || edge.unsure.is_some();
        if late && !self.unsure {
            return None;
        }
        let to = edge.to + if late { self.nodes() } else { 0 };
        Some((to, u64::from(edge.kind.cost) * HARD + 1))
    }

    fn is_target(&self, state: usize) -> bool {
        let node = state % self.nodes().max(1);
        self.targets.get(node).copied().unwrap_or_default()
    }

    /// A goal that is reached as it is looked for.
    fn is_end(&self, state: usize) -> bool {
        self.is_target(state) && (state >= self.nodes()) == self.unsure
    }

    /// Edges that lead on from a state.
    pub(super) fn leaving(&self, state: usize) -> &'g [usize] {
        let node = state % self.nodes().max(1);
        // Whoever holds every right takes away what leaves a doubt: nothing that rests on one begins there.
        let sure = self.unsure && state < self.nodes();
        let admin = self.graph.nodes().get(node) == Some(&Node::ClusterAdmin);
        // Whoever has what is looked for need not go on.
        if self.is_target(state) || sure && admin {
            &[]
        } else {
            self.graph.leaving(node)
        }
    }

    fn distances(&self) -> Vec<u64> {
        let states = self.states();
        // Edges by where they lead, in one list: `coming[starts[to]..starts[to + 1]]`.
        let steps = || {
            (0..states).flat_map(|state| {
                let edges = self.leaving(state).iter();
                edges.filter_map(move |edge| Some((state, self.after(state, *edge)?)))
            })
        };
        let mut starts = vec![0; states + 1];
        for (_, (to, _)) in steps() {
            if let Some(count) = starts.get_mut(to + 1) {
                *count += 1;
            }
        }
        let mut sum = 0;
        for start in &mut starts {
            sum += *start;
            *start = sum;
        }
        let mut coming = vec![(0, 0); sum];
        let mut free = starts.clone();
        for (from, (to, weight)) in steps() {
            if let Some(at) = free.get_mut(to)
                && let Some(slot) = coming.get_mut(*at)
            {
                *slot = (from, weight);
                *at += 1;
            }
        }
        let into = |state: usize| {
            let range = starts.get(state).zip(starts.get(state + 1));
            range
                .and_then(|(from, to)| coming.get(*from..*to))
                .unwrap_or_default()
        };
        let mut left = vec![FAR; states];
        let mut queue = BinaryHeap::new();
        for (state, distance) in left.iter_mut().enumerate() {
            if self.is_end(state) {
                *distance = 0;
                queue.push(Reverse((0, state)));
            }
        }
        while let Some(Reverse((distance, state))) = queue.pop() {
            if left.get(state).is_none_or(|known| *known < distance) {
                continue;
            }
            for (from, weight) in into(state) {
                let sum = distance + weight;
                if let Some(known) = left.get_mut(*from)
                    && sum < *known
                {
                    *known = sum;
                    queue.push(Reverse((sum, *from)));
                }
            }
        }
        left
    }

    /// How far a state is from the goal.
    pub(super) fn left(&self, state: usize) -> u64 {
        self.left.get(state).copied().unwrap_or(FAR)
    }

    /// The cheapest way that leaves out some states and edges.
    fn cheapest(
        &self,
        starts: &[usize],
        states: &BTreeSet<usize>,
        edges: &BTreeSet<usize>,
    ) -> Option<Way> {
        let mut best = rustc_hash::FxHashMap::<usize, (u64, Option<(usize, usize)>)>::default();
        let mut queue = BinaryHeap::new();
        for start in starts {
            if self.left(*start) != FAR && !states.contains(start) {
                best.insert(*start, (0, None));
                queue.push((Reverse(self.left(*start)), 0, Reverse(*start)));
            }
        }
        // Of equals the one that is further on.
        while let Some((_, gone, Reverse(state))) = queue.pop() {
            if best.get(&state).is_none_or(|(known, _)| *known < gone) {
                continue;
            }
            if self.is_end(state) {
                let mut way = Vec::new();
                let mut at = state;
                while let Some((_, Some((from, edge)))) = best.get(&at) {
                    way.push(*edge);
                    at = *from;
                }
                way.reverse();
                return Some((gone, way));
            }
            for edge in self.leaving(state) {
                if edges.contains(edge) {
                    continue;
                }
                let Some((to, weight)) = self.after(state, *edge) else {
                    continue;
                };
                if states.contains(&to) || self.left(to) == FAR {
                    continue;
                }
                let sum = gone + weight;
                if best.get(&to).is_none_or(|(known, _)| sum < *known) {
                    best.insert(to, (sum, Some((state, *edge))));
                    queue.push((Reverse(sum + self.left(to)), sum, Reverse(to)));
                }
            }
        }
        None
    }

    /// Ways in order of their cost, without a loop, until `enough` says so.
    pub(super) fn ways(&self, starts: &[usize], mut enough: impl FnMut(&Way) -> bool) {
        let mut found: Vec<Vec<usize>> = Vec::new();
        // With the place where each leaves the way that it was found from: before that, others were found already (Lawler).
        let mut waiting: BTreeSet<(Way, usize)> = BTreeSet::new();
        let nothing = BTreeSet::new();
        waiting.extend(
            self.cheapest(starts, &nothing, &nothing)
                .map(|way| (way, 0)),
        );
        while let Some((way, branch)) = waiting.pop_first() {
            let stop = enough(&way);
            if stop {
                return;
            }
            let (_, edges) = way;
            found.push(edges.clone());
            let (mut passed, mut weight) = (BTreeSet::new(), 0);
            let mut here: Option<usize> = None;
            for at in 0..edges.len() {
                if at >= branch {
                    let root = edges.get(..at).unwrap_or_default();
                    let taken: BTreeSet<usize> = found
                        .iter()
                        .filter(|other| other.get(..at) == Some(root))
                        .filter_map(|other| other.get(at).copied())
                        .collect();
                    let from: &[usize] = match &here {
                        Some(state) => std::slice::from_ref(state),
                        None => starts,
                    };
                    if let Some((more, rest)) = self.cheapest(from, &passed, &taken) {
                        waiting.insert(((weight + more, [root, &rest].concat()), at));
                    }
                }
                let Some(edge) = edges.get(at) else {
                    return;
                };
                let before = here.or_else(|| self.graph.edges().get(*edge).map(|edge| edge.from));
                let Some(before) = before else {
                    return;
                };
                passed.insert(before);
                if at == 0 {
                    passed.extend(starts);
                }
                let Some((to, cost)) = self.after(before, *edge) else {
                    return;
                };
                weight += cost;
                here = Some(to);
            }
        }
    }

    /// No node is passed twice, before and after an uncertain edge.
    pub(super) fn is_plain(&self, edges: &[usize]) -> bool {
        let mut seen = BTreeSet::new();
        let edges = edges
            .iter()
            .filter_map(|edge| self.graph.edges().get(*edge));
        edges
            .enumerate()
            .all(|(at, edge)| (at > 0 || seen.insert(edge.from)) && seen.insert(edge.to))
    }
}
