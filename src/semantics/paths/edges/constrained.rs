//! Constrained impersonation (KEP-5284): acting as somebody else, and only for the verbs that are named. It takes a right to
//! be somebody (`impersonate:user-info` on `users`) and a right to do the thing as them (`impersonate-on:user-info:get` on
//! `secrets`); what that one may not do is not done either. What such rights lend is added to the holder's own rights, and
//! the families are asked again.
//!
//! The thing is looked at for every name alone; passed over are `uids` and `userextras`, which no authorizer of the API looks at.
//! Source: kubernetes/apiserver `pkg/endpoints/filters/impersonation/mode.go`; alpha in 1.35, on since 1.36.

use std::collections::BTreeSet;

use super::super::build::{Builder, Holder};
use super::super::edge::{Cause, EdgeKind};
use super::super::graph::note;
use super::super::node::{Node, Place};
use super::super::rights::{Act, Proof, ROWS, Rights};
use super::{FAMILIES, all, tokens};
use crate::model::{Str, Subject};
use crate::semantics::node_authorizer::References;
use crate::semantics::rbac::held;
use crate::semantics::rbac::identity::{Identity, MASTERS};
use crate::semantics::rbac::rule::Ask;

const GROUP: &str = "authentication.k8s.io";

const AS_NODE: EdgeKind = EdgeKind {
    id: "impersonate-node",
    words: "acts as a kubelet, for this alone, and comes by {to}",
    cost: 1,
    source: "kubernetes/apiserver pkg/endpoints/filters/impersonation/mode.go",
};

/// Acts that are judged with others, as the same somebody and without a request of their own.
const TOGETHER: [(&[Act], &[Act]); 4] = [
    (
        &[Act::CreateClusterBindings, Act::WriteClusterBindings],
        &[Act::BindClusterRoles],
    ),
    (
        &[Act::CreateBindings, Act::WriteBindings],
        &[Act::BindClusterRoles, Act::BindRoles],
    ),
    (
        &[Act::WriteClusterRoles, Act::WriteRoles],
        &[Act::EscalateClusterRoles, Act::EscalateRoles],
    ),
    (&[Act::ApproveRequests], &[Act::ApproveSigners]),
];

/// Somebody who may be acted as, in a mode, by a right.
struct Likeness<'a> {
    who: Subject,
    mode: &'static str,
    proof: Proof<'a>,
}

/// What a holder's rights of this kind open, over all places.
pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize) {
    if !holder.rights.mentions("impersonate:") || !is_served(b) {
        return;
    }
    note(&mut b.graph.rests.others, from);
    nodes(b, holder, from);
    for likeness in likenesses(b, &holder.rights) {
        let rights = lend(b, &holder.rights, &likeness);
        let Some(rights) = rights else { continue };
        let before = b.graph.edges().len();
        let lent = Holder {
            node: holder.node.clone(),
            rights,
        };
        for place in lent.rights.places() {
            for family in FAMILIES {
                family(b, &lent, from, &place);
            }
        }
        let note = format!("acting as {}, for this alone", likeness.who);
        b.graph.note_since(before, &note);
    }
}

/// On since 1.36; a server that does not say its version is a new one.
fn is_served(b: &Builder<'_, '_>) -> bool {
    let version = b.view.cluster().version.as_ref();
    version.is_none_or(|version| version.major != 1 || version.minor >= 36)
}

fn likenesses<'a>(b: &Builder<'_, 'a>, rights: &Rights<'a>) -> Vec<Likeness<'a>> {
    let user = |resource: &str, name: &str| {
        let ask = Ask::any("impersonate:user-info", GROUP, resource);
        rights.rule(&None, &ask.named(name))
    };
    let users = || b.env.actors.iter().filter_map(plain_user);
    // A group is claimed together with a user, whoever that is.
    let bearer = user("users", "").or_else(|| users().find_map(|name| user("users", name)));
    let mut found = Vec::new();
    for who in b.env.actors.iter() {
        let (mode, proof) = match who {
            Subject::Group(name) if &**name == MASTERS => continue,
            Subject::Group(name) => ("user-info", all([bearer.clone(), user("groups", name)])),
            Subject::ServiceAccount { namespace, name } => {
                let ask = Ask::any("impersonate:serviceaccount", GROUP, "serviceaccounts");
                let place = Some(namespace.clone());
                ("serviceaccount", rights.rule(&place, &ask.named(name)))
            }
            Subject::User(_) => {
                let name = plain_user(who);
                ("user-info", name.and_then(|name| user("users", name)))
            }
        };
        found.extend(proof.map(|proof| Likeness {
            who: who.clone(),
            mode,
            proof,
        }));
    }
    found
}

