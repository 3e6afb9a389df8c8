//! Read access to the facts.
//!
//! [`World`] holds every fact with its indexes; an overlay of hypothetical changes is another `World` that shares all
//! untouched namespaces with the first. [`View`] is how semantics, checks and stories look: each look-up answers
//! [`Look::Seen`], [`Look::Absent`] or [`Look::Blind`], and the view remembers what was read (so the engine knows what to
//! run again) and what was blind (so that "unknown" is derived, never written by hand).
//!
//! No rule of Kubernetes lives here: ownership is followed, nothing else is judged.

mod look;
mod owners;
mod reads;
mod space;
mod workload;
mod world;

pub use look::{Look, View};
pub use owners::top_owner;
pub use reads::{Place, Reads};
pub use space::Space;
pub use workload::{PodLike, Workload};
pub use world::World;
