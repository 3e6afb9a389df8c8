//! Whom RBAC allows a request, as an answer of its own: nothing in it borrows from the world.

use crate::model::{Missing, ObjectKey, Subject};
use crate::semantics::rbac::{Action, Via, members, role_key, rule, who_can};
use crate::view::{View, World};

/// Everybody who may do something.
#[derive(Clone, Debug)]
pub struct WhoAnswer {
    /// In order: groups, users, accounts as bindings name them.
    pub who: Vec<WhoMay>,
    /// What could not be seen: there may be more.
    pub missing: Vec<Missing>,
}

/// Somebody who may.
#[derive(Clone, Debug)]
pub struct WhoMay {
    /// As bindings name them.
    pub subject: Subject,
    /// How; empty for the group `system:masters`, which is allowed everything before RBAC is asked.
    pub ways: Vec<WhoWay>,
    /// Service accounts of a group of accounts; `None` for a group whose members the API does not list.
    pub members: Option<Vec<Subject>>,
}

/// A binding that allows it.
#[derive(Clone, Debug)]
pub struct WhoWay {
    /// The binding.
    pub binding: ObjectKey,
    /// Its role.
    pub role: ObjectKey,
    /// Index of the role's rule.
    pub at: usize,
    /// The rule in words.
    pub rule: String,
}

impl WhoAnswer {
    pub(super) fn of(world: &World, what: &Action) -> WhoAnswer {
        let view = View::new(world);
        let found = who_can(&view, what);
        let missing = view.take_blind().into_iter().collect();
        let way = |via: &Via<'_>| WhoWay {
            binding: via.0.grant.binding.meta.key.clone(),
            role: role_key(via.0.grant.binding),
            at: via.0.at,
            rule: rule::describe(via.0.rule),
        };
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
        }
    }
}
