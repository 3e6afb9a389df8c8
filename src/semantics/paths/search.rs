//! The cheapest ways from some nodes to others: distances backwards from the goal once, then ways forwards in their order.
//!
//! Yen's algorithm (1971) with the distances as a guide. Ways that rest on something uncertain are looked for apart: each node
//! then stands twice, before and after the first uncertain edge.

use std::cmp::Reverse;
use std::collections::{BTreeSet, BinaryHeap};
use std::rc::Rc;

use super::graph::Graph;
use super::net::{Hop, Net};

/// No way leads there.
pub(super) const FAR: u64 = u64::MAX;

/// A search for one goal.
#[derive(Debug)]
pub(super) struct Search {
    net: Rc<Net>,
    targets: Rc<[bool]>,
    /// Look for ways with an uncertain edge, else for ways without.
    unsure: bool,
    left: Rc<[u64]>,
}

/// A way: its weight and its edges.
pub(super) type Way = (u64, Vec<usize>);

/// Where a way leaves those that were found. (Before that place, others were found already: Lawler.)
#[derive(Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
struct Spur {
    /// The edges up to there, and what they weigh.
    root: Vec<usize>,
    gone: u64,
    /// The state there; `None` at the start.
    here: Option<usize>,
    /// States that the root passes.
    passed: Vec<usize>,
    /// Edges by which those that were found go on, sorted.
    taken: Vec<usize>,
}

impl Spur {
    fn from<'s>(&'s self, starts: &'s [usize]) -> &'s [usize] {
        match &self.here {
            Some(state) => std::slice::from_ref(state),
            None => starts,
        }
    }
}

/// What a search came by so far, by state: what it cost, and the state and the edge before. Made once for many searches.
#[derive(Debug, Default)]
struct Reached {
    states: Vec<(u64, Option<(usize, usize)>)>,
    /// States that are not as they were at first.
    put: Vec<usize>,
}

impl Reached {
    fn forget(&mut self, states: usize) {
        self.states.resize(states, (FAR, None));
        for at in self.put.drain(..) {
            if let Some(state) = self.states.get_mut(at) {
                *state = (FAR, None);
            }
        }
    }

    fn put(&mut self, at: usize, gone: u64, by: Option<(usize, usize)>) {
        if let Some(state) = self.states.get_mut(at) {
            *state = (gone, by);
            self.put.push(at);
        }
    }

    fn gone(&self, at: usize) -> u64 {
        self.states.get(at).map_or(FAR, |(gone, _)| *gone)
    }

    fn by(&self, at: usize) -> Option<(usize, usize)> {
        self.states.get(at).and_then(|(_, by)| *by)
    }
}

/// What comes next: of equal cost what is not known yet before what is.
#[derive(Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Turn {
    Spur(Spur),
    /// A way, and the place where it left the one before.
    Way(Vec<usize>, usize),
}

impl Search {
    pub(super) fn new(net: &Rc<Net>, targets: Rc<[bool]>, unsure: bool) -> Self {
        let mut search = Search::with(net, targets, unsure, Rc::from([]));
        search.left = search.distances().into();
        search
    }

    /// The same with the distances of an earlier one.
    pub(super) fn with(net: &Rc<Net>, targets: Rc<[bool]>, unsure: bool, left: Rc<[u64]>) -> Self {
        Search {
            net: Rc::clone(net),
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
        self.net.nodes()
    }

    /// The node of a state.
    pub(super) fn node(&self, state: usize) -> usize {
        let nodes = self.nodes();
        if state < nodes { state } else { state - nodes }
    }

    /// The state after an edge; `None`: not to be used here.
    pub(super) fn after(&self, state: usize, hop: &Hop) -> Option<(usize, u64)> {
        let late = state >= self.nodes() || hop.unsure;
        if late && !self.unsure {
            return None;
        }
        let to = hop.to + if late { self.nodes() } else { 0 };
        Some((to, hop.weight))
    }

    fn is_target(&self, state: usize) -> bool {
        let target = self.targets.get(self.node(state));
        target.copied().unwrap_or_default()
    }

    /// A goal that is reached as it is looked for.
    fn is_end(&self, state: usize) -> bool {
        self.is_target(state) && (state >= self.nodes()) == self.unsure
    }

    /// No way leads on from there.
    fn is_closed(&self, state: usize) -> bool {
        // Whoever holds every right takes away what leaves a doubt: nothing that rests on one begins there.
        let sure = self.unsure && state < self.nodes();
        // Whoever has what is looked for need not go on.
        self.is_target(state) || sure && self.net.admin == Some(state)
    }

    /// Edges that lead on from a state.
    pub(super) fn leaving(&self, state: usize) -> &[Hop] {
        if self.is_closed(state) {
            &[]
        } else {
            self.net.leaving(self.node(state))
        }
    }

    /// The states from which an edge leads to this one.
    fn before(&self, state: usize, hop: &Hop) -> [Option<usize>; 2] {
        let late = state >= self.nodes();
        [
            (hop.unsure == late).then_some(hop.from),
            late.then_some(hop.from + self.nodes()),
        ]
    }

    fn distances(&self) -> Vec<u64> {
        let mut left = vec![FAR; self.states()];
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
            for hop in self.net.entering(self.node(state)) {
                let sum = distance + hop.weight;
                for from in self.before(state, hop).into_iter().flatten() {
                    if let Some(known) = left.get_mut(from)
                        && sum < *known
                        && !self.is_closed(from)
                    {
                        *known = sum;
                        queue.push(Reverse((sum, from)));
                    }
                }
            }
        }
        left
    }

