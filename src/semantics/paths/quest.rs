//! A quest: ways to one goal whose first step does something certain.
//!
//! A first step goes up to the first node where somebody stands. It has two phases, before and after what is looked for is
//! done; the distances in each are reckoned backwards from the goal, once, and every start then picks among the edges that
//! leave it.

use std::cmp::Reverse;
use std::collections::BinaryHeap;
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::edge::{Cause, Edge};
use super::goal::Goal;
use super::graph::Graph;
use super::net::{Ground, Hop, Net};
use super::rights::Right;
use super::route::{Way, way};
use super::search::{FAR, Search};
use super::survey::{RightEdge, Survey};
use crate::model::{ObjectKey, Subject};
use crate::semantics::rbac::stock;

/// Ways to one goal with a first step of certain kinds.
#[derive(Debug)]
pub struct Quest<'s, 'g, 'a> {
    survey: &'s Survey<'g, 'a>,
    sure: Part<'g, 'a>,
    unsure: Option<Part<'g, 'a>>,
}

impl<'s, 'g, 'a> Quest<'s, 'g, 'a> {
    pub(super) fn new(
        survey: &'s Survey<'g, 'a>,
        goal: &Goal,
        first: &'static [&'static str],
        never: &'static [&'static str],
    ) -> Self {
        let part = |unsure| Part::of(survey, goal, (first, never), unsure);
        Quest {
            survey,
            sure: part(false),
            unsure: survey.net.doubtful.then(|| part(true)),
        }
    }

    /// The cheapest way from inside a workload: one that works, else one that rests on something not visible.
    pub fn from_workload(&self, key: &ObjectKey) -> Option<Way> {
        let starts = self.survey.workloads.get(key)?;
        self.best(starts, |_| true)
    }

    /// The cheapest way from a subject, whatever gives it.
    pub fn from_anybody(&self, subject: &Subject) -> Option<Way> {
        let start = *self.survey.subjects.get(subject)?;
        self.best(&[start], |_| true)
    }

    /// The cheapest way from a subject by a binding that names it and that Kubernetes does not write itself. Ways of a group
    /// are told once, for the group.
    pub fn from_subject(&self, subject: &Subject) -> Option<Way> {
        let start = *self.survey.subjects.get(subject)?;
        self.best(&[start], |edge| is_own(edge, subject))
    }

    fn best(&self, starts: &[usize], may: impl Fn(&Edge<'_>) -> bool) -> Option<Way> {
        let unsure = || self.unsure.as_ref()?.best(starts, &may);
        self.sure.best(starts, &may).or_else(unsure)
    }
}

/// The edge rests on a binding that names the subject and is not one that Kubernetes writes itself.
pub(super) fn is_own(edge: &Edge<'_>, subject: &Subject) -> bool {
    edge.causes.iter().any(|cause| match cause {
        Cause::Right(Right::Held(clause)) => {
            let grant = &clause.grant;
            let named = grant.binding.subjects.contains(subject);
            named && !stock::is_untouched(grant.binding, grant.role)
        }
        _ => false,
    })
}

/// The ways of one sort.
#[derive(Debug)]
struct Part<'g, 'a> {
    graph: &'g Graph<'a>,
    net: Rc<Net>,
    search: Search,
    rights: Rc<[RightEdge]>,
    /// By kind: it is looked for.
    first: Vec<bool>,
    /// By kind: it is no part of a first step.
    never: Vec<bool>,
    /// From each state inside a first step that has done nothing of these kinds yet.
    open: Vec<u64>,
    /// The same for one that has.
    done: Rc<[u64]>,
}

/// Where a first step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
enum Phase {
    /// Nothing of what is looked for is done yet.
    Open,
    /// It is.
    Done,
    /// The step is over.
    Past,
}

/// A phase and a state of the search.
type Stage = (Phase, usize);

/// The cheapest way to each stage so far: its weight, and the stage and edge before.
type Reached = FxHashMap<Stage, (u64, Option<(Stage, usize)>)>;

