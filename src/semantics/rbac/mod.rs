//! RBAC as the API server decides it.
//!
//! [`allowed`] answers one request with the binding, the role and the rule that decide it; [`grants`] lists what an
//! identity holds; [`power`] says what such rights add up to; [`stock`] knows the roles and bindings that Kubernetes
//! itself writes. What may not be seen (bindings, roles) makes a refusal unknown and never becomes a grant.
//!
//! Only RBAC is judged here: a webhook, the node authorizer or a cloud's own rights may allow more.
//! Source: kubernetes/kubernetes `plugin/pkg/auth/authorizer/rbac`, `pkg/registry/rbac/validation`,
//! `pkg/apis/rbac/v1/evaluation_helpers.go`, all of v1.36.3.

pub mod aggregation;
mod covers;
mod danger;
mod dead;
mod decision;
mod escalation;
mod given;
mod grants;
pub mod identity;
mod judged;
pub mod power;
#[cfg(test)]
mod properties;
mod question;
mod reason;
mod request;
mod reviewer;
pub mod rule;
#[cfg(test)]
mod samples;
pub mod split;
pub mod stock;
#[cfg(test)]
mod upstream_cases;
pub mod vocabulary;
mod who_can;

pub use covers::{Atom, covers, covers_atom};
pub use danger::danger;
pub use dead::{Dead, dead, gives_nothing};
pub use decision::{Answer, By, Decision, allowed};
pub use escalation::{Draft, holds, may_bind, may_write};
pub use given::{is_given_to_all, is_public};
pub use grants::{
    Clause, Grant, Held, Scope, grants, held, held_in, role_key, role_of, scope_of, subjects,
};
pub use identity::Identity;
pub use judged::{Portion, portions};
pub use question::Question;
pub use request::{Action, Request, Target};
pub use reviewer::{Caller, Review, Reviewer, Wish};
pub use who_can::{Via, Who, members, who_can};