    /// How far a state is from the goal.
    pub(super) fn left(&self, state: usize) -> u64 {
        self.left.get(state).copied().unwrap_or(FAR)
    }

    /// The cheapest way that a spur leads to: its edges after the spur's root.
    fn cheapest(&self, best: &mut Reached, spur: &Spur, starts: &[usize]) -> Option<Way> {
        best.forget(self.states());
        let mut queue = BinaryHeap::new();
        for start in spur.from(starts) {
            if self.left(*start) != FAR && !spur.passed.contains(start) {
                best.put(*start, 0, None);
                queue.push((Reverse(self.left(*start)), 0, Reverse(*start)));
            }
        }
        // Of equals the one that is further on.
        while let Some((_, gone, Reverse(state))) = queue.pop() {
            if best.gone(state) < gone {
                continue;
            }
            if self.is_end(state) {
                let mut way = Vec::new();
                let mut at = state;
                while let Some((from, edge)) = best.by(at) {
                    way.push(edge);
                    at = from;
                }
                way.reverse();
                return Some((gone, way));
            }
            for hop in self.leaving(state) {
                let Some((to, weight)) = self.open(spur, state, hop) else {
                    continue;
                };
                let sum = gone + weight;
                if sum < best.gone(to) {
                    best.put(to, sum, Some((state, hop.edge)));
                    queue.push((Reverse(sum + self.left(to)), sum, Reverse(to)));
                }
            }
        }
        None
    }

    /// The state after an edge, where a way by this spur may take it and gets on.
    fn open(&self, spur: &Spur, state: usize, hop: &Hop) -> Option<(usize, u64)> {
        let (to, weight) = self.after(state, hop)?;
        let shut = self.left(to) == FAR
            || spur.passed.contains(&to)
            || spur.taken.binary_search(&hop.edge).is_ok();
        (!shut).then_some((to, weight))
    }

    /// What a way by a spur costs at least; `None`: there is none.
    fn least(&self, spur: &Spur, starts: &[usize]) -> Option<u64> {
        let from = spur.from(starts);
        let from = from.iter().filter(|from| !spur.passed.contains(from));
        let left = from.filter_map(|from| {
            let hops = self.leaving(*from).iter();
            let open = hops.filter_map(|hop| self.open(spur, *from, hop));
            let least = open.map(|(to, weight)| weight + self.left(to)).min();
            if self.is_end(*from) { Some(0) } else { least }
        });
        Some(spur.gone + left.min()?)
    }

    /// Ways in order of their cost, without a loop, until `enough` says so.
    ///
    /// A spur waits with the least that a way by it can cost, and is followed when its turn comes. Most never come to it.
    pub(super) fn ways(
        &self,
        graph: &Graph<'_>,
        starts: &[usize],
        mut enough: impl FnMut(&Way) -> bool,
    ) {
        let mut found: Vec<Vec<usize>> = Vec::new();
        let mut waiting: BTreeSet<(u64, Turn)> = BTreeSet::new();
        let mut best = Reached::default();
        let whole = Spur::default();
        waiting.extend(
            self.least(&whole, starts)
                .map(|least| (least, Turn::Spur(whole))),
        );
        while let Some((weight, turn)) = waiting.pop_first() {
            let (edges, branch) = match turn {
                Turn::Spur(spur) => {
                    let way = self.cheapest(&mut best, &spur, starts);
                    waiting.extend(way.map(|(more, rest)| {
                        let edges = [&*spur.root, &rest].concat();
                        (spur.gone + more, Turn::Way(edges, spur.root.len()))
                    }));
                    continue;
                }
                Turn::Way(edges, branch) => (edges, branch),
            };
            let way = (weight, edges);
            let stop = enough(&way);
            if stop {
                return;
            }
            let (_, edges) = way;
            found.push(edges.clone());
            let (mut passed, mut gone) = (Vec::new(), 0);
            let mut here: Option<usize> = None;
            for (at, edge) in edges.iter().enumerate() {
                if at >= branch {
                    let root = edges.get(..at).unwrap_or_default();
                    let alike = found.iter().filter(|other| other.get(..at) == Some(root));
                    let mut taken: Vec<usize> = alike.filter_map(|o| o.get(at).copied()).collect();
                    taken.sort_unstable();
                    let spur = Spur {
                        root: root.to_vec(),
                        gone,
                        here,
                        passed: passed.clone(),
                        taken,
                    };
                    waiting.extend(
                        self.least(&spur, starts)
                            .map(|least| (least, Turn::Spur(spur))),
                    );
                }
                let from = graph.edges().get(*edge).map(|edge| edge.from);
                let Some(before) = here.or(from) else {
                    return;
                };
                passed.push(before);
                if at == 0 {
                    passed.extend(starts);
                }
                let mut hops = self.leaving(before).iter();
                let hop = hops.find(|hop| hop.edge == *edge);
                let Some((to, cost)) = hop.and_then(|hop| self.after(before, hop)) else {
                    return;
                };
                gone += cost;
                here = Some(to);
            }
        }
    }
}
