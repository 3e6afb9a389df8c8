//! The engine: keeps every verdict true as facts change.
//!
//! [`Engine`] owns the [`World`](crate::view::World). It applies batches of deltas, runs again only what a change can
//! affect, and publishes immutable [`Snapshot`]s. Questions ([`Query`]) are answered from the same world;
//! [`Engine::what_if`] runs the same code over an overlay. Everything here is synchronous and pure but for [`worker`],
//! the thread that drives it. It must not know where objects come from or who looks at the result.

mod cell;
mod changelog;
pub mod cuts;
mod describe;
pub mod diff;
mod dirty;
mod evaluation;
pub mod inventory;
mod query;
mod run_cell;
mod run_check;
mod run_story;
mod since;
pub mod snapshot;
pub mod standing;
mod state;
mod store;
mod touch;
pub mod worker;

pub use changelog::ChangeEntry;
pub use cuts::Cut;
pub use diff::Diff;
pub use evaluation::Evaluation;
pub use query::{Answer, FixAnswer, Query};
pub use snapshot::{Row, Snapshot, SpaceTable};
pub use standing::{ControlState, Standing, StoryState};
use state::blind_places;
pub use state::{Engine, Thought};
