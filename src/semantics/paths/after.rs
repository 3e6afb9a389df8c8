//! The graph after a change, of which only what rests on the changed object is made again.
//!
//! Whose edges these are is told by the edges themselves (a right that gives none is missed by nobody), and by what the graph
//! notes of those who look beyond what they hold. A change that can do more gives nothing here: the graph is then made anew.
//! (A test holds that both come to the same.)

use std::collections::BTreeSet;
use std::rc::Rc;

use super::build::{Builder, Env, names_pods, settled};
use super::crowd::{Crowd, crowds};
use super::edge::{Cause, Edge};
use super::edges;
use super::graph::Graph;
use super::node::Node;
use super::place::fence_of;
use super::rights::Right;
use crate::model::change::{Change, Edit, RuleEdit};
use crate::model::{Kind, Object, ObjectKey, Str, Subject};
use crate::semantics::rbac::Identity;
use crate::view::View;

/// The graph after a change, which the view shows made. `extra` are those who are in it whether bindings name them or not.
pub(super) fn after<'a>(
    view: &View<'a>,
    before: &Graph<'a>,
    change: &Change,
    extra: &[Subject],
) -> Option<Graph<'a>> {
    let kind = change.object.known()?;
    // An edge that rests on whole ways may come or end with any of their steps.
    if before.has_joined {
        return None;
    }
    let after = match (&change.edit, kind) {
        (Edit::RemoveSubject(subject), Kind::RoleBinding | Kind::ClusterRoleBinding) => {
            let stays = is_there(view, before, &settled(subject)?, extra);
            let named = stays.then(|| named_by(before, subject))?;
            held(view, before, before.env.clone(), &change.object, named)
        }
        (Edit::Rule(_, RuleEdit::Remove(rule)), Kind::Role | Kind::ClusterRole) => {
            let env = with_role(view, before, &change.object)?;
            (!names_pods(rule)).then(|| held(view, before, env, &change.object, BTreeSet::new()))?
        }
        (Edit::Label(..), Kind::Namespace) => level(view, before, &change.object.name),
        (Edit::Pod(_) | Edit::Container(..) | Edit::AccountAutomount(_), _) => {
            running(view, before, change.object.namespace.as_ref()?)
        }
        _ => None,
    };
    after.filter(|after| !after.has_joined)
}

/// Somebody is in the graph without this binding: others name them, they exist, or they were asked about.
fn is_there(view: &View<'_>, graph: &Graph<'_>, who: &Subject, extra: &[Subject]) -> bool {
    let bound = |subject: &Subject| view.world().bound(subject).next().is_some();
    let exists = match who {
        Subject::ServiceAccount { namespace, name } => {
            let user = format!("system:serviceaccount:{namespace}:{name}");
            let space = graph.env.spaces.get(namespace);
            let known = space.is_some_and(|space| space.accounts.contains_key(name));
            known || bound(&Subject::User(user.into()))
        }
        _ => false,
    };
    let asked = || extra.iter().filter_map(settled).any(|asked| asked == *who);
    exists || bound(who) || asked()
}

/// The roles as they are now.
fn with_role<'a>(view: &View<'a>, before: &Graph<'a>, key: &ObjectKey) -> Option<Env<'a>> {
    let Object::Role(role) = &**view.get(key).seen()? else {
        return None;
    };
    let mut env = before.env.clone();
    let here = Rc::make_mut(&mut env.roles).entry(key.namespace.clone());
    here.or_default().insert(key.name.clone(), role);
    Some(env)
}

/// Whoever is meant by a subject: a place where they hold something is a place to look at, whatever gives the right.
fn named_by(graph: &Graph<'_>, subject: &Subject) -> BTreeSet<usize> {
    let actors = graph.nodes().iter().enumerate();
    let named = actors.filter(|(_, node)| match node {
        Node::Actor(actor) => Identity::of(actor).is_named_by(subject),
        _ => false,
    });
    named.map(|(at, _)| at).collect()
}

/// Another binding or role: the edges of these, of everybody who has one by it, and of those who look at what others hold.
fn held<'a>(
    view: &View<'a>,
    before: &Graph<'a>,
    env: Env<'a>,
    changed: &ObjectKey,
    mut holders: BTreeSet<usize>,
) -> Option<Graph<'a>> {
    let rests = |edge: &Edge<'_>| {
        edge.causes.iter().any(|cause| match cause {
            Cause::Right(Right::Held(clause)) => {
                let grant = &clause.grant;
                grant.binding.meta.key == *changed || grant.role.meta.key == *changed
            }
            Cause::Right(Right::Gained(role, _)) => role.meta.key == *changed,
            Cause::Fact(_) => false,
        })
    };
    holders.extend(before.rests.others.iter());
    let resting = before.edges().iter().filter(|edge| rests(edge));
    holders.extend(resting.map(|edge| edge.from));
    let mut builder = Builder::new(view, before.clone(), env);
    let machines = again(&mut builder, before, &holders);
    // The logins of kubelets come and go with it.
    if edges::is_issued(before) != edges::is_issued(&builder.graph) {
        return None;
    }
    if !machines.is_empty() {
        edges::reach_machines(&mut builder, &machines);
    }
    Some(builder.into_graph())
}

