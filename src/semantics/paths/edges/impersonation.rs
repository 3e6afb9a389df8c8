//! Acting as somebody else (P09 to P12), with the API rights of that one and no token of theirs.
//!
//! Source: kubernetes/apiserver `pkg/endpoints/filters/impersonation`. Users and groups are asked for cluster-wide, accounts in
//! their namespace; a group only together with a user or an account. The name of an account is always asked for as one.

use super::super::build::{Builder, Holder};
use super::super::edge::EdgeKind;
use super::super::node::{Node, Place};
use super::super::rights::{Act, Proof};
use super::{PASS, emit, narrow};
use crate::model::{Str, Subject};
use crate::semantics::rbac::identity::MASTERS;

const SOURCE: &str = "kubernetes/apiserver pkg/endpoints/filters/impersonation";

const ACT: EdgeKind = EdgeKind {
    id: "impersonate",
    words: "impersonates {to}",
    cost: 1,
    source: SOURCE,
};

const ACT_AS_ACCOUNTS: EdgeKind = EdgeKind {
    id: "impersonate",
    words: "impersonates service accounts {at}:",
    cost: 1,
    source: SOURCE,
};

const ACT_AS_USERS: EdgeKind = EdgeKind {
    id: "impersonate",
    words: "impersonates any user:",
    cost: 1,
    source: SOURCE,
};

const ACT_AS_MEMBERS: EdgeKind = EdgeKind {
    id: "impersonate",
    words: "impersonates a member of any group:",
    cost: 1,
    source: SOURCE,
};

const ACT_AS_MASTER: EdgeKind = EdgeKind {
    id: "impersonate",
    words: "impersonates a member of system:masters, which is allowed everything",
    cost: 1,
    source: SOURCE,
};

const AS: EdgeKind = EdgeKind {
    id: "",
    words: "{to}",
    cost: 0,
    source: "",
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    emit(
        b,
        from,
        place,
        &ACT_AS_ACCOUNTS,
        Node::Likenesses,
        |place| rights.any(Act::ActAsAccounts, place),
    );
    for (name, proof) in rights.names(Act::ActAsAccounts, place) {
        for account in accounts(b, place, &name) {
            b.actor(account.clone());
            b.by(from, Node::Actor(account), &ACT, proof.clone());
        }
    }
    if place.is_none() {
        people(b, holder, from);
    }
}

fn people<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize) {
    let rights = &holder.rights;
    if let Some(proof) = rights.any(Act::ActAsUsers, &None) {
        b.by(from, Node::Users, &ACT_AS_USERS, proof);
    }
    for (name, proof) in rights.names(Act::ActAsUsers, &None) {
        if is_plain(&name) {
            let user = Subject::User(name);
            b.actor(user.clone());
            b.by(from, Node::Actor(user), &ACT, proof);
        }
    }
    let groups = rights.some(Act::ActAsGroups, &None);
    let Some(bearer) = groups.and_then(|_| bearer(holder)) else {
        return;
    };
    if let Some(proof) = rights.one(Act::ActAsGroups, &None, MASTERS) {
        let proof = [proof, bearer.clone()].concat();
        b.by(from, Node::ClusterAdmin, &ACT_AS_MASTER, proof);
    }
    if let Some(proof) = rights.any(Act::ActAsGroups, &None) {
        b.by(
            from,
            Node::Members,
            &ACT_AS_MEMBERS,
            [proof, bearer.clone()].concat(),
        );
    }
    for (name, proof) in rights.names(Act::ActAsGroups, &None) {
        if &*name != MASTERS {
            let group = Subject::Group(name);
            b.actor(group.clone());
            b.by(
                from,
                Node::Actor(group),
                &ACT,
                [proof, bearer.clone()].concat(),
            );
        }
    }
}

/// Somebody to be, so that a group may be claimed at all.
fn bearer<'a>(holder: &Holder<'a>) -> Option<Proof<'a>> {
    let rights = &holder.rights;
    let user = || {
        let named = rights.names(Act::ActAsUsers, &None);
        let mut plain = named.into_iter().filter(|(name, _)| is_plain(name));
        plain.next().map(|(_, proof)| proof)
    };
    let account = || {
        let mut places = rights.places().into_iter();
        places.find_map(|place| rights.some(Act::ActAsAccounts, &place))
    };
    rights
        .any(Act::ActAsUsers, &None)
        .or_else(user)
        .or_else(account)
}

/// A user name that is asked for as one. (Nodes have rights by their group, which is not claimed with the name.)
fn is_plain(name: &str) -> bool {
    !name.starts_with("system:serviceaccount:") && !name.starts_with("system:node:")
}

/// Accounts of a name: of a namespace, or wherever one is or is bound.
fn accounts(b: &Builder<'_, '_>, place: &Place, name: &Str) -> Vec<Subject> {
    if let Some(namespace) = place {
        return vec![Subject::account_of(namespace, name)];
    }
    let named = |subject: &&Subject| matches!(subject, Subject::ServiceAccount { name: other, .. } if other == name);
    b.env.actors.iter().filter(named).cloned().collect()
}

/// From the right to act as accounts of a namespace to each of them.
pub(super) fn reach(b: &mut Builder<'_, '_>, place: &Place) {
    let here = narrow(b, place, Node::Likenesses);
    let Some(namespace) = place else {
        return;
    };
    let Some(space) = b.env.spaces.get(namespace) else {
        return;
    };
    let names: Vec<Str> = space
        .accounts
        .keys()
        .chain(&space.missing)
        .cloned()
        .collect();
    for name in names {
        let to = b.actor(Subject::account_of(namespace, &name));
        b.pass(here, to, &AS);
    }
}

/// From the rights to act as users and members to each that bindings name.
pub(super) fn reach_people(b: &mut Builder<'_, '_>) {
    let [users, members, anybody, accounts] = [
        Node::Users,
        Node::Members,
        Node::Anybody,
        Node::Likenesses(None),
    ]
    .map(|node| b.graph.node(node));
    let actors = std::rc::Rc::clone(&b.env.actors);
    for subject in actors.iter().cloned() {
        let from = match &subject {
            Subject::User(name) if is_plain(name) => users,
            Subject::Group(name) if &**name != MASTERS => members,
            _ => continue,
        };
        let to = b.actor(subject);
        b.pass(from, to, &AS);
    }
    for to in [users, members, accounts] {
        b.pass(anybody, to, &PASS);
    }
}
