//! What a fix of an identity does to the ways of attack: those that end, those that survive, and who else loses by it.
//!
//! The graph is made of the world as it is and of the world with the changes, and the same questions are asked of both. A
//! way is the same where its steps are: one that only rests on another rule afterwards survives. Which rights somebody uses
//! is not known from the API, so what is said here is who loses rights, never who misses them.

mod lines;
mod losers;

use std::collections::BTreeSet;

use losers::{bindings, losers};

use super::rights::mounted;
use crate::model::change::{Change, Edit, PodEdit};
use crate::model::objects::access::Binding;
use crate::model::{Finding, Kind, Missing, ObjectKey, Part, Subject};
use crate::semantics::paths::{Goal, Graph, Start, Way, build, routes};
use crate::semantics::rbac::role_key;
use crate::view::{View, World};

/// Ways to one goal that are looked at; there may be more.
const LOOKED_AT: usize = 10;

/// Starts that are looked at: those of the first findings.
const STARTS: usize = 3;

/// Goals of the whole cluster, the worst first.
pub(super) const GOALS: [(Goal, &str); 5] = [
    (Goal::ClusterAdmin, "every right in the cluster"),
    (Goal::NodeRoot, "root on a node"),
    (Goal::KubeSystemSecrets, "Secrets of kube-system"),
    (Goal::AnySecret, "a Secret"),
    (Goal::Cloud, "rights in the cloud"),
];

/// What a fix does to the ways of attack.
#[derive(Clone, Debug, Default)]
pub struct FixPaths {
    /// For each who the fix is about.
    pub starts: Vec<StartPaths>,
    /// Further subjects and workloads that it is about, whose ways were not looked at.
    pub unasked: usize,
    /// Others who lose rights with it, in order.
    pub losers: Vec<Subject>,
    /// Workloads in which a token of somebody who loses rights is mounted, in order.
    pub workloads: Vec<ObjectKey>,
    /// What could not be seen: there may be more ways, and more who lose.
    pub missing: Vec<Missing>,
}

/// The ways of one start.
#[derive(Clone, Debug)]
pub struct StartPaths {
    /// Who, as the command line writes it. Not cleaned.
    pub who: String,
    /// The goals that are reached before or after, the worst first.
    pub goals: Vec<GoalPaths>,
}

/// The ways to one goal.
#[derive(Clone, Debug)]
pub struct GoalPaths {
    /// The goal.
    pub goal: Goal,
    /// The same in words.
    pub says: &'static str,
    /// Ways before; of many the cheapest.
    pub before: usize,
    /// Those of them that end.
    pub ends: usize,
    /// Ways to a goal that was out of reach before.
    pub opens: usize,
    /// Ways after, the cheapest first.
    pub survives: Vec<Way>,
    /// Ways after that rest on something not visible.
    pub unsure: usize,
    /// There are more than were looked at.
    pub more: bool,
}

impl FixPaths {
    /// Of a fix; `None` where it is about no identity, or about too many things at once.
    pub(super) fn of(world: &World, findings: &[Finding], changes: &[Change]) -> Option<FixPaths> {
        if !changes.iter().any(is_about_identity) {
            return None;
        }
        let mut starts = starts(world, findings, changes);
        let unasked = starts.len().saturating_sub(STARTS);
        starts.truncate(STARTS);
        if starts.is_empty() {
            return None;
        }
        let (after, _) = world.with(changes);
        let losers = losers(world, &after, changes);
        let own = |subject: &Subject| starts.contains(&Start::Subject(subject.clone()));
        let others: Vec<Subject> = losers.iter().filter(|s| !own(s)).cloned().collect();
        let view = View::new(world);
        let mut workloads: BTreeSet<ObjectKey> = BTreeSet::new();
        for subject in &losers {
            if let Subject::ServiceAccount { namespace, name } = subject {
                workloads.extend(mounted(world, &view, namespace, name));
            }
        }
        let subjects: Vec<Subject> = starts
            .iter()
            .filter_map(|start| match start {
                Start::Subject(subject) => Some(subject.clone()),
                Start::Workload(_) => None,
            })
            .collect();
        let view_after = View::new(&after);
        let now = build(&view, &subjects);
        let then = build(&view_after, &subjects);
        Some(FixPaths {
            starts: starts.iter().map(|s| compare(s, &now, &then)).collect(),
            unasked,
            losers: others,
            workloads: workloads.into_iter().collect(),
            missing: now.not_visible.clone(),
        })
    }
}

