//! Reading Secrets (P14 to P17). `list` and `watch` return contents as `get` does; with `resourceNames` they return those
//! names by a field selector. The answer to a patch is the object, changed or not; that to a deletion of all that match is
//! what was, or with a dry run would have been, deleted, and it carries no name that `resourceNames` could match.

use super::super::build::{Builder, Holder};
use super::super::edge::{Cause, EdgeKind};
use super::super::node::{Node, Place};
use super::super::rights::Act;
use super::{emit, narrow};
use crate::model::{Evidence, Subject};

const READ: EdgeKind = EdgeKind {
    id: "read-secrets",
    words: "reads every Secret {at}",
    cost: 1,
    source: "kubernetes/apiserver pkg/endpoints/request/requestinfo.go",
};

const READ_ONE: EdgeKind = EdgeKind {
    id: "read-secrets",
    words: "reads {to}",
    cost: 1,
    source: READ.source,
};

const PATCH: EdgeKind = EdgeKind {
    id: "patch-secrets",
    words: "has every Secret {at} that it can name told by an empty patch",
    cost: 2,
    source: "kubernetes/apiserver pkg/endpoints/handlers/patch.go",
};

const PATCH_ONE: EdgeKind = EdgeKind {
    id: "patch-secrets",
    words: "has {to} told by an empty patch",
    cost: 2,
    source: PATCH.source,
};

const DUMP: EdgeKind = EdgeKind {
    id: "dump-secrets",
    words: "has every Secret {at} told by a deletion that is only tried",
    cost: 2,
    source: "kubernetes/apiserver pkg/registry/generic/registry/store.go",
};

const OLD_TOKEN: EdgeKind = EdgeKind {
    id: "old-token-secret",
    words: "among them the token of {to}",
    cost: 1,
    source: "kubernetes/kubernetes pkg/controller/serviceaccount/tokens_controller.go",
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    emit(b, from, place, &READ, Node::Secrets, |place| {
        rights.any(Act::ReadSecrets, place)
    });
    emit(b, from, place, &PATCH, Node::Secrets, |place| {
        rights.any(Act::PatchSecrets, place)
    });
    emit(b, from, place, &DUMP, Node::Secrets, |place| {
        rights.any(Act::DumpSecrets, place)
    });
    for (act, kind) in [
        (Act::ReadSecrets, &READ_ONE),
        (Act::PatchSecrets, &PATCH_ONE),
    ] {
        for (name, proof) in rights.names(act, place) {
            b.by(from, Node::Secret(place.clone(), name), kind, proof);
        }
    }
}

/// Old tokens lie in Secrets that accounts name. Secrets are never read here, so that it is one is told from its name alone.
pub(super) fn reach(b: &mut Builder<'_, '_>, place: &Place) {
    let here = narrow(b, place, Node::Secrets);
    let Some(namespace) = place else {
        return;
    };
    let accounts = b.env.spaces.get(namespace).into_iter();
    let accounts = accounts.flat_map(|space| space.accounts.values());
    let mut found = Vec::new();
    for account in accounts {
        let prefix = format!("{}-token-", account.meta.name());
        let mut secrets = account.secrets.iter().enumerate();
        let Some((at, name)) = secrets.find(|(_, name)| name.starts_with(&*prefix)) else {
            continue;
        };
        let path = format!("secrets[{at}].name");
        let evidence = Evidence::explicit(&account.meta.key, path, name);
        found.push((account.meta.key.name.clone(), name.clone(), evidence));
    }
    for (account, secret, evidence) in found {
        let to = b.actor(Subject::account_of(namespace, &account));
        let one = b.graph.node(Node::Secret(place.clone(), secret));
        for from in [here, one] {
            let mut edge = Builder::edge(from, to, &OLD_TOKEN, vec![Cause::Fact(evidence.clone())]);
            edge.unsure =
                Some("the Secret is named like an old token: what it holds is not read".to_owned());
            b.graph.push(edge);
        }
    }
}
