//! `completion SHELL`: completions, generated from the parser itself.

use clap::{Arg, ArgMatches, value_parser};
use clap_complete::Shell;

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, output, parser};

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "completion",
    about: "Completions for a shell",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command.arg(
        Arg::new("shell")
            .required(true)
            .value_name("SHELL")
            .value_parser(value_parser!(Shell))
            .help("bash, zsh, fish, elvish, powershell"),
    )
}

fn run(matches: &ArgMatches, _: &Globals) -> Result<Exit, Failure> {
    let Some(shell) = matches.get_one::<Shell>("shell") else {
        return Ok(Exit::Usage);
    };
    let mut text = Vec::new();
    clap_complete::generate(*shell, &mut parser(&[]), "bartizan", &mut text);
    output::answer(&String::from_utf8_lossy(&text));
    Ok(Exit::Fine)
}
