//! Every right, in one rule (P01), or by the group that is asked for nothing.

use super::super::build::{Builder, Holder};
use super::super::edge::EdgeKind;
use super::super::node::{Node, Place};
use super::super::rights::Act;
use crate::model::Subject;
use crate::semantics::rbac::identity::MASTERS;

const HOLDS: EdgeKind = EdgeKind {
    id: "holds-everything",
    words: "holds every right {at}",
    cost: 0,
    source: "kubernetes/kubernetes pkg/apis/rbac/v1/evaluation_helpers.go",
};

const MASTER: EdgeKind = EdgeKind {
    id: "system-masters",
    words: "is allowed everything before any authorizer is asked",
    cost: 0,
    source: "kubernetes/apiserver pkg/authorization/authorizerfactory/builtin.go",
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    match place {
        None => {
            if let Some(proof) = holder.rights.any(Act::Everything, place) {
                b.by(from, Node::ClusterAdmin, &HOLDS, proof);
            }
            if matches!(&holder.node, Node::Actor(Subject::Group(name)) if &**name == MASTERS) {
                b.by(from, Node::ClusterAdmin, &MASTER, Vec::new());
            }
        }
        Some(name) => {
            let wide = holder.rights.any(Act::Everything, &None).is_some();
            if let (false, Some(proof)) = (wide, holder.rights.any(Act::Everything, place)) {
                b.namespace_admin(name);
                b.by(from, Node::NamespaceAdmin(name.clone()), &HOLDS, proof);
            }
        }
    }
}
