//! The ways to a clipboard, one file each. A new way is a new file here and nothing else: the build lists it.
//!
//! A file holds `pub static ROUTE: Route`. Which way is taken is decided in [`super::copy`]; a route says whether it
//! could work here and does it, and never waits longer than a second.

use super::copy::ClipboardError;
use super::env::Env;
use std::io::Write;

automod::dir!(pub "src/term/clipboard");

include!(concat!(env!("OUT_DIR"), "/clipboard.rs"));

/// What a route goes through, which is also what a person may choose in the settings.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Family {
    /// tmux's own command.
    Tmux,
    /// A sequence to the terminal, which sits at the person's own machine.
    Osc52,
    /// A tool on this machine, for a desktop on this machine.
    Native,
}

impl Family {
    /// The word for it in the settings.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Tmux => "tmux",
            Self::Osc52 => "osc52",
            Self::Native => "native",
        }
    }

    /// Whether the text ends up in a terminal's own buffer, which is never large and never confirms.
    pub const fn ends_in_terminal(self) -> bool {
        matches!(self, Self::Tmux | Self::Osc52)
    }
}

/// One way to a clipboard.
#[derive(Debug)]
pub struct Route {
    /// Its name in settings: that of its file.
    pub id: &'static str,
    /// Its name in messages.
    pub name: &'static str,
    /// The order in which routes are tried, lowest first.
    pub rank: u8,
    /// What it goes through.
    pub family: Family,
    /// Whether it is worth trying here when the person did not choose.
    pub available: fn(&Env) -> bool,
    /// Sends the text. `out` goes to the terminal, between two frames.
    pub send: fn(&str, &Env, &mut dyn Write) -> Result<(), ClipboardError>,
}

/// Every route, in the order in which they are tried.
pub fn routes() -> Vec<&'static Route> {
    let mut routes = ALL.to_vec();
    routes.sort_by_key(|route| route.rank);
    routes
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn ids_are_file_names_and_ranks_are_unique() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/term/clipboard");
        let files: BTreeSet<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| {
                entry
                    .unwrap()
                    .path()
                    .file_stem()
                    .unwrap()
                    .to_str()
                    .unwrap()
                    .to_owned()
            })
            .filter(|stem| stem != "mod")
            .collect();
        let ids: BTreeSet<String> = ALL.iter().map(|route| route.id.replace('-', "_")).collect();
        assert_eq!(ids, files);
        let ranks: BTreeSet<u8> = ALL.iter().map(|route| route.rank).collect();
        assert_eq!(ranks.len(), ALL.len(), "two routes with one rank");
        for route in ALL {
            for word in ["auto", "off", "tmux", "osc52", "native"] {
                assert!(
                    route.id != word || route.family.name() == word,
                    "{}: the settings know this word",
                    route.id
                );
            }
        }
    }

    #[test]
    fn there_is_always_a_way() {
        assert!(
            routes()
                .iter()
                .any(|route| (route.available)(&Env::default()))
        );
    }
}
