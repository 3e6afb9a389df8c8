//! Makes the graph from what a view shows: everybody's rights first, then what those rights reach.

use std::collections::{BTreeMap, BTreeSet};

use super::crowd::{Crowd, crowds};
use super::edge::{Cause, Edge, EdgeKind};
use super::edges;
use super::graph::Graph;
use super::node::{Node, Place};
use super::place::{Space, spaces};
use super::rights::{Known, Proof, Rights};
use crate::model::objects::access::{Binding, Role};
use crate::model::objects::node::Node as Machine;
use crate::model::{Kind, Object, ObjectKey, Str, Subject};
use crate::semantics::rbac::identity::Identity;
use crate::semantics::rbac::{held, subjects};
use crate::view::View;

/// Somebody with rights, whose edges are to be made.
#[derive(Clone, Debug)]
pub(super) struct Holder<'a> {
    /// Its node.
    pub(super) node: Node,
    /// What it holds.
    pub(super) rights: Rights<'a>,
}

/// Makes a graph.
pub(super) struct Builder<'v, 'a> {
    pub(super) view: &'v View<'a>,
    pub(super) graph: Graph<'a>,
    pub(super) known: Known<'a>,
    pub(super) spaces: BTreeMap<Str, Space<'a>>,
    pub(super) crowds: Vec<Crowd>,
    pub(super) machines: BTreeMap<Str, &'a Machine>,
    /// Roles, by namespace (none: cluster roles) and name.
    pub(super) roles: BTreeMap<Place, BTreeMap<Str, &'a Role>>,
    /// Bindings that are there, by where they count and the role that they bind.
    pub(super) bindings: BTreeMap<(Place, ObjectKey), Vec<&'a Binding>>,
    /// Subjects that bindings name, accounts that exist, and who was asked about.
    pub(super) actors: BTreeSet<Subject>,
    todo: Vec<Holder<'a>>,
    done: BTreeSet<Node>,
}

/// The graph of what a view shows. Somebody of `extra` is in it whether bindings name them or not.
pub fn build<'a>(view: &View<'a>, extra: &[Subject]) -> Graph<'a> {
    let bound: BTreeSet<Subject> = subjects(view).into_iter().filter_map(settled).collect();
    let mut builder = Builder::new(view, &bound);
    builder.actors.extend(bound);
    builder.actors.extend(extra.iter().filter_map(settled));
    for subject in builder.actors.clone() {
        builder.actor(subject);
    }
    builder.holder(Holder {
        node: Node::ClusterAdmin,
        rights: Rights::all(None),
    });
    while let Some(holder) = builder.todo.pop() {
        edges::rights(&mut builder, &holder);
    }
    edges::reach(&mut builder);
    // What the reach added may act as well: an account that nobody bound.
    while let Some(holder) = builder.todo.pop() {
        edges::rights(&mut builder, &holder);
    }
    builder.graph.not_visible = builder.view.take_blind();
    builder.graph
}

/// A subject as it acts: the user name of an account is the account. An account without a namespace is nobody.
fn settled(subject: &Subject) -> Option<Subject> {
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

impl<'v, 'a> Builder<'v, 'a> {
    fn new(view: &'v View<'a>, bound: &BTreeSet<Subject>) -> Self {
        let mut builder = Builder {
            view,
            graph: Graph::default(),
            known: Known::default(),
            spaces: spaces(view, bound),
            crowds: Vec::new(),
            machines: BTreeMap::new(),
            roles: BTreeMap::new(),
            bindings: BTreeMap::new(),
            actors: BTreeSet::new(),
            todo: Vec::new(),
            done: BTreeSet::new(),
        };
        builder.facts();
        let mentioned = builder.mentioned();
        let names: Vec<Str> = builder.spaces.keys().cloned().collect();
        for name in names {
            builder.crowds.extend(crowds(view, &name, &mentioned));
        }
        builder
    }

    fn facts(&mut self) {
        let view = self.view;
        for object in view.list(Kind::Node, "") {
            if let Object::Node(machine) = &**object {
                self.machines.insert(machine.meta.key.name.clone(), machine);
            }
        }
        for (name, space) in &self.spaces {
            let accounts = space.accounts.keys();
            let accounts = accounts.map(|account| Subject::account(name, account));
            self.actors.extend(accounts);
        }
        let roles = view.list(Kind::ClusterRole, "");
        for object in roles.chain(view.list_all(Kind::Role)) {
            if let Object::Role(role) = &**object {
                let key = &role.meta.key;
                let here = self.roles.entry(key.namespace.clone()).or_default();
                here.insert(key.name.clone(), role);
            }
        }
        let bindings = view.list(Kind::ClusterRoleBinding, "");
        for object in bindings.chain(view.list_all(Kind::RoleBinding)) {
            if let Object::Binding(binding) = &**object {
                let place = binding.meta.key.namespace.clone();
                let role = crate::semantics::rbac::role_key(binding);
                self.bindings
                    .entry((place, role))
                    .or_default()
                    .push(binding);
            }
        }
    }

    /// Names that rules with `resourceNames` mention.
    fn mentioned(&self) -> BTreeSet<Str> {
        let roles = self.roles.values().flat_map(BTreeMap::values);
        let rules = roles.flat_map(|role| &role.rules);
        let pods = rules.filter(|rule| {
            let words = ["pods", "pods/exec", "pods/ephemeralcontainers", "*"];
            !rule.names.is_empty() && rule.resources.iter().any(|r| words.contains(&&**r))
        });
        pods.flat_map(|rule| rule.names.iter().cloned()).collect()
    }

    /// Makes sure that somebody is in the graph, with what they hold.
    pub(super) fn actor(&mut self, subject: Subject) -> usize {
        let node = Node::Actor(subject.clone());
        if self.done.contains(&node) {
            return self.graph.node(node);
        }
        let mut rights = Rights::default();
        for grant in held(self.view, &Identity::of(&subject)).grants {
            rights.add(&mut self.known, grant);
        }
        self.holder(Holder { node, rights })
    }

    /// Makes sure that a holder's edges are made.
    pub(super) fn holder(&mut self, holder: Holder<'a>) -> usize {
        let at = self.graph.node(holder.node.clone());
        if self.done.insert(holder.node.clone()) {
            self.todo.push(holder);
        }
        at
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
            cut: None,
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
