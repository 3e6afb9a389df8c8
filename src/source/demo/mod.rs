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

use std::sync::LazyLock;

/// The version that the demo's API server says it has.
pub fn version() -> Option<crate::model::ServerVersion> {
    login::Login::read()?.cluster().version
}

include!(concat!(env!("OUT_DIR"), "/demo.rs"));

/// All texts, packed.
static PACKED: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/demo.deflate"));

/// All texts, one behind the other.
static WHOLE: LazyLock<String> = LazyLock::new(|| {
    // Packed by the build, and read by a test.
    let text = miniz_oxide::inflate::decompress_to_vec(PACKED).unwrap_or_default();
    String::from_utf8(text).unwrap_or_default()
});

/// The text of an embedded file.
fn file(name: &str) -> &'static str {
    let known = FILES.iter().find(|(known, ..)| *known == name);
    known
        .and_then(|(_, start, end)| WHOLE.get(*start..*end))
        .unwrap_or_default()
}