/// A change of who may do what, or of who holds a login.
fn is_about_identity(change: &Change) -> bool {
    match &change.edit {
        Edit::RemoveSubject(_) | Edit::Rule(..) | Edit::AccountAutomount(_) => true,
        Edit::Pod(edit) => matches!(edit, PodEdit::Automount(_) | PodEdit::Account(_)),
        Edit::Delete => is_binding(&change.object),
        // Whoever makes pods makes privileged ones where no level refuses them.
        Edit::Label(..) => change.object.known() == Some(Kind::Namespace),
        _ => false,
    }
}

fn is_binding(key: &ObjectKey) -> bool {
    matches!(
        key.known(),
        Some(Kind::RoleBinding | Kind::ClusterRoleBinding)
    )
}

/// Whom the fix is about: the subjects and workloads of its findings; without findings those of its changes.
fn starts(world: &World, findings: &[Finding], changes: &[Change]) -> Vec<Start> {
    let mut starts: Vec<Start> = Vec::new();
    let mut add = |start: Start| {
        if !starts.contains(&start) {
            starts.push(start);
        }
    };
    for finding in findings {
        match &finding.id.part {
            Part::Subject(text) => {
                if let Some(subject) = Subject::parse(text) {
                    add(Start::Subject(subject));
                }
            }
            _ => object(world, &finding.id.object)
                .into_iter()
                .for_each(&mut add),
        }
    }
    if findings.is_empty() {
        for change in changes {
            match &change.edit {
                Edit::RemoveSubject(subject) => add(Start::Subject(subject.clone())),
                _ => object(world, &change.object).into_iter().for_each(&mut add),
            }
        }
    }
    starts
}

/// Who starts at an object: an account, the subjects of a binding, whoever a role is bound to, code in a workload.
fn object(world: &World, key: &ObjectKey) -> Vec<Start> {
    let subjects = |of: &dyn Fn(&Binding) -> bool| -> Vec<Start> {
        let named = bindings(world).filter(|binding| of(binding));
        let subjects: BTreeSet<&Subject> = named.flat_map(|b| &b.subjects).collect();
        subjects.into_iter().cloned().map(Start::Subject).collect()
    };
    match key.known() {
        Some(Kind::ServiceAccount) => {
            vec![Start::Subject(Subject::account(key.home(), &key.name))]
        }
        Some(Kind::RoleBinding | Kind::ClusterRoleBinding) => {
            subjects(&|binding| binding.meta.key == *key)
        }
        Some(Kind::Role | Kind::ClusterRole) => subjects(&|binding| role_key(binding) == *key),
        Some(kind) if kind == Kind::Pod || Kind::TEMPLATED.contains(&kind) => {
            vec![Start::Workload(key.clone())]
        }
        _ => Vec::new(),
    }
}

fn compare(start: &Start, now: &Graph<'_>, then: &Graph<'_>) -> StartPaths {
    let goals = GOALS.into_iter().filter_map(|(goal, says)| {
        let before = routes(now, start, &goal, LOOKED_AT);
        let after = routes(then, start, &goal, LOOKED_AT);
        let had: BTreeSet<_> = before.paths.iter().map(steps).collect();
        let has: BTreeSet<_> = after.paths.iter().map(steps).collect();
        // Where the goal was in reach, another way there is what a wider right shrank to, or a dearer one that came into
        // sight.
        let opens = if had.is_empty() { has.len() } else { 0 };
        let (before_all, ends) = (had.len(), had.difference(&has).count());
        let unsure = after.unsure.len();
        let reached = before_all + has.len() + unsure > 0;
        reached.then_some(GoalPaths {
            goal,
            says,
            before: before_all,
            ends,
            opens,
            survives: after.paths,
            unsure,
            more: before.more || after.more,
        })
    });
    StartPaths {
        who: start_name(start),
        goals: goals.collect(),
    }
}

/// What makes two ways one.
fn steps(way: &Way) -> Vec<(&'static str, &str, &str)> {
    way.steps
        .iter()
        .map(|step| (step.edge, &*step.from, &*step.to))
        .collect()
}

fn start_name(start: &Start) -> String {
    match start {
        Start::Subject(subject) => subject.to_string(),
        Start::Workload(key) => key.to_string(),
    }
}
