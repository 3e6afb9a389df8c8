//! `pod-security`: every pod and pod template against the Pod Security Standards; or each namespace, what it asks for and who
//! stands in the way of more.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::pod_security::{Asked, Unseen, namespaces, pods};
use crate::cli::{Command, look, output};
use crate::semantics::pod_security::{Level, Version};

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "pod-security",
    about: "Every pod and pod template against the Pod Security Standards, or what each namespace could enforce",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    let value = |name: &'static str, help: &'static str| Arg::new(name).long(name).help(help);
    command
        .arg(
            value("level", "Level to judge by: privileged, baseline, restricted [default: restricted; with --namespaces each]")
                .value_parser(["privileged", "baseline", "restricted"]),
        )
        .arg(value("version", "Version of the standard: v1.N or latest, which is the server's own [default: latest; with --namespaces what each enforces]"))
        .arg(
            value("namespaces", "For each namespace: what it enforces, warns of and audits, and which pods a raise would reject")
                .action(ArgAction::SetTrue),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_parser(["table", "json", "jsonl"])
                .default_value("table")
                .help("Format"),
        )
        .arg(
            value("fail-on", "Exit 1 when a pod or template is not allowed (with --namespaces: when a raise would reject a pod)")
                .value_parser(["violation"]),
        )
        .arg(
            value("max-blind", "Exit 4 when more (kind, namespace) pairs of pods and their owners are not visible; 0 when a gate is asked for")
                .value_parser(clap::value_parser!(usize)),
        )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let version =
        match text("version") {
            None => None,
            Some(text) => Some(Version::parse(text).ok_or_else(|| {
                Failure::usage(format!("--version {text}: write v1.N, or latest"))
            })?),
        };
    let mut engine = look::look(globals, Duration::from_secs(60))?;
    let snapshot = engine.publish();
    let asked = Asked {
        world: engine.world(),
        level: text("level").and_then(Level::parse),
        version,
        namespaces: &globals.namespaces,
    };
    let unseen = Unseen::of(&snapshot, &asked);
    let format = text("output").unwrap_or("table");
    let (answer, refused) = if matches.get_flag("namespaces") {
        let rows = namespaces::rows(&asked);
        let refused = rows.iter().any(namespaces::NamespaceRow::rejects);
        (namespaces::print(format, &rows, &unseen), refused)
    } else {
        let rows = pods::rows(&asked);
        let refused = rows.iter().any(|row| !row.allowed);
        (pods::print(format, &rows, &unseen), refused)
    };
    output::answer(&answer);
    unseen.say();
    let gate = text("fail-on").is_some();
    let most = matches.get_one::<usize>("max-blind").copied();
    Ok(match most.or(gate.then_some(0)) {
        _ if gate && refused => Exit::Gate,
        Some(most) if unseen.blind() > most => Exit::Blind,
        _ => Exit::Fine,
    })
}
