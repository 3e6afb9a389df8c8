//! `keys`: every key of the explorer, from the same table that decides them.

use std::fmt::Write as _;

use clap::{Arg, ArgMatches};
use serde_json::json;

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, output};
use crate::ui;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "keys",
    about: "Every key of the explorer",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command.arg(
        Arg::new("output")
            .short('o')
            .long("output")
            .value_parser(["table", "json"])
            .default_value("table")
            .help("Format"),
    )
}

fn run(matches: &ArgMatches, _: &Globals) -> Result<Exit, Failure> {
    let commands = ui::commands();
    let text = if matches
        .get_one::<String>("output")
        .is_some_and(|o| o == "json")
    {
        let rows: Vec<_> =
            commands.iter().map(|c| json!({"command": c.id, "keys": c.keys, "help": c.help, "group": c.group, "pane": c.pane})).collect();
        format!("{:#}\n", json!({"schema": "bartizan.keys/1", "keys": rows}))
    } else {
        commands.iter().fold(String::new(), |mut text, c| {
            let pane = c.pane.map_or(String::new(), |pane| format!(" (in {pane})"));
            let _ = writeln!(text, "{:<18} {:<20} {}{pane}", c.keys, c.id, c.help);
            text
        })
    };
    output::answer(&text);
    Ok(Exit::Fine)
}
