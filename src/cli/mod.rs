//! The command line: parses, chooses the source, runs one subcommand or the explorer, and turns the end into an exit code.
//!
//! One file a subcommand in `commands/`, each with a `pub static COMMAND: Command`. stdout is the answer and nothing
//! else; everything for people goes to stderr. A closed pipe is not an error.

mod can;
mod command;
pub mod commands;
mod exit;
mod explore;
mod exposure;
mod fix_level;
mod fix_paths;
mod globals;
mod keys;
mod log;
mod look;
mod output;
mod paths;
mod pod_security;
mod reach;
mod selector;
mod sources;
mod watch;

use std::ffi::OsString;
use std::path::Path;
use std::process::ExitCode;

pub use command::Command;
pub use exit::{Exit, Failure};
pub use globals::Globals;

/// Runs the program with these arguments, its own name first.
pub fn run(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    let args: Vec<OsString> = args.into_iter().collect();
    let parsed = match parser(&args).try_get_matches_from(&args) {
        Ok(parsed) => parsed,
        Err(error) => return output::clap(&error),
    };
    let outcome = Globals::of(&parsed).and_then(|globals| {
        if let Some(file) = &globals.log {
            log::start(file)?;
        }
        match parsed.subcommand() {
            None => explore::run(&globals),
            Some((name, matches)) => match command::find(name) {
                Some(command) => (command.run)(matches, &globals),
                None => Err(Failure::usage(format!("no subcommand {name}"))),
            },
        }
    });
    match outcome {
        Ok(exit) => exit.into(),
        Err(failure) => {
            output::note(&failure.message);
            failure.exit.into()
        }
    }
}

/// The parser: flags that every subcommand takes, and the subcommands from the list.
pub fn parser(args: &[OsString]) -> clap::Command {
    let base = clap::Command::new("bartizan")
        .bin_name(called(args))
        .version(env!("CARGO_PKG_VERSION"))
        .about("A live threat-model explorer for Kubernetes. It reads; it never writes to the cluster, and talks to nobody else.")
        .after_long_help(keys::text())
        .disable_help_subcommand(true)
        .subcommand_required(false);
    let base = globals::flags(base);
    command::all().fold(base, |base, command| {
        base.subcommand((command.configure)(
            clap::Command::new(command.id).about(command.about),
        ))
    })
}

/// Started as `kubectl-bartizan` it is a plugin, and calls itself as the person does.
fn called(args: &[OsString]) -> &'static str {
    let name = args
        .first()
        .and_then(|a| Path::new(a).file_stem())
        .unwrap_or_default();
    if name == "kubectl-bartizan" {
        "kubectl bartizan"
    } else {
        "bartizan"
    }
}
