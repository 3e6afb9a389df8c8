//! Images: what a reference names, and what the running pods say they run. No registry is ever asked.

mod frozen;
mod reference;
mod running;

pub use frozen::{Frozen, frozen};
pub use reference::{ImageRef, is_digest};
pub use running::{Running, running};
