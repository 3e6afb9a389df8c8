//! `why ID`: the article of a check, a story or a control.

use std::fmt::Write as _;

use clap::{Arg, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, output};
use crate::threats::{self, Doc, Fix};

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "why",
    about: "What a check, story or control is about, and its references",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    command.arg(
        Arg::new("id")
            .required(true)
            .value_name("ID")
            .help("Id of a check, a story or a control"),
    )
}

fn run(matches: &ArgMatches, _: &Globals) -> Result<Exit, Failure> {
    let id = matches.get_one::<String>("id").map_or("", String::as_str);
    let text = check(id).or_else(|| story(id)).or_else(|| control(id));
    let text = text.ok_or_else(|| {
        Failure::usage(format!(
            "no check, story or control {id}; `bartizan checks` lists them"
        ))
    })?;
    output::answer(&text);
    Ok(Exit::Fine)
}

fn article(text: &mut String, doc: &Doc) {
    for (head, body) in [
        ("What", doc.what),
        ("Why", doc.why),
        ("Fix", doc.fix),
        ("References", doc.references),
    ] {
        if !body.is_empty() {
            let _ = writeln!(text, "\n{head}\n{body}");
        }
    }
}

fn check(id: &str) -> Option<String> {
    let entry = threats::check(id)?;
    let mut text = format!("{} ({id})\n", entry.doc.title);
    article(&mut text, &entry.doc);
    let threats: Vec<&str> = entry.rule.threats.iter().map(|t| t.slug()).collect();
    let _ = writeln!(
        text,
        "\nGroup: {}\nControl: {}\nStandards: {}",
        threats.join(", "),
        entry.rule.control,
        entry.rule.standards.join(", ")
    );
    if let Fix::None(why) = entry.rule.fix {
        let _ = writeln!(text, "No fix is offered: {why}");
    }
    Some(text)
}

fn story(id: &str) -> Option<String> {
    let entry = threats::story(id)?;
    let mut text = format!("{} ({id})\n", entry.doc.title);
    article(&mut text, &entry.doc);
    text += "\nSteps\n";
    for (at, step) in entry.rule.steps.iter().enumerate() {
        let _ = writeln!(
            text,
            "{}. {} (cut by: {})",
            at + 1,
            step.title,
            step.cut_by.join(", ")
        );
    }
    let _ = writeln!(
        text,
        "\nGroup: {}\nGoal: {}",
        entry.rule.threat, entry.rule.goal
    );
    Some(text)
}

fn control(id: &str) -> Option<String> {
    let (threat, control) = threats::control(id)?;
    let mut text = format!(
        "{} ({id})\n\nGroup: {threat}\nAsked for by: {}\n",
        control.title, control.seed
    );
    let checks: Vec<&str> = threats::checks()
        .iter()
        .filter(|e| e.rule.control == id)
        .map(|e| e.rule.id)
        .collect();
    if checks.is_empty() {
        let _ = writeln!(
            text,
            "Not visible: {}",
            control.not_visible.unwrap_or_default()
        );
    } else {
        let _ = writeln!(text, "Checks: {}", checks.join(", "));
    }
    Some(text)
}
