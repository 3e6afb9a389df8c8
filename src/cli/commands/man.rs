//! `man`: the manual page, generated from the parser and the command table.

use clap::ArgMatches;

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, output, parser};

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "man",
    about: "The manual page, in roff",
    configure: |command| command,
    run,
};

fn run(_: &ArgMatches, _: &Globals) -> Result<Exit, Failure> {
    let mut text = Vec::new();
    let page = clap_mangen::Man::new(parser(&[]));
    page.render(&mut text)
        .map_err(|error| Failure::usage(error.to_string()))?;
    output::answer(&String::from_utf8_lossy(&text));
    Ok(Exit::Fine)
}
