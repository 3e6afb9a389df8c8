//! The embedded cluster, alive: `assets/demo/*.yaml`, what the controllers would make of it, and a timeline that changes
//! it while somebody watches. Needs nothing installed.
//!
//! `assets/demo/README.md` holds the rules that the derivation follows to the letter. Nothing here judges anything, and
//! what the demo's login may not see never reaches the store.

mod cluster;
mod derive;
mod hash;
mod login;
mod play;
mod pods;
mod run;
mod slices;
mod timeline;

pub use run::{first_look, start, steps};

/// The version that the demo's API server says it has.
pub fn version() -> Option<crate::model::ServerVersion> {
    login::Login::read()?.cluster().version
}

include!(concat!(env!("OUT_DIR"), "/demo.rs"));

/// The text of an embedded file.
fn file(name: &str) -> &'static str {
    FILES
        .iter()
        .find(|(known, _)| *known == name)
        .map_or("", |(_, text)| text)
}
