//! `paths`: how somebody gets somewhere, step by step, and which single change ends most of it.

use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::paths::{Answer, edges, print, start};
use crate::cli::{Command, look, output};
use crate::model::Missing;
use crate::semantics::other_authorizers::other_authorizers;
use crate::semantics::paths::{Goal, Question, Start, build, cuts, routes};
use crate::view::{View, World};

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "paths",
    about: "How somebody gets to a goal, step by step, and what to change",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("from")
                .long("from")
                .value_name("WHO")
                .required_unless_present("edges")
                .help("sa:NAMESPACE/NAME, user:NAME, group:NAME (somebody of that group), or a workload that was broken into: deploy/NAMESPACE/NAME"),
        )
        .arg(
            Arg::new("to")
                .long("to")
                .value_name("GOAL")
                .required_unless_present("edges")
                .help(Goal::FORMS),
        )
        .arg(
            Arg::new("edges")
                .long("edges")
                .action(ArgAction::SetTrue)
                .conflicts_with_all(["from", "to"])
                .help("Print the whole graph, an edge a line (jsonl)"),
        )
        .arg(
            Arg::new("limit")
                .long("limit")
                .value_name("N")
                .value_parser(clap::value_parser!(u16).range(1..))
                .default_value("10")
                .help("Paths that are shown; the answer says when there are more"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_parser(["table", "json"])
                .default_value("table")
                .help("Format"),
        )
        .after_help(
            "Costs: 0 nothing is left to do, 1 one call of the API, 2 several. A namespace without a Pod Security label counts as privileged.
Not followed: the network, flaws of kernels and runtimes, rights outside RBAC, controllers that act for others.",
        )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    if matches.get_flag("edges") {
        let engine = look::facts(globals, Duration::from_secs(60))?;
        let view = View::new(engine.world());
        let graph = build(&view, &[]);
        output::answer(&edges(&graph));
        tell(&not_visible(engine.world(), &graph.not_visible));
        return Ok(Exit::Fine);
    }
    let from = start(text("from"))?;
    let to = text("to");
    let goal = Goal::parse(to).ok_or_else(|| {
        Failure::usage(format!(
            "--to {to}: no such goal; there are {}",
            Goal::FORMS
        ))
    })?;
    let limit = matches.get_one::<u16>("limit").copied().unwrap_or(10);
    let engine = look::facts(globals, Duration::from_secs(60))?;
    let world = engine.world();
    let view = View::new(world);
    let extra = match &from {
        Start::Subject(subject) => vec![subject.clone()],
        Start::Workload(_) => Vec::new(),
    };
    let graph = build(&view, &extra);
    if from.nodes(&graph).is_empty() {
        output::note(&format!("{} was not seen, or runs nothing", text("from")));
    }
    let found = routes(&graph, &from, &goal, usize::from(limit));
    let question = Question {
        world,
        start: &from,
        goal: &goal,
        limit: usize::from(limit),
    };
    let cuts = cuts(&question, &graph, &found.paths);
    let names = (text("from"), to);
    let hidden = not_visible(world, &graph.not_visible);
    let answer = Answer::new(names, &found, &cuts, hidden.clone());
    output::answer(&print(text("output"), &answer));
    tell(&hidden);
    Ok(Exit::Fine)
}

/// What could not be seen, and who may grant more than was.
fn not_visible(world: &World, missing: &[Missing]) -> Vec<String> {
    let missing = missing.iter().map(Missing::sentence);
    let others = other_authorizers(world).into_iter();
    missing
        .chain(others.map(|other| other.sentence()))
        .collect()
}

fn tell(not_visible: &[String]) {
    for missing in not_visible {
        output::note(&format!("not visible: {missing}; there may be more paths"));
    }
}