/// Another level of a namespace: what new pods there reach, and whoever looks for such a level.
fn level<'a>(view: &View<'a>, before: &Graph<'a>, namespace: &Str) -> Option<Graph<'a>> {
    let mut env = before.env.clone();
    let space = Rc::make_mut(&mut env.spaces).get_mut(namespace)?;
    Rc::make_mut(space).fence = fence_of(view, namespace)?;
    let mut builder = Builder::new(view, before.clone(), env);
    let here = Some(namespace.clone());
    for node in [Node::Pods(here.clone()), Node::Debug(here)] {
        builder.graph.clear(before.find(&node)?);
    }
    let machines = again(&mut builder, before, &before.rests.levels);
    edges::reach_by_level(&mut builder, namespace);
    if !machines.is_empty() {
        edges::reach_machines(&mut builder, &machines);
    }
    Some(builder.into_graph())
}

/// Other pods or templates in a namespace: what they hold, and what the nodes where they run have of them.
fn running<'a>(view: &View<'a>, before: &Graph<'a>, namespace: &Str) -> Option<Graph<'a>> {
    let mut env = before.env.clone();
    let mentioned = env.mentioned();
    let now: Rc<[Crowd]> = crowds(view, namespace, &mentioned).into();
    let old = Rc::make_mut(&mut env.crowds).insert(namespace.clone(), Rc::clone(&now))?;
    // Whoever reads files of a node reads those of every pod there.
    let reads = |crowd: &Crowd| !crowd.reads.is_empty();
    if !before.rests.pods.is_empty() || before.env.crowds().chain(now.iter()).any(reads) {
        return None;
    }
    let all = || old.iter().chain(now.iter());
    let machines: BTreeSet<Str> = all().flat_map(|c| c.machines.keys()).cloned().collect();
    let mut stale: Vec<Node> = machines.iter().cloned().map(Node::Machine).collect();
    for crowd in all() {
        let (key, form) = (&crowd.workload, crowd.form);
        stale.push(Node::Inside(key.clone(), form));
        stale.push(Node::MachinesOf(key.clone(), form));
    }
    let here = Some(namespace.clone());
    stale.extend([Node::Enter, Node::Alter, Node::Debug].map(|node| node(here.clone())));
    let logins = machines.iter().map(|name| Node::Actor(edges::login(name)));
    let logins = logins.filter_map(|node| before.find(&node)).collect();
    let mut builder = Builder::new(view, before.clone(), env);
    for node in stale.iter().filter_map(|node| before.find(node)) {
        builder.graph.clear(node);
    }
    again(&mut builder, before, &logins);
    edges::reach_running(&mut builder, namespace, &machines);
    Some(builder.into_graph())
}

/// Makes the edges of some holders again, each with whatever it binds on the way. Returns the nodes whose kubelets are among
/// them: they have more than their rights.
fn again<'a>(
    builder: &mut Builder<'_, 'a>,
    before: &Graph<'a>,
    holders: &BTreeSet<usize>,
) -> BTreeSet<Str> {
    let nodes = before.nodes();
    let subject = |node: &Node| match node {
        Node::Actor(subject) | Node::Gained(subject, _) => Some(subject.clone()),
        _ => None,
    };
    let subjects = holders.iter().filter_map(|at| nodes.get(*at));
    let subjects: BTreeSet<Subject> = subjects.filter_map(subject).collect();
    for (at, node) in nodes.iter().enumerate() {
        let here = match subject(node) {
            Some(subject) => subjects.contains(&subject),
            None => holders.contains(&at),
        };
        if here {
            builder.open(at);
        }
    }
    for at in holders {
        match nodes.get(*at) {
            Some(Node::ClusterAdmin) => drop(builder.cluster_admin()),
            Some(Node::NamespaceAdmin(name)) => drop(builder.namespace_admin(name)),
            _ => {}
        }
    }
    let machines = subjects.iter().filter_map(edges::node_of).collect();
    for subject in subjects {
        builder.actor(subject);
    }
    builder.finish();
    machines
}
