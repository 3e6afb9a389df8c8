//! Mutating webhooks (P66): whoever points one at a server of their own rewrites what administrators and controllers write.

use super::super::build::{Builder, Holder};
use super::super::edge::EdgeKind;
use super::super::node::{Node, Place};
use super::super::rights::Act;
use crate::model::Kind;

const REWRITE: EdgeKind = EdgeKind {
    id: "rewrite-objects",
    words: "has every object rewritten while others write it, administrators and controllers included",
    cost: 2,
    source: "kubernetes/apiserver pkg/admission/plugin/webhook/mutating",
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    if place.is_some() {
        return;
    }
    let rights = &holder.rights;
    let change = || {
        let mut there = b.view.list(Kind::MutatingWebhookConfiguration, "");
        there.find_map(|object| rights.one(Act::WriteMutators, place, object.meta().name()))
    };
    let create = rights.any(Act::CreateMutators, place);
    let proof = match create {
        Some(proof) => Some(proof),
        None if rights.some(Act::WriteMutators, place).is_some() => change(),
        None => None,
    };
    if let Some(proof) = proof {
        b.by(from, Node::ClusterAdmin, &REWRITE, proof);
    }
}
