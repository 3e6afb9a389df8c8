//! What a person can change to end the ways: each change is tried by making the graph again without it.

use std::collections::BTreeSet;

use super::after::after;
use super::build::build;
use super::edge::{Cause, Edge};
use super::goal::Goal;
use super::graph::Graph;
use super::rights::Right;
use super::route::{Start, Way, edges, ways};
use crate::model::Subject;
use crate::model::change::{Change, Edit, RuleEdit};
use crate::semantics::rbac::{Clause, stock};
use crate::view::{View, World};

/// Some changes and what they do.
#[derive(Clone, Debug)]
pub struct Cut {
    /// The changes, in words.
    pub says: String,
    /// The changes.
    pub changes: Vec<Change>,
    /// Ways of those found that end.
    pub ends: usize,
    /// Ways that are left, the new cheapest ones included.
    pub leaves: usize,
    /// More than these are left.
    pub more: bool,
}

/// What is asked.
#[derive(Debug)]
pub struct Question<'q> {
    /// The facts.
    pub world: &'q World,
    /// Who starts.
    pub start: &'q Start,
    /// Where to.
    pub goal: &'q Goal,
    /// Ways that are counted at most.
    pub limit: usize,
}

/// Every single change that ends a way, the best first; and where none ends all of them, the fewest that do together.
pub fn cuts(question: &Question<'_>, graph: &Graph<'_>, paths: &[Way]) -> Vec<Cut> {
    let mut candidates: Vec<Change> = Vec::new();
    for way in paths {
        for one in changes(graph, way) {
            if !candidates.contains(&one) {
                candidates.push(one);
            }
        }
    }
    let mut found: Vec<Cut> = candidates
        .iter()
        .map(|one| question.without(graph, paths, std::slice::from_ref(one)))
        .filter(|cut| cut.ends > 0)
        .collect();
    let by = |cut: &Cut| (cut.leaves, cut.more, std::cmp::Reverse(cut.ends));
    found.sort_by(|a, b| by(a).cmp(&by(b)).then_with(|| a.says.cmp(&b.says)));
    let ended = found.first().is_some_and(|cut| cut.leaves == 0);
    if !ended && !paths.is_empty() {
        found.extend(together(question, graph, paths));
    }
    found
}

impl Question<'_> {
    fn extra(&self) -> Vec<Subject> {
        match self.start {
            Start::Subject(subject) => vec![subject.clone()],
            Start::Workload(_) => Vec::new(),
        }
    }

    /// The graph of a world in which these changes are made: what they touch is made again, one change after the other.
    fn after<'a>(&self, view: &View<'a>, graph: &Graph<'a>, changes: &[Change]) -> Graph<'a> {
        let extra = self.extra();
        let mut changes = changes.iter();
        let first = changes.next();
        let first = first.and_then(|change| after(view, graph, change, &extra));
        let quick = first.and_then(|first| {
            changes.try_fold(first, |graph, change| after(view, &graph, change, &extra))
        });
        quick.unwrap_or_else(|| build(view, &extra))
    }

    fn without(&self, graph: &Graph<'_>, paths: &[Way], tried: &[Change]) -> Cut {
        let changes: Vec<Change> = tried.to_vec();
        let (world, _) = self.world.with(&changes);
        let view = View::new(&world);
        let after = self.after(&view, graph, &changes);
        let starts = self.start.nodes(&after);
        let (left, more) = edges(&after, &after.net(), &starts, self.goal, self.limit, false);
        let stands = |way: &&Way| {
            let mut edges = way.edges.iter().filter_map(|at| graph.edges().get(*at));
            edges.all(|edge| after.has(graph, edge))
        };
        Cut {
            says: tried
                .iter()
                .map(Change::says)
                .collect::<Vec<_>>()
                .join("; "),
            ends: paths.len() - paths.iter().filter(stands).count(),
            leaves: left.len(),
            more,
            changes,
        }
    }
}

