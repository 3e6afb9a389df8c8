//! Reading Secrets (P14, P15). `list` and `watch` return contents as `get` does; with `resourceNames` they return those names
//! by a field selector.

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
    for (name, proof) in rights.names(Act::ReadSecrets, place) {
        b.by(from, Node::Secret(place.clone(), name), &READ_ONE, proof);
    }
}

/// Old tokens lie in Secrets that accounts name. Secrets are never read here, so that it is one is told from its name alone.
pub(super) fn reach(b: &mut Builder<'_, '_>, place: &Place) {
    let here = narrow(b, place, Node::Secrets);
    let Some(namespace) = place else {
        return;
    };
    let accounts = b.spaces.get(namespace).into_iter();
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
        found.push((account.meta.name().to_owned(), name.clone(), evidence));
    }
    for (account, secret, evidence) in found {
        let to = b.actor(Subject::account(namespace, &account));
        let one = b.graph.node(Node::Secret(place.clone(), secret));
        for from in [here, one] {
            let mut edge = Builder::edge(from, to, &OLD_TOKEN, vec![Cause::Fact(evidence.clone())]);
            edge.unsure =
                Some("the Secret is named like an old token: what it holds is not read".to_owned());
            b.graph.push(edge);
        }
    }
}
