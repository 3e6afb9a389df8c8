//! `reach`: who reaches whom over the network, with the rule that decides or the nearest miss.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::reach::{Ask, answer, changes, notes, print, with_files};
use crate::cli::{Command, look, output};
use crate::semantics::reach::{Network, Party, PortSet};
use crate::view::View;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "reach",
    about: "Who reaches whom over the network, and what decides",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("from")
                .long("from")
                .value_name("WHO")
                .help("A workload (deploy/NAMESPACE/NAME), an address or a CIDR outside the cluster"),
        )
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("WHOM")
                .help("The same, for the other end"),
        )
        .arg(
            Arg::new("port")
                .long("port")
                .value_name("PORT")
                .help("Only this port of the destination: 5432, or UDP/53"),
        )
        .arg(
            Arg::new("all")
                .long("all")
                .action(ArgAction::SetTrue)
                .help("Pairs that cannot talk, and those that cannot be told, too"),
        )
        .arg(
            Arg::new("diff")
                .long("diff")
                .value_name("FILE")
                .action(ArgAction::Append)
                .value_parser(clap::value_parser!(PathBuf))
                .conflicts_with_all(["all", "port"])
                .help("What the policies of this file would change, before anybody applies them"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_parser(["table", "json", "jsonl"])
                .default_value("table")
                .help("Format"),
        )
        .after_help(
            "Ports are those of pods, not of Services. A pod always reaches itself, and its own node reaches it: such pairs are not listed.
Judged: NetworkPolicy, AdminNetworkPolicy, BaselineAdminNetworkPolicy, ClusterNetworkPolicy. Layers above 4, service meshes and firewalls of the platform are not.",
        )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let party = |name: &str| parsed(name, text(name), Party::parse, Party::FORMS);
    let (from, to) = (party("from")?, party("to")?);
    let port = parsed("port", text("port"), PortSet::parse, PortSet::FORMS)?;
    let format = text("output").unwrap_or("table");
    let engine = look::facts(globals, Duration::from_secs(60))?;
    let ask = Ask {
        from,
        to,
        port,
        namespaces: globals.namespaces.clone(),
        all: matches.get_flag("all"),
    };
    let view = View::new(engine.world());
    let network = Network::new(&view);
    if let Some(files) = matches.get_many::<PathBuf>("diff") {
        let files: Vec<PathBuf> = files.cloned().collect();
        let (after, places) = with_files(engine.world(), &files, globals.home())?;
        let changes = changes(engine.world(), &after, places.as_ref(), &ask, format);
        output::answer(&changes);
    } else {
        output::answer(&print(format, &answer(&network, &ask)?));
    }
    for note in notes(&network, &view) {
        output::note(&note);
    }
    Ok(Exit::Fine)
}

fn parsed<T>(
    flag: &str,
    text: Option<&str>,
    parse: fn(&str) -> Option<T>,
    forms: &str,
) -> Result<Option<T>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let wrong = || Failure::usage(format!("--{flag} {text}: write {forms}"));
    parse(text).map(Some).ok_or_else(wrong)
}
