//! Ways as a person reads them: steps from one that acts to the next, each with its reason.

use std::collections::BTreeSet;
use std::rc::Rc;

use super::cuts::of_edge;
use super::goal::Goal;
use super::graph::Graph;
use super::net::Net;
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
        let key = match self {
            Start::Subject(subject) => {
                let node = graph.find(&Node::Actor(subject.clone()));
                return node.into_iter().collect();
            }
            Start::Workload(key) => key,
        };
        let is_start = |node: &Node| matches!(node, Node::Inside(other, _) if key == other);
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
    let net = graph.net();
    let (paths, more) = ways(graph, &net, &starts, goal, limit, false);
    let (unsure, more_unsure) = ways(graph, &net, &starts, goal, limit, true);
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
    net: &Rc<Net>,
    starts: &[usize],
    goal: &Goal,
    limit: usize,
    unsure: bool,
) -> (Vec<Way>, bool) {
    let (found, more) = edges(graph, net, starts, goal, limit, unsure);
    let ways = found.iter().map(|edges| way(graph, edges));
    (ways.collect(), more)
}

/// No node is passed twice, before and after an uncertain edge.
fn is_plain(graph: &Graph<'_>, edges: &[usize]) -> bool {
    let mut seen = BTreeSet::new();
    let edges = edges.iter().filter_map(|edge| graph.edges().get(*edge));
    edges
        .enumerate()
        .all(|(at, edge)| (at > 0 || seen.insert(edge.from)) && seen.insert(edge.to))
}

/// The same as edges.
pub(super) fn edges(
    graph: &Graph<'_>,
    net: &Rc<Net>,
    starts: &[usize],
    goal: &Goal,
    limit: usize,
    unsure: bool,
) -> (Vec<Vec<usize>>, bool) {
    if unsure && !net.doubtful {
        return (Vec::new(), false);
    }
    let search = Search::new(net, goal.targets(graph).into(), unsure);
    let mut found = Vec::new();
    let mut read = BTreeSet::new();
    let (mut more, mut tried) = (false, 0);
    search.ways(graph, starts, |(_, edges)| {
        tried += 1;
        let steps = split(graph, edges);
        let same: Vec<_> = steps.iter().map(|step| gist(graph, step)).collect();
        if is_plain(graph, edges) && read.insert(same) {
            if found.len() == limit {
                more = true;
                return true;
            }
            found.push(edges.clone());
        }
        let tired = tried >= limit.saturating_add(1).saturating_mul(TRIES);
        more |= tired;
        tired
    });
    (found, more)
}

/// Edges as steps: a step begins at somebody or something, with an edge that is one, and takes in what is passed through.
pub(super) fn way(graph: &Graph<'_>, edges: &[usize]) -> Way {
    let all = edges.iter().filter_map(|at| graph.edges().get(*at));
    Way {
        cost: all.map(|edge| edge.kind.cost).sum(),
        steps: split(graph, edges)
            .iter()
            .map(|edges| step(graph, edges))
            .collect(),
        edges: edges.to_vec(),
    }
}

fn split(graph: &Graph<'_>, edges: &[usize]) -> Vec<Vec<usize>> {
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
    steps
}

/// What is done in a step, by whom, and where it leads.
fn gist(graph: &Graph<'_>, edges: &[usize]) -> (&'static str, String, String) {
    let edge = |at: Option<&usize>| at.and_then(|at| graph.edges().get(*at));
    let mut kinds = edges.iter().rev().filter_map(|at| edge(Some(at)));
    let done = kinds.find(|edge| !edge.kind.is_pass());
    let name = |at: Option<usize>| at.map(|at| graph.name(at)).unwrap_or_default();
    (
        done.map(|edge| edge.kind.id).unwrap_or_default(),
        name(edge(edges.first()).map(|edge| edge.from)),
        // Who goes on, where the last nodes are only passed through.
        name(edge(edges.last()).map(|edge| edge.to)),
    )
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
    let (edge, from, to) = gist(graph, edges);
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
    Step {
        edge,
        from,
        to,
        says,
        does,
        evidence,
        unsure: all.iter().find_map(|edge| edge.unsure.clone()),
        cuts: all.iter().flat_map(|edge| of_edge(edge)).collect(),
    }
}
