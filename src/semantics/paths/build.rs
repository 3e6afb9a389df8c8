//! Makes the graph from what a view shows: everybody's rights first, then what those rights reach.

use std::collections::{BTreeMap, BTreeSet};
use std::rc::Rc;

use super::crowd::{Crowd, crowds};
use super::edge::{Cause, Edge, EdgeKind};
use super::edges;
use super::graph::Graph;
use super::node::{Node, Place};
use super::place::{Space, spaces};
use super::rights::{Known, Proof, Right, Rights};
use crate::model::change::{Change, Edit, RuleEdit};
use crate::model::objects::access::{Binding, Role};
use crate::model::objects::node::Node as Machine;
use crate::model::{Kind, Object, ObjectKey, Str, Subject};
use crate::semantics::rbac::identity::Identity;
use crate::semantics::rbac::rule::is_everything;
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
    pub(super) spaces: Rc<BTreeMap<Str, Space<'a>>>,
    pub(super) crowds: Rc<Vec<Crowd>>,
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
    done: BTreeSet<Node>,
}

/// The graph of what a view shows. Somebody of `extra` is in it whether bindings name them or not.
pub fn build<'a>(view: &View<'a>, extra: &[Subject]) -> Graph<'a> {
    let env = Env::of(view, extra);
    let mut builder = Builder::new(view, Graph::default(), env);
    let actors = Rc::clone(&builder.env.actors);
    for subject in &*actors {
        builder.actor(subject.clone());
    }
    builder.holder(Holder {
        node: Node::ClusterAdmin,
        rights: Rights::all(None),
    });
    builder.finish();
    edges::reach(&mut builder);
    // What the reach added may act as well: an account that nobody bound.
    builder.finish();
    builder.graph.not_visible = builder.view.take_blind();
    builder.graph.env = builder.env;
    builder.graph
}

/// The graph after a change of a role's rules or of a binding's subjects. `None`: more than the edges that rest on them may
/// change, and it must be made anew.
pub(super) fn without<'a>(
    view: &View<'a>,
    before: &Graph<'a>,
    change: &Change,
) -> Option<Graph<'a>> {
    // An edge that rests on whole ways may end with any of their steps.
    if before.has_joined {
        return None;
    }
    let mut roles = Vec::new();
    match (&change.edit, change.object.known()?) {
        (Edit::RemoveSubject(_), Kind::RoleBinding | Kind::ClusterRoleBinding) => {}
        (Edit::Rule(_, RuleEdit::Remove(rule)), Kind::Role | Kind::ClusterRole) => {
            let bound_on_the_way = |node: &Node| match node {
                Node::Gained(_, roles) => roles.iter().any(|(role, _)| *role == change.object),
                _ => false,
            };
            // What the role is worth to those who may bind it changes too.
            if is_everything(rule) || before.nodes().iter().any(bound_on_the_way) {
                return None;
            }
            roles.extend(view.get(&change.object).seen());
        }
        _ => return None,
    }
    let mut env = before.env.clone();
    for object in roles {
        if let Object::Role(role) = &**object {
            let all = Rc::make_mut(&mut env.roles);
            let here = all.entry(change.object.namespace.clone()).or_default();
            here.insert(change.object.name.clone(), role);
        }
    }
    let rests = |edge: &Edge<'_>| {
        edge.causes.iter().any(|cause| match cause {
            Cause::Right(Right::Held(clause)) => {
                clause.grant.binding.meta.key == change.object
                    || clause.grant.role.meta.key == change.object
            }
            _ => false,
        })
    };
    let subject = |node: &Node| match node {
        Node::Actor(subject) | Node::Gained(subject, _) => Some(subject.clone()),
        _ => None,
    };
    let touched = before.edges().iter().filter(|edge| rests(edge));
    let touched: BTreeSet<Subject> = touched
        .filter_map(|edge| before.nodes().get(edge.from).and_then(subject))
        .collect();
    // What a kubelet has besides rights would go with them.
    if touched.iter().any(edges::is_kubelet) {
        return None;
    }
    let mut builder = Builder::new(view, before.clone(), env);
    let mut open = Vec::new();
    for (at, node) in before.nodes().iter().enumerate() {
        if subject(node).is_some_and(|subject| touched.contains(&subject)) {
            builder.graph.clear(at);
            open.push(node);
        }
    }
    builder.done = before.nodes().iter().cloned().collect();
    for node in open {
        builder.done.remove(node);
    }
    for subject in touched {
        builder.actor(subject);
    }
    builder.finish();
    Some(builder.graph)
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
            actors.extend(accounts.map(|account| Subject::account(name, account)));
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
        let crowds = names.flat_map(|name| {
            view.widen_reads();
            crowds(view, name, &mentioned)
        });
        env.crowds = Rc::new(crowds.collect());
        env
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
}

impl<'v, 'a> Builder<'v, 'a> {
    fn new(view: &'v View<'a>, graph: Graph<'a>, env: Env<'a>) -> Self {
        Builder {
            view,
            graph,
            known: Known::default(),
            env,
            rewrites: Vec::new(),
            todo: Vec::new(),
            done: BTreeSet::new(),
        }
    }

    /// Makes the edges of everybody who waits for them.
    fn finish(&mut self) {
        while let Some(holder) = self.todo.pop() {
            edges::rights(self, &holder);
        }
    }

    /// Makes sure that somebody is in the graph, with what they hold.
    pub(super) fn actor(&mut self, subject: Subject) -> usize {
        let node = Node::Actor(subject.clone());
        if self.done.contains(&node) {
            return self.graph.node(node);
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
