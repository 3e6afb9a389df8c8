//! Identities of the cloud (E28): an account that the cloud trusts, as a token of it or as code in a pod of it. Impersonating
//! the account is not enough: that gives no token.

use super::super::build::Builder;
use super::super::edge::{Cause, EdgeKind};
use super::super::node::Node;
use crate::model::{Evidence, Str, Subject};

const IDENTITY: EdgeKind = EdgeKind {
    id: "cloud-identity",
    words: "changes the account's token for an identity of the cloud",
    cost: 1,
    source: "the providers' workload identity: the annotation on the account names the identity",
};

/// Annotations of accounts that name an identity.
const ANNOTATIONS: [&str; 3] = [
    "eks.amazonaws.com/role-arn",
    "iam.gke.io/gcp-service-account",
    "azure.workload.identity/client-id",
];

pub(super) fn reach(b: &mut Builder<'_, '_>, namespace: &Str) {
    let cloud = b.graph.node(Node::Cloud);
    let mut found = Vec::new();
    let accounts = b.env.spaces.get(namespace).into_iter();
    for (name, account) in accounts.flat_map(|space| &space.accounts) {
        let annotations = &account.meta.annotations;
        let named = ANNOTATIONS
            .into_iter()
            .find_map(|key| Some((key, annotations.get(key)?)));
        if let Some((key, identity)) = named {
            let path = format!("metadata.annotations['{key}']");
            let evidence = Evidence::explicit(&account.meta.key, path, identity);
            found.push((Subject::account_of(namespace, name), evidence));
        }
    }
    let home = Some(namespace.clone());
    for (account, evidence) in found {
        let mut from = vec![Node::Token(account.clone())];
        // The provider mounts a token of its own into each pod of the account.
        let crowds = b.env.crowds_in(&home).filter(|c| c.account == account);
        from.extend(crowds.map(|c| Node::Inside(c.workload.clone(), c.form)));
        for node in from {
            let from = b.graph.node(node);
            let causes = vec![Cause::Fact(evidence.clone())];
            b.graph.push(Builder::edge(from, cloud, &IDENTITY, causes));
        }
    }
}
