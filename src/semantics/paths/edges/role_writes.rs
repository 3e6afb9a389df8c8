//! Rights beyond one's own (P04 to P06): `bind` with the right to write a binding, `escalate` with the right to write a role
//! that one holds. Each half alone is worth nothing, and whoever lacks both may only pass on what they hold.
//!
//! Source: kubernetes/kubernetes `pkg/registry/rbac/escalation_check.go`, `pkg/registry/rbac/*/policybased/storage.go`.

use std::collections::BTreeMap;

use super::super::build::{Builder, Holder};
use super::super::edge::{Cause, EdgeKind};
use super::super::graph::{Graph, note};
use super::super::node::{Node, Place};
use super::super::rights::{Act, Proof, Right};
use super::all;
use crate::model::objects::access::{Binding, Role};
use crate::model::{Evidence, ObjectKey};
use crate::semantics::rbac::rule::is_everything;

/// Somebody may write every right into the role that a binding gives to others.
pub(in super::super) struct Rewrite<'a> {
    from: usize,
    binding: &'a Binding,
    proof: Proof<'a>,
}

const BIND: EdgeKind = EdgeKind {
    id: "bind-roles",
    words: "binds a role to itself that it does not hold, and becomes {to}",
    cost: 1,
    source: "kubernetes/kubernetes pkg/registry/rbac/escalation_check.go BindingAuthorized",
};

const BIND_TWO: EdgeKind = EdgeKind {
    id: "bind-roles",
    words: "binds two roles to itself that it does not hold, and becomes {to}",
    cost: 2,
    source: BIND.source,
};

/// Roles that are tried two by two: of more, each is tried alone.
const TOGETHER: usize = 6;

const ESCALATE_OTHER: EdgeKind = EdgeKind {
    id: "escalate-roles-of-others",
    words: "writes every right into a role of somebody whom it can become, and becomes {to}",
    cost: 2,
    source: BIND.source,
};

const ESCALATE: EdgeKind = EdgeKind {
    id: "escalate-roles",
    words: "writes every right into a role that it holds, and becomes {to}",
    cost: 1,
    source: "kubernetes/kubernetes pkg/registry/rbac/escalation_check.go EscalationAllowed",
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    if holder.rights.any(Act::Everything, place).is_some() {
        return;
    }
    escalate(b, holder, from, place);
    if place.is_some() && binds_everything(b, holder, &None).is_some() {
        return;
    }
    bind(b, holder, from, place);
    if place.is_none() && binds_everything(b, holder, place).is_none() {
        everywhere(b, holder, from);
    }
}

/// Rights in every namespace that none in the cluster follows from: roles are bound in each by a binding of its own.
fn everywhere<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize) {
    let some = |acts: [Act; 2]| {
        acts.iter()
            .any(|act| holder.rights.some(*act, &None).is_some())
    };
    if !some([Act::BindClusterRoles, Act::BindRoles])
        || !some([Act::CreateBindings, Act::WriteBindings])
    {
        return;
    }
    let own = holder.rights.places();
    let names: Vec<Place> = b.env.spaces.keys().cloned().map(Some).collect();
    for place in names.into_iter().filter(|place| !own.contains(place)) {
        bind(b, holder, from, &place);
    }
}

/// A role that holds every right can be bound in a place.
fn binds_everything<'a>(
    b: &Builder<'_, 'a>,
    holder: &Holder<'a>,
    place: &Place,
) -> Option<Proof<'a>> {
    let mut writes = bindings(place).into_iter();
    writes.find(|act| holder.rights.some(*act, place).is_some())?;
    let homes: &[(Act, &Place)] = match place {
        None => &[(Act::BindClusterRoles, &None)],
        Some(_) => &[(Act::BindClusterRoles, &None), (Act::BindRoles, place)],
    };
    homes.iter().find_map(|(act, home)| {
        holder.rights.some(*act, place)?;
        let roles = b.env.roles.get(*home).into_iter().flatten();
        let mut whole = roles.filter(|(_, role)| role.rules.iter().any(is_everything));
        whole.find_map(|(name, role)| {
            let may = holder.rights.one(*act, place, name)?;
            let write = write_binding(b, holder, place, &role.meta.key)?;
            Some([may, write].concat())
        })
    })
}

