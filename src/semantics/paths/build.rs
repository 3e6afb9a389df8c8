//! Makes the graph from what a view shows: everybody's rights first, then what those rights reach.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::crowd::{Crowd, crowds};
use super::edge::{Cause, Edge, EdgeKind};
use super::edges;
use super::graph::Graph;
use super::node::{Node, Place};
use super::place::{Spaces, spaces};
use super::rights::{Known, Proof, Rights};
use crate::model::objects::access::{Binding, Role, Rule};
use crate::model::objects::node::Node as Machine;
use crate::model::{Kind, Object, ObjectKey, Str, Subject};
use crate::semantics::rbac::identity::Identity;
use crate::semantics::rbac::{held, role_key, subjects};
use crate::view::View;

/// Somebody with rights, whose edges are to be made.
#[derive(Clone, Debug)]
pub(super) struct Holder<'a> {
    /// Its node.
    pub(super) node: Node,
    /// What it holds.
    pub(super) rights: Rights<'a>,
}

/// What the rights reach: everything but who holds them.
#[derive(Clone, Debug, Default)]
pub(super) struct Env<'a> {
    pub(super) spaces: Rc<Spaces<'a>>,
    /// What runs, by namespace.
    pub(super) crowds: Rc<BTreeMap<Str, Rc<[Crowd]>>>,
    pub(super) machines: Rc<BTreeMap<Str, &'a Machine>>,
    /// Roles, by namespace (none: cluster roles) and name.
    pub(super) roles: Rc<BTreeMap<Place, BTreeMap<Str, &'a Role>>>,
    /// Bindings that are there, by where they count and the role that they bind.
    pub(super) bindings: Rc<BTreeMap<(Place, ObjectKey), Vec<&'a Binding>>>,
    /// Subjects that bindings name, accounts that exist, and who was asked about.
    pub(super) actors: Rc<BTreeSet<Subject>>,
}

/// Makes a graph.
pub(super) struct Builder<'v, 'a> {
    pub(super) view: &'v View<'a>,
    pub(super) graph: Graph<'a>,
    pub(super) known: Known<'a>,
    pub(super) env: Env<'a>,
    /// Edges that depend on ways which are not there yet.
    pub(super) rewrites: Vec<edges::Rewrite<'a>>,
    todo: Vec<Holder<'a>>,
    /// By node: its edges are made, or wait to be.
    done: Vec<bool>,
}

/// Edges for each subject and workload, about.
const EDGES: usize = 8;

/// The graph of what a view shows. Somebody of `extra` is in it whether bindings name them or not.
pub fn build<'a>(view: &View<'a>, extra: &[Subject]) -> Graph<'a> {
    let env = Env::of(view, extra);
    let mut builder = Builder::new(view, Graph::default(), env);
    // Each brings about so many: one step by a right, and what its pods, nodes and namespaces hold.
    let (actors, crowds) = (builder.env.actors.len(), builder.env.crowds().count());
    builder.graph.reserve(EDGES * (actors + crowds));
    let actors = Rc::clone(&builder.env.actors);
    for subject in &*actors {
        builder.actor(subject.clone());
    }
    builder.cluster_admin();
    builder.finish();
    edges::reach(&mut builder);
    let mut graph = builder.into_graph();
    graph.not_visible = view.take_blind();
    graph
}

/// A subject as it acts: the user name of an account is the account. An account without a namespace is nobody.
pub(super) fn settled(subject: &Subject) -> Option<Subject> {
    match subject {
        Subject::ServiceAccount { namespace, .. } if namespace.is_empty() => None,
        Subject::User(name) => {
            let account = name
                .strip_prefix("system:serviceaccount:")
                .and_then(|rest| rest.split_once(':'))
                .filter(|(namespace, name)| !namespace.is_empty() && !name.is_empty());
            Some(match account {
                Some((namespace, name)) => Subject::account(namespace, name),
                None => subject.clone(),
            })
        }
        _ => Some(subject.clone()),
    }
}

/// Pods of some names are told from others by this rule.
pub(super) fn names_pods(rule: &Rule) -> bool {
    let words = ["pods", "pods/exec", "pods/ephemeralcontainers", "*"];
    !rule.names.is_empty() && rule.resources.iter().any(|r| words.contains(&&**r))
}

