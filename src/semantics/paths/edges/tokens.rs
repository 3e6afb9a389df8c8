//! Tokens of service accounts: by TokenRequest (P20), as a Secret that the token controller fills (P18), and for accounts
//! that bindings name and that do not exist yet. A token is only issued for an account that exists.

use super::super::build::{Builder, Holder};
use super::super::edge::EdgeKind;
use super::super::node::{Node, Place};
use super::super::rights::{Act, Proof, Rights};
use super::{PASS, all, emit, narrow};
use crate::model::{Str, Subject};

const ISSUE: EdgeKind = EdgeKind {
    id: "issue-token",
    words: "has a token issued {at} for",
    cost: 1,
    source: "kubernetes/kubernetes pkg/registry/core/serviceaccount/storage/token.go",
};

const ISSUE_ONE: EdgeKind = EdgeKind {
    id: "issue-token",
    words: "has a token issued for {to}",
    cost: 1,
    source: ISSUE.source,
};

const FILLED: EdgeKind = EdgeKind {
    id: "token-secret",
    words: "makes a Secret {at} that is filled with a token that does not expire, and reads it: that of",
    cost: 2,
    source: "kubernetes/kubernetes pkg/controller/serviceaccount/tokens_controller.go",
};

const MAKE: EdgeKind = EdgeKind {
    id: "create-account",
    words: "makes an account {at} that is bound and does not exist, and has a token of it:",
    cost: 2,
    source: "kubernetes/kubernetes pkg/registry/rbac/validation/rule.go appliesToUser",
};

const OF: EdgeKind = EdgeKind {
    id: "",
    words: "{to}",
    cost: 0,
    source: "",
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    emit(b, from, place, &ISSUE, Node::Accounts, |place| {
        rights.any(Act::IssueTokens, place)
    });
    emit(b, from, place, &FILLED, Node::Filled, |place| {
        filled(rights, place)
    });
    emit(b, from, place, &MAKE, Node::Makeable, |place| {
        all([rights.any(Act::CreateAccounts, place), token(rights, place)])
    });
    for (name, proof) in rights.names(Act::IssueTokens, place) {
        let spaces = b.env.spaces.iter();
        let here = spaces.filter(|(namespace, space)| {
            place.as_ref().is_none_or(|p| p == *namespace) && space.accounts.contains_key(&name)
        });
        let namespaces: Vec<Str> = here.map(|(namespace, _)| namespace.clone()).collect();
        for namespace in namespaces {
            let account = Subject::account_of(&namespace, &name);
            b.by(from, Node::Token(account), &ISSUE_ONE, proof.clone());
        }
    }
}

/// A Secret of type `kubernetes.io/service-account-token` can be made and read.
fn filled<'a>(rights: &Rights<'a>, place: &Place) -> Option<Proof<'a>> {
    // Whoever makes it names it: a right to read one name is enough.
    all([
        rights.any(Act::CreateSecrets, place),
        rights.some(Act::ReadSecrets, place),
    ])
}

/// A way to a token of an account that was just made.
fn token<'a>(rights: &Rights<'a>, place: &Place) -> Option<Proof<'a>> {
    rights
        .any(Act::IssueTokens, place)
        .or_else(|| filled(rights, place))
        .or_else(|| rights.any(Act::CreatePods, place))
}

/// From tokens of a namespace to each account, and from a token to who it speaks for.
pub(super) fn reach(b: &mut Builder<'_, '_>, place: &Place) {
    let tokens = narrow(b, place, Node::Accounts);
    let filled = narrow(b, place, Node::Filled);
    let makeable = narrow(b, place, Node::Makeable);
    let Some(namespace) = place else {
        return;
    };
    let Some(space) = b.env.spaces.get(namespace) else {
        return;
    };
    let exist: Vec<Str> = space.accounts.keys().cloned().collect();
    let missing: Vec<Str> = space.missing.iter().cloned().collect();
    let closing = space.closing;
    let hidden = space.more_accounts.clone();
    for name in exist {
        let token = token_of(b, Subject::account_of(namespace, &name));
        b.pass(tokens, token, &OF);
        let actor = b.actor(Subject::account_of(namespace, &name));
        b.pass(filled, actor, &OF);
    }
    for name in missing {
        let token = token_of(b, Subject::account_of(namespace, &name));
        match &hidden {
            // It may be there all the same.
            Some(why) => {
                let mut edge = Builder::edge(tokens, token, &OF, Vec::new());
                edge.unsure = Some(why.clone());
                b.graph.push(edge);
            }
            None if !closing => b.pass(makeable, token, &OF),
            None => {}
        }
    }
}

/// The node of a token, with who it speaks for.
pub(super) fn token_of(b: &mut Builder<'_, '_>, account: Subject) -> usize {
    let token = b.graph.node(Node::Token(account.clone()));
    let actor = b.actor(account);
    b.pass(token, actor, &PASS);
    token
}
