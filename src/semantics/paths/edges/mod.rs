//! The steps, one family a file. A family looks at what somebody holds in one place, or at what a right reaches.

mod certificates;
mod cloud;
mod constrained;
mod everything;
mod host_files;
mod impersonation;
mod kubelets;
mod nodes;
mod pod_makers;
mod pod_users;
mod role_writes;
mod running;
mod secrets;
mod tokens;
mod webhooks;

pub(super) use nodes::{is_issued, login, node_of};
pub(super) use role_writes::Rewrite;

use std::collections::BTreeSet;

use super::build::{Builder, Holder};
use super::edge::EdgeKind;
use super::node::{Node, Place};
use super::rights::{Act, Proof};
use crate::model::Str;

type Family = for<'b, 'v, 'a> fn(&'b mut Builder<'v, 'a>, &Holder<'a>, usize, &Place);

const FAMILIES: &[Family] = &[
    everything::find,
    role_writes::find,
    impersonation::find,
    certificates::find,
    tokens::find,
    secrets::find,
    webhooks::find,
    kubelets::find,
    pod_makers::find,
    pod_users::find,
];

/// Everything that somebody's rights open.
pub(super) fn rights<'a>(builder: &mut Builder<'_, 'a>, holder: &Holder<'a>) {
    let from = builder.graph.node(holder.node.clone());
    let goal = matches!(holder.node, Node::ClusterAdmin | Node::NamespaceAdmin(_));
    let whole = |place: &Place| !goal && holder.rights.any(Act::Everything, place).is_some();
    if whole(&None) {
        // Whatever else it may do, it does as what it is.
        everything::find(builder, holder, from, &None);
        return;
    }
    for place in holder.rights.places() {
        if whole(&place) {
            everything::find(builder, holder, from, &place);
            pod_makers::volume(builder, &holder.rights, from, &place);
            continue;
        }
        for family in FAMILIES {
            family(builder, holder, from, &place);
        }
    }
    if !goal {
        constrained::find(builder, holder, from);
    }
}

/// What each right reaches, and what running pods and nodes hold.
pub(super) fn reach(builder: &mut Builder<'_, '_>) {
    let places: Vec<Place> = builder.env.spaces.keys().cloned().map(Some).collect();
    for place in &places {
        tokens::reach(builder, place);
        secrets::reach(builder, place);
        impersonation::reach(builder, place);
        pod_makers::reach(builder, place);
        pod_users::reach(builder, place);
    }
    impersonation::reach_people(builder);
    let names: Vec<Str> = builder.env.spaces.keys().cloned().collect();
    for name in &names {
        running::reach(builder, name);
    }
    nodes::reach(builder, None);
    for name in &names {
        cloud::reach(builder, name);
    }
    // Everything else must be there.
    role_writes::reach(builder);
}

/// What pods that are made in a namespace reach, and those that run there, as far as its level decides of it.
pub(super) fn reach_by_level(builder: &mut Builder<'_, '_>, namespace: &Str) {
    let place = Some(namespace.clone());
    pod_makers::reach(builder, &place);
    pod_users::reach(builder, &place);
}

/// What runs in a namespace, and what the nodes where it runs have of it.
pub(super) fn reach_running(
    builder: &mut Builder<'_, '_>,
    namespace: &Str,
    machines: &BTreeSet<Str>,
) {
    pod_users::reach(builder, &Some(namespace.clone()));
    running::reach(builder, namespace);
    reach_machines(builder, machines);
    cloud::reach(builder, namespace);
}

/// What some nodes and their kubelets have.
pub(super) fn reach_machines(builder: &mut Builder<'_, '_>, machines: &BTreeSet<Str>) {
    nodes::reach(builder, Some(machines));
}

/// What is passed through.
pub(super) const PASS: EdgeKind = EdgeKind {
    id: "",
    words: "",
    cost: 0,
    source: "",
};

/// An edge to a right in a place, unless the same right is held everywhere.
fn emit<'a>(
    builder: &mut Builder<'_, 'a>,
    from: usize,
    place: &Place,
    kind: &'static EdgeKind,
    to: fn(Place) -> Node,
    find: impl Fn(&Place) -> Option<Proof<'a>>,
) {
    if place.is_some() && find(&None).is_some() {
        return;
    }
    if let Some(proof) = find(place) {
        builder.by(from, to(place.clone()), kind, proof);
    }
}

/// All of these rights together.
fn all<'a>(proofs: impl IntoIterator<Item = Option<Proof<'a>>>) -> Option<Proof<'a>> {
    let mut together = Vec::new();
    for proof in proofs {
        together.extend(proof?);
    }
    Some(together)
}

/// From a right everywhere to the same in a namespace that exists.
fn narrow(builder: &mut Builder<'_, '_>, place: &Place, node: fn(Place) -> Node) -> usize {
    let (wide, here) = (node(None), node(place.clone()));
    let (wide, here) = (builder.graph.node(wide), builder.graph.node(here));
    builder.pass(wide, here, &PASS);
    here
}
