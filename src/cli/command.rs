//! A subcommand, and the list of them.

use clap::ArgMatches;

use super::exit::{Exit, Failure};
use super::globals::Globals;

/// A subcommand.
pub struct Command {
    /// Its name.
    pub id: &'static str,
    /// What it does, in one line.
    pub about: &'static str,
    /// Adds its own arguments.
    pub configure: fn(clap::Command) -> clap::Command,
    /// Runs it.
    pub run: fn(&ArgMatches, &Globals) -> Result<Exit, Failure>,
}

include!(concat!(env!("OUT_DIR"), "/commands.rs"));

/// Every subcommand, in order of name.
pub fn all() -> impl Iterator<Item = &'static Command> {
    ALL.iter().copied()
}

/// The subcommand of a name.
pub fn find(id: &str) -> Option<&'static Command> {
    all().find(|command| command.id == id)
}
