//! What stories ask of a graph: for everybody at once, whether a way to a goal begins in a certain manner, and which is the
//! cheapest.
//!
//! A story is about one means: "has a token issued", "makes a privileged pod". So it asks by a [`Quest`].

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use super::edge::Cause;
use super::goal::Goal;
use super::graph::Graph;
use super::net::{Ground, Hop, Net};
use super::node::Node;
use super::quest::{Quest, is_own};
use super::search::Search;
use crate::model::{Evidence, Missing, ObjectKey, Str, Subject};
use crate::semantics::rbac::identity::MASTERS;

/// What was reckoned: of a goal, for ways with a doubt or without, which nodes are it and the distances.
type Reckoned = (Goal, bool, Rc<[bool]>, Rc<[u64]>);

/// An edge that leaves a right: its state, the edge, the state that it leads to, its weight.
pub(super) type RightEdge = (usize, Hop, usize, u64);

/// A graph, to be asked by many stories.
#[derive(Debug)]
pub struct Survey<'g, 'a> {
    pub(super) graph: &'g Graph<'a>,
    /// Nodes of each workload.
    pub(super) workloads: BTreeMap<&'g ObjectKey, Vec<usize>>,
    /// The node of each subject.
    pub(super) subjects: BTreeMap<&'g Subject, usize>,
    pub(super) net: Rc<Net>,
    left: RefCell<Vec<Reckoned>>,
    rights: RefCell<[Option<Rc<[RightEdge]>>; 2]>,
}

/// A workload that runs, and how its account's token stands in it.
#[derive(Clone, Copy, Debug)]
pub struct Inside<'g> {
    /// The workload.
    pub workload: &'g ObjectKey,
    /// The account of its pods.
    pub account: &'g Subject,
    /// What keeps the token out of every container, where that is visible.
    pub tokenless: Option<&'g Evidence>,
}

impl<'g, 'a> Survey<'g, 'a> {
    /// Of this graph.
    pub fn new(graph: &'g Graph<'a>) -> Self {
        let mut workloads: BTreeMap<&ObjectKey, Vec<usize>> = BTreeMap::new();
        let mut subjects = BTreeMap::new();
        for (at, node) in graph.nodes().iter().enumerate() {
            match node {
                Node::Inside(key, _) => workloads.entry(key).or_default().push(at),
                Node::Actor(subject) => drop(subjects.insert(subject, at)),
                _ => {}
            }
        }
        Survey {
            graph,
            workloads,
            subjects,
            net: graph.net(),
            left: RefCell::default(),
            rights: RefCell::default(),
        }
    }

    /// What could not be seen: there may be more ways.
    pub fn missing(&self) -> &[Missing] {
        &self.graph.not_visible
    }

    /// Every form of every workload that runs, in order.
    pub fn inside(&self) -> impl Iterator<Item = Inside<'g>> + use<'g, 'a> {
        self.graph.env.crowds().map(|crowd| Inside {
            workload: &crowd.workload,
            account: &crowd.account,
            tokenless: crowd.tokenless.as_ref(),
        })
    }

    /// Everybody in the graph, in order. Whoever is a member of `system:masters` is everything by definition, and left out.
    pub fn subjects(&self) -> impl Iterator<Item = &'g Subject> {
        let subjects = self.subjects.keys().copied();
        subjects.filter(|subject| !matches!(subject, Subject::Group(name) if &**name == MASTERS))
    }

    /// Accounts that name Secrets of old tokens, with the field that names the first.
    pub fn lasting(&self) -> impl Iterator<Item = (Subject, Evidence)> + use<'g, 'a> {
        let spaces = &*self.graph.env.spaces;
        let accounts = spaces.iter().flat_map(|(namespace, space)| {
            let accounts = space.accounts.iter();
            accounts.map(move |(name, account)| (Subject::account_of(namespace, name), *account))
        });
        accounts.filter_map(|(subject, account)| {
            let names = account.secrets.iter().enumerate();
            let old = format!("{}-token-", account.meta.name());
            let (at, name) = names.into_iter().find(|(_, name)| name.starts_with(&old))?;
            let path = format!("secrets[{at}].name");
            Some((subject, Evidence::explicit(&account.meta.key, path, name)))
        })
    }

    /// A namespace in which a subject makes pods by its own bindings and where the level refuses privileged ones: what
    /// gives the right, and the label.
    pub fn fenced(&self, subject: &Subject) -> Option<(&'g Str, Vec<Evidence>, Evidence)> {
        let start = *self.subjects.get(subject)?;
        let graph = self.graph;
        let edges = graph.leaving(start).iter();
        let edges = edges.filter_map(|edge| graph.edges().get(*edge));
        let makes = edges.filter_map(|edge| match graph.nodes().get(edge.to) {
            Some(Node::Pods(place)) if is_own(edge, subject) => Some((place, edge)),
            _ => None,
        });
        let spaces = &*graph.env.spaces;
        makes.into_iter().find_map(|(place, edge)| {
            let reached = |name: &Str| place.as_ref().is_none_or(|place| place == name);
            let mut fenced = spaces.iter().filter(|(name, _)| reached(name));
            let (name, space) = fenced.find(|(_, space)| !space.fence.is_open())?;
            let causes = edge.causes.iter().flat_map(Cause::evidence).collect();
            Some((name, causes, space.fence.evidence.clone()?))
        })
    }

    /// Looks for ways to a goal that begin with one of these kinds of edges (with any, where none is named).
    pub fn quest(&self, goal: &Goal, first: &'static [&'static str]) -> Quest<'_, 'g, 'a> {
        self.quest_without(goal, first, &[])
    }

    /// The same, with kinds of edges that are no part of the first step.
    pub fn quest_without(
        &self,
        goal: &Goal,
        first: &'static [&'static str],
        never: &'static [&'static str],
    ) -> Quest<'_, 'g, 'a> {
        Quest::new(self, goal, first, never)
    }

    /// The edges that leave rights, for ways with a doubt or without.
    pub(super) fn rights(&self, unsure: bool) -> Rc<[RightEdge]> {
        let mut known = self.rights.borrow_mut();
        let slot = &mut known[usize::from(unsure)];
        let made = slot.get_or_insert_with(|| {
            let search = Search::with(&self.net, Rc::from([]), unsure, Rc::from([]));
            let states = 0..search.states();
            let rights =
                states.filter(|state| self.net.ground(search.node(*state)) != Ground::Stand);
            let mut edges = Vec::new();
            for state in rights {
                for hop in search.leaving(state) {
                    let after = search.after(state, hop);
                    edges.extend(after.map(|(to, weight)| (state, *hop, to, weight)));
                }
            }
            edges.into()
        });
        Rc::clone(made)
    }

    /// The search for a goal; its distances are reckoned once.
    pub(super) fn search(&self, goal: &Goal, unsure: bool) -> Search {
        let mut known = self.left.borrow_mut();
        let found = known
            .iter()
            .find(|(of, sort, ..)| of == goal && *sort == unsure);
        if let Some((.., targets, left)) = found {
            return Search::with(&self.net, Rc::clone(targets), unsure, Rc::clone(left));
        }
        let targets: Rc<[bool]> = goal.targets(self.graph).into();
        let search = Search::new(&self.net, Rc::clone(&targets), unsure);
        known.push((goal.clone(), unsure, targets, search.left_of_all()));
        search
    }
}
