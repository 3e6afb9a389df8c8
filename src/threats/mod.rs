//! The threat model: five groups, their controls, one check or story a file.
//!
//! # How to add a check
//!
//! One new file, no edit elsewhere: `src/threats/<threat>/checks/<what_is_wrong>.rs`, beginning with a `//!` article
//! (title line, `## What`, `## Why`, `## Fix`, `## References`) and holding `pub static CHECK: Check`. The build
//! script lists it, and fails when a heading is absent. The registry tests (`tests/it/registry_*.rs`) then prove, without
//! a line written for it: the id is unique and named after the file; each example fires or stays silent as it says; the
//! fix silences its finding and adds none; the shipped role covers its needs; it turns unknown when a need is denied.
//!
//! # How to add a story
//!
//! The same with `src/threats/<threat>/stories/<story>.rs` and `pub static STORY: Story` (threats 1 to 3).
//!
//! # What a rule must not do
//!
//! No I/O, no clock, no look at another rule's result: only the [`View`](crate::view::View) and `semantics`.

mod check;
mod control;
mod example;
pub mod prelude;
mod registry;
mod scenes;
mod sink;
mod story;
mod threat;
mod walk;

pub mod external_attacker;
pub mod malicious_container;
pub mod misconfiguration;
pub mod stolen_credentials;
pub mod vulnerable_applications;

pub use check::{Check, Fix, POD_KINDS, RestsOn, Scope};
pub use control::Control;
pub use example::Example;
pub use registry::{Doc, Entry, check, checks, control, stories, story, threats};
pub use scenes::{Actor, Ending, Instance, Scenes, Step};
pub use sink::{Draft, Sink};
pub use story::{Story, StoryStep};
pub use threat::{Question, Threat};
pub(crate) use walk::{WAYS, Walk};