/// `escalate` on a role, a way to change it, and a binding by which it is held. The rules of an aggregated role are written
/// by its controller, which would undo it.
fn escalate<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    let mut ways: Vec<(Place, Proof<'a>)> = Vec::new();
    for (role, bound, held) in rights.roles() {
        let cluster = role.meta.key.namespace.is_none();
        let (escalate, write, asked) = if cluster {
            (Act::EscalateClusterRoles, Act::WriteClusterRoles, &None)
        } else {
            (Act::EscalateRoles, Act::WriteRoles, bound)
        };
        if bound != place || role.aggregation.is_some() {
            continue;
        }
        let name = role.meta.name();
        let found = all([
            rights.one(escalate, asked, name),
            rights.one(write, asked, name),
            Some(vec![held]),
        ]);
        ways.extend(found.map(|proof| (bound.clone(), proof)));
    }
    if let Some((bound, proof)) = ways.into_iter().next() {
        let to = admin_of(b, &bound);
        b.by(from, to, &ESCALATE, proof);
    } else {
        escalate_others(b, holder, from, place);
    }
}

/// A role that somebody else holds, which may be written beyond one's own rights. Worth something to whoever can become its
/// holder: that is known when the graph is made, so it waits.
fn escalate_others<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    let (escalate, write) = match place {
        None => (Act::EscalateClusterRoles, Act::WriteClusterRoles),
        Some(_) => (Act::EscalateRoles, Act::WriteRoles),
    };
    if rights.some(escalate, place).is_none() || rights.some(write, place).is_none() {
        return;
    }
    let roles = b.env.roles.get(place).into_iter().flatten();
    let mut waiting = Vec::new();
    for (name, role) in roles.filter(|(_, role)| role.aggregation.is_none()) {
        let proof = all([
            rights.one(escalate, place, name),
            rights.one(write, place, name),
        ]);
        let Some(proof) = proof else {
            continue;
        };
        let bindings = b.env.bindings.iter();
        let bindings = bindings.filter(|((_, bound), _)| *bound == role.meta.key);
        for binding in bindings.flat_map(|(_, bindings)| bindings) {
            waiting.push(Rewrite {
                from,
                binding,
                proof: proof.clone(),
            });
        }
    }
    b.graph.has_joined |= !waiting.is_empty();
    b.rewrites.extend(waiting);
}

/// What waits for the graph: whether somebody whom the binding names can be become.
pub(super) fn reach(b: &mut Builder<'_, '_>) {
    let rewrites = std::mem::take(&mut b.rewrites);
    let mut reached: BTreeMap<usize, BTreeMap<usize, bool>> = BTreeMap::new();
    let admin = b.graph.find(&Node::ClusterAdmin);
    for Rewrite {
        from,
        binding,
        proof,
    } in rewrites
    {
        let reached = reached
            .entry(from)
            .or_insert_with(|| beyond(&b.graph, from, admin));
        let mut subjects = binding.subjects.iter().enumerate();
        let held = subjects.find_map(|(at, subject)| {
            let node = b.graph.find(&Node::Actor(subject.clone()))?;
            Some((at, subject, *reached.get(&node)?))
        });
        let Some((at, subject, unsure)) = held else {
            continue;
        };
        let to = admin_of(b, &binding.meta.key.namespace);
        let to = b.graph.node(to);
        let path = format!("subjects[{at}]");
        let holds = Evidence::explicit(&binding.meta.key, path, subject);
        let mut causes: Vec<Cause<'_>> = proof.into_iter().map(Cause::Right).collect();
        causes.push(Cause::Fact(holds));
        let mut edge = Builder::edge(from, to, &ESCALATE_OTHER, causes);
        edge.note = Some(format!(
            "{subject} holds the role, and it can become {subject}"
        ));
        edge.unsure = unsure.then(|| format!("a step to {subject} is not certain"));
        b.graph.push(edge);
    }
}

/// The nodes that can be reached from one without holding everything, each with whether only a way that is not certain leads
/// there.
fn beyond(graph: &Graph<'_>, from: usize, admin: Option<usize>) -> BTreeMap<usize, bool> {
    let mut found = BTreeMap::from([(from, false)]);
    // Certain ways first.
    for unsure in [false, true] {
        let mut todo: Vec<usize> = found.keys().copied().collect();
        while let Some(at) = todo.pop() {
            for edge in graph.leaving(at) {
                let Some(edge) = graph.edges().get(*edge) else {
                    continue;
                };
                let passes = unsure || edge.unsure.is_none();
                if passes && Some(edge.to) != admin && !found.contains_key(&edge.to) {
                    found.insert(edge.to, unsure);
                    todo.push(edge.to);
                }
            }
        }
    }
    found.remove(&from);
    found
}

