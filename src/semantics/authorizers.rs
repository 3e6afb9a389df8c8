//! The authorizers of a control plane, asked in their order: `system:masters` before all, then Node, then RBAC. The first
//! that allows decides; where none does, the server's reason is that of each, a line each.
//!
//! Webhooks and the rights of a cloud are not judged: the API does not tell of them, and a refusal says that they may be
//! there.
//! Source: kubernetes/apiserver `pkg/authorization/union/union.go`, `pkg/authorization/authorizerfactory/builtin.go`.

use std::borrow::Cow;
use std::cell::OnceCell;
use std::collections::{BTreeMap, HashMap};

use super::node_authorizer::{Opinion, References, decide, narrowed, node_of};
use super::other_authorizers::{Other, other_authorizers};
use super::rbac::{Caller, Identity, Reviewer, Wish};
use crate::model::{Missing, Str};
use crate::view::{View, World};

/// An answer in the server's words.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict<'r> {
    /// It is allowed.
    pub allowed: bool,
    /// The server's own `status.reason`.
    pub reason: Cow<'r, str>,
    /// What makes the Node authorizer allow it, where it does.
    pub as_node: Option<&'static str>,
    /// What admission leaves of a write of a kubelet, where the plugin NodeRestriction runs.
    pub narrowed: Option<&'static str>,
    /// What is not visible and could turn a refusal.
    pub not_visible: Vec<String>,
}

/// Answers many requests on one world.
#[derive(Debug)]
pub struct Authorizers<'a> {
    view: View<'a>,
    rbac: Reviewer<'a>,
    /// Callers that are nodes, by name.
    nodes: HashMap<Caller, Str>,
    /// What the pods of each node refer to: only looked up when a node asks.
    references: OnceCell<BTreeMap<Str, References>>,
    /// Authorizers that may allow more.
    others: Vec<String>,
}

impl<'a> Authorizers<'a> {
    /// Ones that have answered nothing yet.
    pub fn new(world: &'a World) -> Authorizers<'a> {
        Authorizers {
            view: View::new(world),
            rbac: Reviewer::new(world),
            nodes: HashMap::new(),
            references: OnceCell::new(),
            others: other_authorizers(world)
                .iter()
                .map(Other::sentence)
                .collect(),
        }
    }

    /// Looks up what somebody holds, unless that is known.
    pub fn caller(&mut self, who: &Identity) -> Caller {
        let caller = self.rbac.caller(who);
        if let (Some(node), false) = (node_of(who), who.is_master()) {
            self.nodes.insert(caller, node.into());
        }
        caller
    }

    /// Answers a request of a caller.
    pub fn review(&self, caller: Caller, wish: &Wish<'_>) -> Verdict<'_> {
        let opinion = self.nodes.get(&caller).map(|node| {
            let all = self.references.get_or_init(|| References::all(&self.view));
            decide(&self.view, all, node, wish)
        });
        if let Some(Opinion::Allowed(why)) = opinion {
            return Verdict {
                allowed: true,
                as_node: Some(why),
                narrowed: match wish {
                    Wish::Resource { ask, .. } => narrowed(ask),
                    Wish::Url { .. } => None,
                },
                ..Verdict::default()
            };
        }
        let review = self.rbac.review(caller, wish);
        let mut verdict = Verdict {
            allowed: review.allowed,
            reason: review.reason,
            not_visible: review.unseen.iter().map(Missing::sentence).collect(),
            ..Verdict::default()
        };
        if verdict.allowed {
            return verdict;
        }
        verdict.not_visible.extend(self.others.iter().cloned());
        let first = match opinion {
            Some(Opinion::Hidden { reason, what }) => {
                verdict.not_visible.push(what);
                reason
            }
            Some(Opinion::None(reason)) => reason,
            _ => return verdict,
        };
        verdict.reason = match (&*first, &*verdict.reason) {
            (_, "") => first.into(),
            ("", _) => return verdict,
            (first, rest) => format!("{first}\n{rest}").into(),
        };
        verdict
    }
}
