//! A threat's pane in its parts: where each stands, and what is written where there is no sheet and no tree. The pane itself
//! is `panes/threat.rs`.

mod places;
mod preview;

pub use places::{Places, splits};
pub use preview::{nothing, preview};