impl<'g, 'a> Part<'g, 'a> {
    fn of(
        survey: &Survey<'g, 'a>,
        goal: &Goal,
        (first, never): (&'static [&'static str], &'static [&'static str]),
        unsure: bool,
    ) -> Part<'g, 'a> {
        let net = &survey.net;
        let mut part = Part {
            graph: survey.graph,
            net: Rc::clone(net),
            search: survey.search(goal, unsure),
            rights: survey.rights(unsure),
            first: match first {
                [] => net.kinds(&[]).iter().map(|_| true).collect(),
                first => net.kinds(first),
            },
            never: net.kinds(never),
            open: Vec::new(),
            done: Rc::from([]),
        };
        part.done = match never {
            // Nothing is barred: what is left is what is left anyhow.
            [] => part.search.left_of_all(),
            _ => part
                .inside(|_, to| part.stands(to).then(|| part.search.left(to)))
                .into(),
        };
        part.open = part.inside(|hop, to| {
            let phase = if part.stands(to) {
                Phase::Past
            } else {
                Phase::Done
            };
            part.does(hop).then(|| part.left(phase, to))
        });
        part
    }

    /// Does what is looked for. (Holding every right of a namespace is no means, but what its holder is.)
    fn does(&self, hop: &Hop) -> bool {
        let named = self.first.get(hop.kind).copied().unwrap_or_default();
        named && self.net.ground(hop.to) != Ground::NamespaceAdmin
    }

    /// The state after an edge that may be part of a first step.
    fn opens(&self, state: usize, hop: &Hop) -> Option<(usize, u64)> {
        let after = self.search.after(state, hop)?;
        (!self.is_barred(hop)).then_some(after)
    }

    fn is_barred(&self, hop: &Hop) -> bool {
        self.never.get(hop.kind).copied().unwrap_or_default()
    }

    /// Somebody else stands there, or something is had. (Who holds every right in a namespace is still the same, with what
    /// each of them does.)
    fn stands(&self, state: usize) -> bool {
        self.net.ground(self.search.node(state)) == Ground::Stand
    }

    /// The distances of the states inside a first step; `leave` gives what is left behind an edge that ends a phase of it.
    /// Rights lie few steps deep: looking at all their edges again until nothing gets nearer is soon done.
    fn inside(&self, leave: impl Fn(&Hop, usize) -> Option<u64>) -> Vec<u64> {
        let mut known = vec![FAR; self.search.states()];
        loop {
            let mut nearer = false;
            for (from, hop, to, weight) in self.rights.iter() {
                let (from, to, weight) = (*from, *to, *weight);
                let left = match leave(hop, to) {
                    Some(left) => left,
                    None if self.stands(to) => FAR,
                    None => known.get(to).copied().unwrap_or(FAR),
                };
                let left = left.saturating_add(weight);
                if let Some(known) = known.get_mut(from)
                    && left < *known
                    && !self.is_barred(hop)
                {
                    *known = left;
                    nearer = true;
                }
            }
            if !nearer {
                return known;
            }
        }
    }

    /// What is left in a phase at a state.
    fn left(&self, phase: Phase, state: usize) -> u64 {
        let of = |all: &[u64]| all.get(state).copied().unwrap_or(FAR);
        match phase {
            Phase::Open => of(&self.open),
            Phase::Done => of(&self.done),
            Phase::Past => self.search.left(state),
        }
    }

    /// Where an edge leads, with its weight.
    fn after(&self, (phase, state): Stage, hop: &Hop) -> Option<(Stage, u64)> {
        if phase == Phase::Past {
            let (to, weight) = self.search.after(state, hop)?;
            return Some(((phase, to), weight));
        }
        let (to, weight) = self.opens(state, hop)?;
        let done = phase == Phase::Done || self.does(hop);
        let phase = match (done, self.stands(to)) {
            (true, true) => Phase::Past,
            (true, false) => Phase::Done,
            (false, false) => Phase::Open,
            (false, true) => return None,
        };
        Some(((phase, to), weight))
    }

    /// Rights that these starts hold themselves: what is passed through before somebody stands.
    fn own(&self, starts: &[usize]) -> FxHashSet<usize> {
        let mut own = FxHashSet::default();
        let mut todo: Vec<usize> = starts.to_vec();
        while let Some(state) = todo.pop() {
            for hop in self.search.leaving(state) {
                if let Some((to, _)) = self.search.after(state, hop)
                    && !self.stands(to)
                    && own.insert(to)
                {
                    todo.push(to);
                }
            }
        }
        own
    }

    /// The cheapest way, with the distances as a guide (A*). It never comes back to where it began, nor to a right that was
    /// held there: somebody who may do no more is no means of getting on.
    fn best(&self, starts: &[usize], may: &impl Fn(&Edge<'_>) -> bool) -> Option<Way> {
        let mut edges = starts.iter().flat_map(|start| {
            let hops = self.search.leaving(*start).iter();
            hops.map(|hop| (*start, hop))
        });
        let allowed = |hop: &Hop| {
            self.graph
                .edges()
                .get(hop.edge)
                .is_some_and(|edge| may(edge))
        };
        let leads = |(start, hop): (usize, &Hop)| {
            let to = self.after((Phase::Open, start), hop);
            to.is_some_and(|((phase, to), _)| self.left(phase, to) != FAR) && allowed(hop)
        };
        if !edges.any(leads) {
            return None;
        }
        let own = self.own(starts);
        let mut known = Reached::default();
        let mut queue = BinaryHeap::new();
        for start in starts {
            known.insert((Phase::Open, *start), (0, None));
            queue.push(Reverse((0, 0, (Phase::Open, *start))));
        }
        while let Some(Reverse((_, gone, stage))) = queue.pop() {
            if known.get(&stage).is_none_or(|(known, _)| *known < gone) {
                continue;
            }
            let (phase, state) = stage;
            if phase == Phase::Past && self.search.left(state) == 0 {
                return Some(way(self.graph, &back(&known, stage)));
            }
            let first = starts.contains(&state);
            for hop in self.search.leaving(state) {
                let Some((to, weight)) = self.after(stage, hop) else {
                    continue;
                };
                let left = self.left(to.0, to.1);
                let held = phase == Phase::Past && own.contains(&to.1);
                let back = starts.contains(&self.search.node(to.1));
                if left == FAR || held || back || first && !allowed(hop) {
                    continue;
                }
                let sum = gone + weight;
                if known.get(&to).is_none_or(|(known, _)| sum < *known) {
                    known.insert(to, (sum, Some((stage, hop.edge))));
                    queue.push(Reverse((sum + left, sum, to)));
                }
            }
        }
        None
    }
}

/// The edges that led to a stage.
fn back(known: &Reached, end: Stage) -> Vec<usize> {
    let (mut at, mut edges) = (end, Vec::new());
    while let Some((_, Some((from, edge)))) = known.get(&at) {
        edges.push(*edge);
        at = *from;
    }
    edges.reverse();
    edges
}
