//! From typed changes to documents and commands.
//!
//! A check answers with a [`Remedy`]: changes of facts, what they may break, how sure we are. [`plan()`] prints them as
//! YAML and kubectl commands (one file a style), [`apply`] does to a full object what a printed document does (to prove
//! that it does what the change says), and [`managed_by`] recognises objects that something else manages. This layer
//! never talks to a cluster.

pub mod apply;
mod command;
pub mod diff;
mod draft;
mod edit;
pub mod harden;
pub mod managed_by;
mod plan;
pub mod raise;
mod recreate;
pub mod redact;
mod remedy;
mod rollout;
mod steps;
pub mod style;
mod text;
mod touch;
mod write;
pub mod yaml;

pub use command::{Delivery, STDIN};
pub use draft::{Draft, is_filled};
pub use plan::{Action, PatchKind, Plan, Proof, Step, plan};
pub use remedy::{Confidence, Remedy};
