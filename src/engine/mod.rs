//! The engine: keeps every verdict true as facts change.
//!
//! [`Engine`] owns the [`World`](crate::view::World). It applies batches of deltas, runs again only what a change can
//! affect, and publishes immutable [`Snapshot`]s. Questions ([`Query`]) are answered from the same world;
//! [`Engine::what_if`] runs the same code over an overlay. Everything here is synchronous and pure but for [`worker`],
//! the thread that drives it. It must not know where objects come from or who looks at the result.

mod answer;
mod cell;
mod cells;
mod changed;
mod changelog;
mod clear;
pub mod controls;
pub mod cuts;
mod describe;
pub mod diff;
mod dirty;
mod evaluation;
mod fix_paths;
mod foothold;
mod gathered;
mod harden;
pub mod images;
pub mod inventory;
mod ladder;
mod neighbours;
mod network;
mod not_visible;
mod query;
mod reach;
mod readers;
mod rights;
mod run_cell;
mod run_check;
mod run_story;
mod settle;
mod since;
pub mod snapshot;
pub mod standing;
mod state;
mod store;
pub mod stories;
mod table;
mod tally;
mod touch;
mod touched;
mod ways;
mod what_if;
mod who;
pub mod worker;

pub use changelog::ChangeEntry;
pub use controls::ControlState;
pub use cuts::Cut;
pub use diff::Diff;
pub use evaluation::Evaluation;
pub use fix_paths::{FixPaths, GoalPaths, StartPaths};
pub use foothold::{FootholdAnswer, GoalRow};
pub use ladder::Ladder;
pub use neighbours::NeighboursAnswer;
pub use query::{Answer, FixAnswer, HardenAnswer, Query, RaiseAnswer};
pub use reach::{Other, ReachAnswer, Reached};
pub use rights::{
    GrantRow, PowerKey, PowerRow, RightCell, RightKey, RightRow, RightsAnswer, VERBS, What,
};
pub use snapshot::{Row, Snapshot, SpaceTable};
pub use standing::Standing;
use state::blind_places;
pub use state::{Engine, Thought};
pub use stories::StoryState;
pub use who::{WhoAnswer, WhoMay};

// Who looks at answers knows the engine, not what it reckons with.
pub use crate::semantics::paths::{Neighbour, Neighbours, Start, Step as PathStep, Way as PathWay};
pub use crate::semantics::pod_security::labels::{Effective as EnforcedLevel, Given};
pub use crate::semantics::pod_security::standing::{
    NamespaceStanding, PodStanding, RejectedWorkload, WorkloadStanding,
};
pub use crate::semantics::pod_security::{Level, Refusal, Version, Violation};
pub use crate::semantics::rbac::{Action, Question, vocabulary};
pub use crate::semantics::reach::{
    Because, Doubt, Enforcement, Party, PortSet, Question as ReachQuestion, Row as ReachRow,
    Verdict as ReachVerdict,
};
pub use crate::semantics::settings::{ContainerSettings, Setting};
