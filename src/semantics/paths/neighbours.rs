//! Whom somebody becomes in one step, and who becomes them: the nearest ends of ways, without a goal.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::Graph;
use super::node::Node;
use crate::model::Subject;

/// Somebody who is one step away.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Neighbour {
    /// What is done, in words without who does it: `has a token issued in shop for`.
    pub does: String,
    /// Who or what stands at the other end, as the command line writes it. Not cleaned.
    pub who: String,
    /// It rests on something that is not visible.
    pub is_unsure: bool,
}

/// One step around somebody.
#[derive(Clone, Debug, Default)]
pub struct Neighbours {
    /// Whom they become, by what they do.
    pub becomes: Vec<Neighbour>,
    /// They hold every right, and may be anybody.
    pub everybody: bool,
    /// Who becomes them, by what those do. Whoever holds every right does too, and is left out.
    pub users: Vec<Neighbour>,
}

/// What is around a subject that is in the graph.
pub fn neighbours(graph: &Graph<'_>, subject: &Subject) -> Neighbours {
    let Some(start) = graph.find(&Node::Actor(subject.clone())) else {
        return Neighbours::default();
    };
    let (becomes, everybody) = becomes(graph, start, subject);
    Neighbours {
        becomes,
        everybody,
        users: users(graph, start, subject),
    }
}

fn becomes(graph: &Graph<'_>, start: usize, subject: &Subject) -> (Vec<Neighbour>, bool) {
    let (mut found, mut everybody) = (BTreeMap::new(), false);
    let mut seen = BTreeSet::from([start]);
    // The node, what led there, and whether that is certain.
    let mut todo = vec![(start, None::<usize>, false)];
    while let Some((at, by, unsure)) = todo.pop() {
        for edge_at in graph.leaving(at) {
            let Some(edge) = graph.edges().get(*edge_at) else {
                continue;
            };
            let by = by.or((!edge.kind.is_pass()).then_some(*edge_at));
            let unsure = unsure || edge.unsure.is_some();
            match graph.nodes().get(edge.to) {
                Some(Node::Actor(other) | Node::Token(other)) if other != subject => {
                    note(&mut found, graph, by, other.to_string(), unsure);
                }
                Some(Node::ClusterAdmin) if !unsure => everybody = true,
                Some(node) if !node.is_stand() && seen.insert(edge.to) => {
                    todo.push((edge.to, by, unsure));
                }
                _ => {}
            }
        }
    }
    (listed(found), everybody)
}

fn users(graph: &Graph<'_>, start: usize, subject: &Subject) -> Vec<Neighbour> {
    let mut coming: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for at in 0..graph.nodes().len() {
        for edge_at in graph.leaving(at) {
            if let Some(edge) = graph.edges().get(*edge_at) {
                coming.entry(edge.to).or_default().push(*edge_at);
            }
        }
    }
    let mut found = BTreeMap::new();
    let mut seen = BTreeSet::from([start]);
    let mut todo = vec![(start, false)];
    while let Some((at, unsure)) = todo.pop() {
        for edge_at in coming.get(&at).into_iter().flatten() {
            let Some(edge) = graph.edges().get(*edge_at) else {
                continue;
            };
            let unsure = unsure || edge.unsure.is_some();
            match graph.nodes().get(edge.from) {
                Some(Node::Actor(other) | Node::Gained(other, _)) if other != subject => {
                    note(&mut found, graph, Some(*edge_at), other.to_string(), unsure);
                }
                Some(node @ (Node::Inside(..) | Node::Machine(_))) => {
                    note(&mut found, graph, Some(*edge_at), node.to_string(), unsure);
                }
                // Every token and every login is theirs: to say so of each account says nothing.
                Some(Node::ClusterAdmin | Node::Actor(_) | Node::Gained(..)) | None => {}
                Some(_) if seen.insert(edge.from) => todo.push((edge.from, unsure)),
                Some(_) => {}
            }
        }
    }
    listed(found)
}

type Found = BTreeMap<(String, String), bool>;

/// A certain way makes it certain.
fn note(found: &mut Found, graph: &Graph<'_>, by: Option<usize>, who: String, unsure: bool) {
    let edge = by.and_then(|at| graph.edges().get(at));
    let does = edge.map_or_else(String::new, |edge| graph.manner(edge));
    let known = found.entry((does, who)).or_insert(unsure);
    *known &= unsure;
}

fn listed(found: Found) -> Vec<Neighbour> {
    let all = found.into_iter();
    all.map(|((does, who), is_unsure)| Neighbour {
        does,
        who,
        is_unsure,
    })
    .collect()
}