impl<'a> Env<'a> {
    fn of(view: &View<'a>, extra: &[Subject]) -> Env<'a> {
        let bound: BTreeSet<Subject> = subjects(view).into_iter().filter_map(settled).collect();
        let spaces = spaces(view, &bound);
        let (mut machines, mut roles) = (BTreeMap::new(), BTreeMap::<_, BTreeMap<_, _>>::new());
        let mut bindings = BTreeMap::<_, Vec<_>>::new();
        for object in view.list(Kind::Node, "") {
            if let Object::Node(machine) = &**object {
                machines.insert(machine.meta.key.name.clone(), machine);
            }
        }
        let found = view.list(Kind::ClusterRole, "");
        for object in found.chain(view.list_all(Kind::Role)) {
            if let Object::Role(role) = &**object {
                let key = &role.meta.key;
                let here = roles.entry(key.namespace.clone()).or_default();
                here.insert(key.name.clone(), role);
            }
        }
        let found = view.list(Kind::ClusterRoleBinding, "");
        for object in found.chain(view.list_all(Kind::RoleBinding)) {
            if let Object::Binding(binding) = &**object {
                let place = binding.meta.key.namespace.clone();
                let here = bindings.entry((place, role_key(binding))).or_default();
                here.push(binding);
            }
        }
        let mut actors = bound;
        actors.extend(extra.iter().filter_map(settled));
        for (name, space) in &spaces {
            let accounts = space.accounts.keys();
            actors.extend(accounts.map(|account| Subject::account_of(name, account)));
        }
        let mut env = Env {
            spaces: Rc::new(spaces),
            crowds: Rc::default(),
            machines: Rc::new(machines),
            roles: Rc::new(roles),
            bindings: Rc::new(bindings),
            actors: Rc::new(actors),
        };
        let mentioned = env.mentioned();
        let names = env.spaces.keys();
        let crowds = names.map(|name| {
            view.widen_reads();
            (name.clone(), crowds(view, name, &mentioned).into())
        });
        env.crowds = Rc::new(crowds.collect());
        env
    }

    /// Everything that runs.
    pub(super) fn crowds(&self) -> impl Iterator<Item = &Crowd> {
        self.crowds.values().flat_map(|here| here.iter())
    }

    /// What runs in a place.
    pub(super) fn crowds_in(&self, place: &Place) -> impl Iterator<Item = &Crowd> {
        let here = place.as_ref().and_then(|name| self.crowds.get(name));
        here.into_iter().flat_map(|here| here.iter())
    }

    /// Names that rules with `resourceNames` mention.
    pub(super) fn mentioned(&self) -> BTreeSet<Str> {
        let roles = self.roles.values().flat_map(BTreeMap::values);
        let rules = roles.flat_map(|role| &role.rules);
        let pods = rules.filter(|rule| names_pods(rule));
        pods.flat_map(|rule| rule.names.iter().cloned()).collect()
    }
}

impl<'v, 'a> Builder<'v, 'a> {
    pub(super) fn new(view: &'v View<'a>, graph: Graph<'a>, env: Env<'a>) -> Self {
        Builder {
            view,
            // Nobody of a graph that is there is looked at again unless that is asked for.
            done: vec![true; graph.nodes().len()],
            graph,
            known: Known::default(),
            env,
            rewrites: Vec::new(),
            todo: Vec::new(),
        }
    }

    /// Makes the edges of everybody who waits for them.
    pub(super) fn finish(&mut self) {
        while let Some(holder) = self.todo.pop() {
            edges::rights(self, &holder);
        }
    }

    /// The graph, with what it was made from.
    pub(super) fn into_graph(mut self) -> Graph<'a> {
        // What was reached last may act as well: an account that nobody bound.
        self.finish();
        self.graph.env = self.env;
        self.graph
    }

    /// Makes sure that somebody is in the graph, with what they hold.
    pub(super) fn actor(&mut self, subject: Subject) -> usize {
        let node = Node::Actor(subject.clone());
        if let Some(at) = self.graph.find(&node)
            && self.is_done(at)
        {
            return at;
        }
        self.view.widen_reads();
        let mut rights = Rights::default();
        for grant in held(self.view, &Identity::of(&subject)).grants {
            rights.add(&mut self.known, grant);
        }
        self.holder(Holder { node, rights })
    }

    /// Makes sure that a holder's edges are made.
    pub(super) fn holder(&mut self, holder: Holder<'a>) -> usize {
        let at = self.graph.node(holder.node.clone());
        if !self.is_done(at) {
            self.done
                .resize(self.graph.nodes().len().max(self.done.len()), false);
            if let Some(done) = self.done.get_mut(at) {
                *done = true;
            }
            self.todo.push(holder);
        }
        at
    }

    /// The edges of a node are to be made again.
    pub(super) fn open(&mut self, node: usize) {
        self.graph.clear(node);
        if let Some(done) = self.done.get_mut(node) {
            *done = false;
        }
    }

    fn is_done(&self, node: usize) -> bool {
        self.done.get(node).copied().unwrap_or_default()
    }

    /// Whoever holds every right, in the graph.
    pub(super) fn cluster_admin(&mut self) -> usize {
        self.holder(Holder {
            node: Node::ClusterAdmin,
            rights: Rights::all(None),
        })
    }

    /// Root on a namespace, in the graph.
    pub(super) fn namespace_admin(&mut self, name: &Str) -> usize {
        self.holder(Holder {
            node: Node::NamespaceAdmin(name.clone()),
            rights: Rights::all(Some(name.clone())),
        })
    }

    /// An edge, to be refined by the caller.
    pub(super) fn edge(
        from: usize,
        to: usize,
        kind: &'static EdgeKind,
        causes: Vec<Cause<'a>>,
    ) -> Edge<'a> {
        Edge {
            from,
            to,
            kind,
            causes,
            note: None,
            unsure: None,
            cuts: Vec::new(),
        }
    }

    /// An edge by rights.
    pub(super) fn by(&mut self, from: usize, to: Node, kind: &'static EdgeKind, proof: Proof<'a>) {
        let to = self.graph.node(to);
        let causes = proof.into_iter().map(Cause::Right).collect();
        self.graph.push(Self::edge(from, to, kind, causes));
    }

    /// What is passed through: no step of its own.
    pub(super) fn pass(&mut self, from: usize, to: usize, kind: &'static EdgeKind) {
        self.graph.push(Self::edge(from, to, kind, Vec::new()));
    }
}