/// The fewest changes that end every way: each way that some changes leave tells what else must be among them.
fn together(question: &Question<'_>, graph: &Graph<'_>, paths: &[Way]) -> Option<Cut> {
    let mut known: Vec<Change> = Vec::new();
    let mut hit: Vec<BTreeSet<usize>> = Vec::new();
    for way in paths {
        hit.push(numbers(&mut known, changes(graph, way))?);
    }
    loop {
        let chosen = fewest(&hit)?;
        let tried: Vec<Change> = chosen
            .iter()
            .filter_map(|at| known.get(*at).cloned())
            .collect();
        let (world, _) = question.world.with(&tried);
        let view = View::new(&world);
        let after = question.after(&view, graph, &tried);
        let starts = question.start.nodes(&after);
        let (left, _) = ways(&after, &after.net(), &starts, question.goal, 1, false);
        let Some(way) = left.first() else {
            return Some(question.without(graph, paths, &tried));
        };
        let next = numbers(&mut known, changes(&after, way))?;
        if hit.contains(&next) {
            return None;
        }
        hit.push(next);
    }
}

/// The numbers of changes; `None` where there are none, so that no change ends this way.
fn numbers(known: &mut Vec<Change>, changes: Vec<Change>) -> Option<BTreeSet<usize>> {
    let numbers: BTreeSet<usize> = changes
        .into_iter()
        .map(|one| {
            let there = known.iter().position(|change| *change == one);
            there.unwrap_or_else(|| {
                known.push(one);
                known.len() - 1
            })
        })
        .collect();
    (!numbers.is_empty()).then_some(numbers)
}

/// Changes that are tried together at most: more is no cut that a person makes.
const MOST: usize = 6;

/// The fewest numbers of which each set holds one.
fn fewest(sets: &[BTreeSet<usize>]) -> Option<Vec<usize>> {
    fn cover(sets: &[BTreeSet<usize>], chosen: &mut Vec<usize>, more: usize) -> bool {
        let open = sets
            .iter()
            .filter(|set| !chosen.iter().any(|at| set.contains(at)))
            .min_by_key(|set| set.len());
        let Some(open) = open else {
            return true;
        };
        if more == 0 {
            return false;
        }
        for at in open {
            chosen.push(*at);
            if cover(sets, chosen, more - 1) {
                return true;
            }
            chosen.pop();
        }
        false
    }
    (1..=MOST).find_map(|size| {
        let mut chosen = Vec::new();
        cover(sets, &mut chosen, size).then_some(chosen)
    })
}

/// Changes that may end a way.
fn changes(graph: &Graph<'_>, way: &Way) -> Vec<Change> {
    let edges = way.edges.iter().filter_map(|at| graph.edges().get(*at));
    edges.flat_map(|edge| of_edge(edge)).collect()
}

/// Changes that take away what an edge rests on.
pub(super) fn of_edge(edge: &Edge<'_>) -> Vec<Change> {
    let mut all = Vec::new();
    for cause in &edge.causes {
        if let Cause::Right(Right::Held(clause)) = cause {
            all.extend(of_right(clause));
        }
    }
    all.extend(edge.cuts.iter().cloned());
    all
}

/// Take the subject out of the binding, or the rule out of the role. What is only assumed is not there to be changed, and what
/// Kubernetes writes itself it would write again at its next start.
fn of_right(clause: &Clause<'_>) -> Vec<Change> {
    let grant = &clause.grant;
    let mut all = Vec::new();
    let (binding, role) = (&grant.binding.meta.key, &grant.role.meta.key);
    let own = |extra: Option<Vec<usize>>, at: usize| extra.is_none_or(|extra| extra.contains(&at));
    let place = |subject| grant.binding.subjects.iter().position(|s| s == subject);
    if let (false, Some(subject)) = (grant.binding.assumed, grant.subject())
        && place(subject).is_some_and(|at| own(stock::extra_subjects(grant.binding), at))
    {
        all.push(Change::new(binding, Edit::RemoveSubject(subject.clone())));
    }
    // The rules of an aggregated role are written by its controller.
    let written = grant.role.assumed || grant.role.aggregation.is_some();
    if !written && own(stock::extra_rules(grant.role), clause.at) {
        let edit = RuleEdit::Remove(Box::new(clause.rule.clone()));
        all.push(Change::new(role, Edit::Rule(clause.at, edit)));
    }
    all
}
