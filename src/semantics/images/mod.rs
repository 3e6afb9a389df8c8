//! Images: what a reference names, and what the running pods say they run. No registry is ever asked.

mod frozen;
mod grammar;
mod image_id;
mod public;
mod pull;
mod reference;
mod retired;
mod running;

pub use frozen::{Frozen, frozen, moved};
pub use image_id::ImageId;
pub use public::is_public;
pub use pull::{Pull, pull_policy};
pub use reference::{ImageRef, is_digest};
pub use retired::{Retired, retired};
pub use running::{Running, running};
