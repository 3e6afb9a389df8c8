//! Ways as a person reads them: steps from one that acts to the next, each with its reason.

use std::collections::BTreeSet;

use super::cuts::of_edge;
use super::goal::Goal;
use super::graph::Graph;
use super::node::Node;
use super::search::Search;
use crate::model::change::Change;
use crate::model::{Evidence, ObjectKey, Subject};

/// Ways that are looked at for each that is shown: several ways through rights can read the same.
const TRIES: usize = 50;

/// Who starts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Start {
    /// Whoever has the login of a subject.
    Subject(Subject),
    /// Code in a container of a workload.
    Workload(ObjectKey),
}

impl Start {
    /// Its nodes; none where it is not in the graph.
    pub fn nodes(&self, graph: &Graph<'_>) -> Vec<usize> {
        let is_start = |node: &Node| match (self, node) {
            (Start::Subject(subject), Node::Actor(other)) => subject == other,
            (Start::Workload(key), Node::Inside(other, _)) => key == other,
            _ => false,
        };
        let nodes = graph.nodes().iter().enumerate();
        nodes
            .filter(|(_, node)| is_start(node))
            .map(|(at, _)| at)
            .collect()
    }
}

/// One step.
#[derive(Clone, Debug)]
pub struct Step {
    /// Id of what is done.
    pub edge: &'static str,
    /// Who does it.
    pub from: String,
    /// Who or what it leads to.
    pub to: String,
    /// The step in a sentence.
    pub says: String,
    /// The same without who goes it, and without notes: `makes a pod in shop`.
    pub does: String,
    /// What it rests on.
    pub evidence: Vec<Evidence>,
    /// Why it is not certain.
    pub unsure: Option<String>,
    /// Single changes that take away what it rests on; another way may be left.
    pub cuts: Vec<Change>,
}

/// A way to the goal.
#[derive(Clone, Debug)]
pub struct Way {
    /// The costs of its steps together.
    pub cost: u32,
    /// Its steps; none where the start is the goal.
    pub steps: Vec<Step>,
    /// Indexes of its edges.
    pub(super) edges: Vec<usize>,
}

impl Way {
    /// A step rests on something that is not visible.
    pub fn is_unsure(&self) -> bool {
        self.steps.iter().any(|step| step.unsure.is_some())
    }
}

/// Everything that was found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// Ways that work, the cheapest first.
    pub paths: Vec<Way>,
    /// There are more.
    pub more: bool,
    /// Ways that rest on something that is not visible.
    pub unsure: Vec<Way>,
    /// There are more of those.
    pub more_unsure: bool,
}

/// The cheapest ways from a start to a goal, at most `limit` of each sort.
pub fn routes(graph: &Graph<'_>, start: &Start, goal: &Goal, limit: usize) -> Found {
    let starts = start.nodes(graph);
    let (paths, more) = ways(graph, &starts, goal, limit, false);
    let (unsure, more_unsure) = ways(graph, &starts, goal, limit, true);
    Found {
        paths,
        more,
        unsure,
        more_unsure,
    }
}

/// Ways of one sort, and whether there are more.
pub(super) fn ways(
    graph: &Graph<'_>,
    starts: &[usize],
    goal: &Goal,
    limit: usize,
    unsure: bool,
) -> (Vec<Way>, bool) {
    let doubtful = || graph.edges().iter().any(|edge| edge.unsure.is_some());
    if unsure && !doubtful() {
        return (Vec::new(), false);
    }
    let search = Search::new(graph, goal.targets(graph), unsure);
    let mut found = Vec::new();
    let mut read = BTreeSet::new();
    let (mut more, mut tried) = (false, 0);
    search.ways(starts, |(_, edges)| {
        tried += 1;
        let way = way(graph, edges);
        let same: Vec<(&'static str, String, String)> = way
            .steps
            .iter()
            .map(|step| (step.edge, step.from.clone(), step.to.clone()))
            .collect();
        if search.is_plain(edges) && read.insert(same) {
            if found.len() == limit {
                more = true;
                return true;
            }
            found.push(way);
        }
        let tired = tried >= limit.saturating_add(1).saturating_mul(TRIES);
        more |= tired;
        tired
    });
    (found, more)
}

/// Edges as steps: a step begins at somebody or something, with an edge that is one, and takes in what is passed through.
pub(super) fn way(graph: &Graph<'_>, edges: &[usize]) -> Way {
    let mut steps: Vec<Vec<usize>> = Vec::new();
    for at in edges {
        let Some(edge) = graph.edges().get(*at) else {
            continue;
        };
        let stands = graph.nodes().get(edge.from).is_some_and(Node::is_stand);
        let begun = steps.last().is_some_and(|step| is_step(graph, step));
        match steps.last_mut() {
            Some(step) if !(begun && stands && !edge.kind.is_pass()) => step.push(*at),
            _ => steps.push(vec![*at]),
        }
    }
    let all = edges.iter().filter_map(|at| graph.edges().get(*at));
    Way {
        cost: all.map(|edge| edge.kind.cost).sum(),
        steps: steps.iter().map(|edges| step(graph, edges)).collect(),
        edges: edges.to_vec(),
    }
}

fn is_step(graph: &Graph<'_>, edges: &[usize]) -> bool {
    let mut edges = edges.iter().filter_map(|at| graph.edges().get(*at));
    edges.any(|edge| !edge.kind.is_pass())
}

fn step(graph: &Graph<'_>, edges: &[usize]) -> Step {
    let all: Vec<_> = edges
        .iter()
        .filter_map(|at| graph.edges().get(*at))
        .collect();
    let ends = |at: Option<usize>| at.map(|at| graph.name(at)).unwrap_or_default();
    let from = ends(all.first().map(|edge| edge.from));
    // Who goes on, where the last nodes are only passed through.
    let to = ends(all.last().map(|edge| edge.to));
    let mut does = String::new();
    let mut notes = Vec::new();
    let mut evidence = Vec::new();
    for edge in &all {
        let words = graph.words(edge);
        if !words.is_empty() {
            if !does.is_empty() {
                does += " ";
            }
            does += &words;
        }
        notes.extend(edge.note.clone());
        for one in edge.causes.iter().flat_map(super::edge::Cause::evidence) {
            if !evidence.contains(&one) {
                evidence.push(one);
            }
        }
    }
    let mut says = format!("{from} {does}");
    if !notes.is_empty() {
        says += &format!(" ({})", notes.join("; "));
    }
    let kinds = all.iter().rev().map(|edge| edge.kind);
    Step {
        edge: kinds
            .filter(|kind| !kind.is_pass())
            .map(|kind| kind.id)
            .next()
            .unwrap_or_default(),
        from,
        to,
        says,
        does,
        evidence,
        unsure: all.iter().find_map(|edge| edge.unsure.clone()),
        cuts: all.iter().flat_map(|edge| of_edge(edge)).collect(),
    }
}
