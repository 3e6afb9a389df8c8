//! `exposure`: every way in from outside, hop by hop, and what NetworkPolicy says of it.

use std::time::Duration;

use clap::{Arg, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::exposure::print;
use crate::cli::globals::Globals;
use crate::cli::reach::notes;
use crate::cli::{Command, look, output};
use crate::semantics::exposure::{Gate, Way, by_config_maps, exposure};
use crate::semantics::reach::Network;
use crate::view::View;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "exposure",
    about: "Every way into the cluster from outside, hop by hop",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_parser(["table", "json", "jsonl"])
                .default_value("table")
                .help("Format"),
        )
        .after_help(
            "POLICY is what NetworkPolicy says on the ports of the pods, for the address that it sees there: the client's, a node's, a proxy's.
A firewall of the platform, a WAF and a service mesh are not in the API: they may close what is listed here.",
        )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let format = matches.get_one::<String>("output").map(String::as_str);
    let engine = look::facts(globals, Duration::from_secs(60))?;
    let view = View::new(engine.world());
    let network = Network::new(&view);
    let gate = Gate::new(&view, &network);
    let ways = exposure(&view).into_iter();
    let ways = ways.filter(|way| is_in(way, &globals.namespaces));
    let ways: Vec<_> = ways
        .map(|way| {
            let judged = gate.judge(&way);
            (way, judged)
        })
        .collect();
    output::answer(&print(format.unwrap_or("table"), &ways));
    for note in notes(&network, &view) {
        output::note(&note);
    }
    for key in by_config_maps(&view) {
        output::note(&format!(
            "not visible: ConfigMaps by which {key} may publish TCP and UDP ports of any Service"
        ));
    }
    Ok(Exit::Fine)
}

/// What opens the way, its Service or its workload is in one of the namespaces; none is all.
fn is_in(way: &Way, namespaces: &[String]) -> bool {
    let mut keys = [
        Some(&way.door.entry),
        way.service.as_ref(),
        way.workload.as_ref(),
    ]
    .into_iter()
    .flatten();
    namespaces.is_empty() || keys.any(|key| namespaces.iter().any(|ns| *ns == key.home()))
}
