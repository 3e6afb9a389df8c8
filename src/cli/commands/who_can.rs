//! `who-can`: everybody that RBAC allows something, with the bindings and rules that do it.

use std::time::Duration;

use clap::{Arg, ArgMatches};

use crate::cli::can::who;
use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, look, output};
use crate::semantics::rbac::Question;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "who-can",
    about: "Everybody who may do something, with the bindings and rules that allow it",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("verb")
                .value_name("VERB")
                .required(true)
                .help("get, list, create, impersonate, bind, ..."),
        )
        .arg(
            Arg::new("resource")
                .value_name("RESOURCE")
                .required(true)
                .help("PLURAL[.GROUP][/SUBRESOURCE], or a path that starts with /"),
        )
        .arg(Arg::new("name").value_name("NAME").help("One object"))
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_parser(["table", "json", "jsonl"])
                .default_value("table")
                .help("Format"),
        )
        .after_help(
            "Without -n the question is cluster-scoped: bindings of namespaces do not count.",
        )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let question = Question {
        verb: text("verb").unwrap_or_default(),
        resource: text("resource").unwrap_or_default(),
        name: text("name"),
        namespace: one_namespace(globals)?,
    };
    let what = question.action().map_err(Failure::usage)?;
    let engine = look::facts(globals, Duration::from_secs(60))?;
    let rows = who::rows(engine.world(), &what);
    output::answer(&who::print(text("output").unwrap_or("table"), &rows));
    for missing in &rows.not_visible {
        output::note(&format!("not visible: {missing}; there may be more"));
    }
    Ok(Exit::Fine)
}

/// A question is about one namespace, or about the cluster.
pub(super) fn one_namespace(globals: &Globals) -> Result<Option<&str>, Failure> {
    match globals.namespaces.as_slice() {
        [] => Ok(None),
        [one] => Ok(Some(one)),
        _ => Err(Failure::usage(
            "-n may be given once here: a question is about one namespace, or without -n about the cluster",
        )),
    }
}
