//! Whom RBAC allows a request, as an answer of its own: nothing in it borrows from the world.

use super::rights::GrantRow;
use crate::model::{Missing, Subject};
use crate::semantics::other_authorizers::other_authorizers;
use crate::semantics::rbac::{Action, Via, members, who_can};
use crate::view::{View, World};

/// Everybody who may do something.
#[derive(Clone, Debug)]
pub struct WhoAnswer {
    /// In order: groups, users, accounts as bindings name them.
    pub who: Vec<WhoMay>,
    /// What could not be seen: there may be more.
    pub missing: Vec<Missing>,
    /// Authorizers beside RBAC that may grant more: `rights granted by AWS IAM`.
    pub others: Vec<&'static str>,
}

/// Somebody who may.
#[derive(Clone, Debug)]
pub struct WhoMay {
    /// As bindings name them.
    pub subject: Subject,
    /// How; empty for the group `system:masters`, which is allowed everything before RBAC is asked.
    pub ways: Vec<GrantRow>,
    /// Service accounts of a group of accounts; `None` for a group whose members the API does not list.
    pub members: Option<Vec<Subject>>,
}

impl WhoAnswer {
    pub(super) fn of(world: &World, what: &Action) -> WhoAnswer {
        let view = View::new(world);
        let found = who_can(&view, what);
        let missing = view.take_blind().into_iter().collect();
        let way = |via: &Via<'_>| GrantRow::of(&via.0);
        let who = found.into_iter().map(|who| WhoMay {
            ways: who.via.iter().map(way).collect(),
            members: match &who.subject {
                Subject::Group(group) => members(&view, group),
                _ => Some(Vec::new()),
            },
            subject: who.subject,
        });
        WhoAnswer {
            who: who.collect(),
            missing,
            others: other_authorizers(world)
                .iter()
                .map(|other| other.what)
                .collect(),
        }
    }
}
