//! One request, decided: by which binding, role and rule.

use super::grants::{Clause, Held, held_in};
use super::reason;
use super::request::{Action, Request};
use super::rule;
use crate::view::View;

/// What RBAC answers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Allowed, whatever is hidden.
    Allowed,
    /// No rule allows it. (Another authorizer still may.)
    Refused,
    /// No rule that was seen allows it, and not every binding and role was seen.
    Unknown,
}

/// What allows a request.
#[derive(Clone, Copy, Debug)]
pub enum By<'a> {
    /// The group `system:masters`, before any authorizer is asked.
    Masters,
    /// A rule of a role through a binding.
    Rule(Clause<'a>),
}

/// A decided request.
#[derive(Clone, Debug)]
pub struct Decision<'a> {
    /// The answer.
    pub answer: Answer,
    /// What allows it.
    pub by: Option<By<'a>>,
    /// The server's own `status.reason`.
    pub reason: String,
}

impl Decision<'_> {
    /// True when it is allowed for certain.
    pub fn allowed(&self) -> bool {
        self.answer == Answer::Allowed
    }
}

/// Decides a request. Bindings and roles that cannot be seen make a refusal unknown.
pub fn allowed<'a>(view: &View<'a>, request: &Request) -> Decision<'a> {
    if request.who.is_master() {
        return Decision {
            answer: Answer::Allowed,
            by: Some(By::Masters),
            reason: String::new(),
        };
    }
    let held = held_in(view, &request.who, request.namespace());
    match deciding(&held, request) {
        Some(clause) => Decision {
            answer: Answer::Allowed,
            by: Some(By::Rule(clause)),
            reason: reason::allowed_by(&clause.grant),
        },
        None => Decision {
            answer: if held.blind {
                Answer::Unknown
            } else {
                Answer::Refused
            },
            by: None,
            reason: reason::refused(&held.dangling),
        },
    }
}

fn deciding<'a>(held: &Held<'a>, request: &Request) -> Option<Clause<'a>> {
    let mut clauses = held.grants.iter().flat_map(|grant| grant.clauses());
    match &request.what {
        Action::Resource(target) => {
            let ask = target.ask();
            clauses.find(|clause| rule::allows(clause.rule, &ask))
        }
        Action::Url { verb, path } => {
            clauses.find(|clause| rule::allows_url(clause.rule, verb, path))
        }
    }
}
