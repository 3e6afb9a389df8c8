//! Client certificates for any name (P22). The server refuses the group `system:masters` (admission plugin
//! `CertificateSubjectRestriction`) and no other name or group. Signing by oneself (P23) is none of this: the API server
//! trusts its own authority, whose key the API does not give away.

use super::super::build::{Builder, Holder};
use super::super::edge::EdgeKind;
use super::super::node::{Node, Place};
use super::super::rights::Act;
use super::all;

const ISSUE: EdgeKind = EdgeKind {
    id: "issue-certificate",
    words: "asks for a client certificate, approves it, and holds one that says",
    cost: 2,
    source: "kubernetes/kubernetes plugin/pkg/admission/certificates/approval/admission.go",
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    if place.is_some() {
        return;
    }
    let rights = &holder.rights;
    // The plugin asks for the signer by name, and for every signer of its domain.
    let approve = ["kubernetes.io/kube-apiserver-client", "kubernetes.io/*"]
        .into_iter()
        .find_map(|signer| rights.one(Act::ApproveSigners, place, signer));
    let proof = all([
        rights.any(Act::CreateRequests, place),
        rights.some(Act::ApproveRequests, place),
        approve,
    ]);
    if let Some(proof) = proof {
        b.by(from, Node::Anybody, &ISSUE, proof);
    }
}