/// `bind` on a role, and a binding that can be made, or changed where it binds that role already.
fn bind<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    if bindings(place)
        .iter()
        .all(|act| rights.some(*act, place).is_none())
    {
        return;
    }
    note(&mut b.graph.rests.others, from);
    if let Some(proof) = binds_everything(b, holder, place) {
        let to = admin_of(b, place);
        b.by(from, to, &BIND, proof);
        return;
    }
    let mut bound = Vec::new();
    for (act, home) in [(Act::BindClusterRoles, &None), (Act::BindRoles, place)] {
        if act == Act::BindRoles && place.is_none() || rights.some(act, place).is_none() {
            continue;
        }
        let roles = b.env.roles.get(home).into_iter().flatten();
        let roles: Vec<&'a Role> = roles.map(|(_, role)| *role).collect();
        for role in roles {
            let proof = all([
                rights.one(act, place, role.meta.name()),
                write_binding(b, holder, place, &role.meta.key),
            ]);
            if let Some(proof) = proof {
                gain(b, holder, from, &[role], place, &proof);
                bound.push((role, proof));
            }
        }
    }
    if bound.len() > TOGETHER || !matches!(holder.node, Node::Actor(_)) {
        return;
    }
    // Halves that are worth nothing alone may stand in two roles.
    for (at, (one, proof)) in bound.iter().enumerate() {
        for (other, more) in bound.iter().skip(at + 1) {
            let both = [proof.clone(), more.clone()].concat();
            gain(b, holder, from, &[one, other], place, &both);
        }
    }
}

/// Somebody with these roles more.
fn gain<'a>(
    b: &mut Builder<'_, 'a>,
    holder: &Holder<'a>,
    from: usize,
    new: &[&'a Role],
    place: &Place,
    proof: &Proof<'a>,
) {
    let (subject, mut roles) = match &holder.node {
        Node::Actor(subject) => (subject.clone(), Vec::new()),
        Node::Gained(subject, roles) => (subject.clone(), roles.clone()),
        _ => return,
    };
    // What could be bound without the roles bound before would only add every set of them.
    let gained = |right: &Right<'_>| matches!(right, Right::Gained(..));
    if !roles.is_empty() && !proof.iter().any(gained) {
        return;
    }
    let is_held = |role: &Role| {
        let mut held = holder.rights.roles();
        held.any(|(held, at, _)| held.meta.key == role.meta.key && at == place)
    };
    if new.iter().any(|role| is_held(role)) {
        return;
    }
    let mut rights = holder.rights.clone();
    for role in new {
        roles.push((role.meta.key.clone(), place.clone()));
        rights.gain(&mut b.known, place.clone(), role);
    }
    let node = Node::Gained(subject, roles);
    b.holder(Holder {
        node: node.clone(),
        rights,
    });
    let kind = if new.len() == 1 { &BIND } else { &BIND_TWO };
    b.by(from, node, kind, proof.clone());
}

/// The rights to make and to change bindings of a place.
fn bindings(place: &Place) -> [Act; 2] {
    match place {
        None => [Act::CreateClusterBindings, Act::WriteClusterBindings],
        Some(_) => [Act::CreateBindings, Act::WriteBindings],
    }
}

/// A way to have oneself bound to a role: a new binding, or a subject more in one that is there (`roleRef` never changes).
fn write_binding<'a>(
    b: &Builder<'_, 'a>,
    holder: &Holder<'a>,
    place: &Place,
    role: &ObjectKey,
) -> Option<Proof<'a>> {
    let [create, write] = bindings(place);
    if let Some(proof) = holder.rights.any(create, place) {
        return Some(proof);
    }
    let there = b.env.bindings.get(&(place.clone(), role.clone()));
    let mut there = there.into_iter().flatten();
    there.find_map(|binding| holder.rights.one(write, place, binding.meta.name()))
}

fn admin_of(b: &mut Builder<'_, '_>, place: &Place) -> Node {
    match place {
        None => Node::ClusterAdmin,
        Some(name) => {
            b.namespace_admin(name);
            Node::NamespaceAdmin(name.clone())
        }
    }
}