/// A user that is no account and no node: those have modes of their own.
fn plain_user(who: &Subject) -> Option<&str> {
    match who {
        Subject::User(name) if !name.starts_with("system:node:") => Some(name),
        _ => None,
    }
}

/// A holder's rights with what acting as somebody adds; none where that is nothing.
fn lend<'a>(
    b: &mut Builder<'_, 'a>,
    own: &Rights<'a>,
    likeness: &Likeness<'a>,
) -> Option<Rights<'a>> {
    let mut theirs = Rights::default();
    for grant in held(b.view, &Identity::of(&likeness.who)).grants {
        theirs.add(&mut b.known, grant);
    }
    let mut rights = own.clone();
    let mut places: BTreeSet<Place> = own.places().into_iter().collect();
    places.extend(theirs.places());
    let mut any = false;
    for place in &places {
        let mut acts = Vec::new();
        for (act, verbs, group, resource) in ROWS {
            let way = verbs.iter().find_map(|verb| {
                let on = format!("impersonate-on:{}:{verb}", likeness.mode);
                all([
                    own.rule(place, &Ask::any(&on, group, resource)),
                    theirs.rule(place, &Ask::any(verb, group, resource)),
                ])
            });
            let known = own.any(*act, place).is_some();
            if let Some(way) = way.filter(|_| !known) {
                acts.push((*act, [likeness.proof.clone(), way].concat()));
            }
        }
        let together = TOGETHER.iter().filter(|(first, _)| {
            let mut first = first.iter();
            first.any(|act| acts.iter().any(|(other, _)| other == act))
        });
        let more: Vec<(Act, Proof<'a>)> = together
            .flat_map(|(_, rest)| rest.iter())
            .filter_map(|act| Some((*act, theirs.any(*act, place)?)))
            .collect();
        for (act, proof) in acts.into_iter().chain(more) {
            rights.lend(place.clone(), act, proof);
            any = true;
        }
    }
    any.then_some(rights)
}

/// Kubelets, which have what the Node authorizer lets them have: any of them, or that of a node where an account of one's own
/// has a pod (its token must be bound to it).
fn nodes<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize) {
    let rights = &holder.rights;
    let any = Ask::any("impersonate:arbitrary-node", GROUP, "nodes");
    let own = Ask::any("impersonate:associated-node", GROUP, "nodes");
    let any = rights.rule(&None, &any);
    // Whatever the node, this is the name that is asked for.
    let own = rights.rule(&None, &own.named("*"));
    let (mode, proof) = match (any, own) {
        (Some(proof), _) => ("arbitrary-node", proof),
        (None, Some(proof)) => ("associated-node", proof),
        (None, None) => return,
    };
    note(&mut b.graph.rests.pods, from);
    let Node::Actor(who) = &holder.node else {
        return;
    };
    let here: BTreeSet<Str> = {
        let crowds = b.env.crowds();
        let own = crowds.filter(|crowd| crowd.account == *who && crowd.token.is_some());
        own.flat_map(|crowd| crowd.machines.keys().cloned())
            .collect()
    };
    b.view.widen_reads();
    let references = References::all(b.view);
    let reached = references
        .iter()
        .filter(|(node, _)| mode == "arbitrary-node" || here.contains(*node));
    let on = |place: &Place, verb: &str, resource: &str| {
        let verb = format!("impersonate-on:{mode}:{verb}");
        rights.rule(place, &Ask::any(&verb, "", resource))
    };
    let mut found: Vec<(Node, Proof<'a>)> = Vec::new();
    for (_, references) in reached {
        for (namespace, name) in &references.accounts {
            let place = Some(namespace.clone());
            let right = on(&place, "create", "serviceaccounts/token");
            let account = Subject::account_of(namespace, name);
            found.extend(right.map(|right| (Node::Token(account), right)));
        }
        for (namespace, name) in &references.secrets {
            let place = Some(namespace.clone());
            let right = on(&place, "get", "secrets");
            found.extend(right.map(|right| (Node::Secret(place, name.clone()), right)));
        }
    }
    for (node, right) in found {
        if let Node::Token(account) = &node {
            tokens::token_of(b, account.clone());
        }
        let to = b.graph.node(node);
        let causes = [proof.clone(), right].concat();
        let causes = causes.into_iter().map(Cause::Right).collect();
        b.graph.push(Builder::edge(from, to, &AS_NODE, causes));
    }
}
