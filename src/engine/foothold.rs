//! Suppose that somebody is taken: what is within their reach, by the cheapest way there.

use super::fix_paths::GOALS;
use crate::model::Missing;
use crate::semantics::other_authorizers::other_authorizers;
use crate::semantics::paths::{Start, Way, build, routes};
use crate::view::{View, World};

/// What a foothold leads to.
#[derive(Clone, Debug)]
pub struct FootholdAnswer {
    /// Each goal, reached or not, the worst first.
    pub goals: Vec<GoalRow>,
    /// It is in the graph: a workload that runs nothing, or a subject that nobody names, leads nowhere.
    pub is_known: bool,
    /// What could not be seen: there may be more ways.
    pub missing: Vec<Missing>,
    /// Authorizers beside RBAC that may grant more: `rights granted by AWS IAM`.
    pub others: Vec<&'static str>,
}

/// A goal.
#[derive(Clone, Debug)]
pub struct GoalRow {
    /// The goal in words.
    pub says: &'static str,
    /// The cheapest way that works.
    pub way: Option<Way>,
    /// The cheapest way that rests on something not visible, where none works for certain.
    pub unsure: Option<Way>,
}

impl FootholdAnswer {
    pub(super) fn of(world: &World, start: &Start) -> FootholdAnswer {
        let view = View::new(world);
        let extra = match start {
            Start::Subject(subject) => vec![subject.clone()],
            Start::Workload(_) => Vec::new(),
        };
        let graph = build(&view, &extra);
        let goals = GOALS.map(|(goal, says)| {
            let mut found = routes(&graph, start, &goal, 1);
            let way = (!found.paths.is_empty()).then(|| found.paths.swap_remove(0));
            let unsure =
                (way.is_none() && !found.unsure.is_empty()).then(|| found.unsure.swap_remove(0));
            GoalRow { says, way, unsure }
        });
        FootholdAnswer {
            goals: goals.into(),
            is_known: !start.nodes(&graph).is_empty(),
            missing: graph.not_visible.clone(),
            others: other_authorizers(world)
                .iter()
                .map(|other| other.what)
                .collect(),
        }
    }
}
