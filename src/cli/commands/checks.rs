//! `checks`: the catalogue of checks and stories.

use std::fmt::Write as _;

use clap::{Arg, ArgAction, ArgMatches};
use serde_json::json;

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, output};
use crate::threats;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "checks",
    about: "Every check and story, with its group, control and fix",
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
        .arg(
            Arg::new("markdown")
                .long("markdown")
                .action(ArgAction::SetTrue)
                .help("A table in Markdown"),
        )
}

fn run(matches: &ArgMatches, _: &Globals) -> Result<Exit, Failure> {
    let text = match (
        matches.get_flag("markdown"),
        matches.get_one::<String>("output").map(String::as_str),
    ) {
        (true, _) => markdown(),
        (_, Some("json")) => {
            format!(
                "{:#}\n",
                json!({"schema": "bartizan.checks/1", "checks": rows(), "stories": stories()})
            )
        }
        (_, Some("jsonl")) => {
            let mut text = format!("{}\n", json!({"schema": "bartizan.checks/1"}));
            rows()
                .iter()
                .chain(&stories())
                .for_each(|row| text += &format!("{row}\n"));
            text
        }
        _ => table(),
    };
    output::answer(&text);
    Ok(Exit::Fine)
}

fn rows() -> Vec<serde_json::Value> {
    let row = |e: &threats::Entry<threats::Check>| {
        json!({"check": e.rule.id, "title": e.doc.title, "threats": e.rule.threats.iter().map(|t| t.slug()).collect::<Vec<_>>(),
            "control": e.rule.control, "since": e.rule.since, "fix": e.rule.fix.is_offered(),
            "standards": e.rule.standards})
    };
    threats::checks().iter().map(row).collect()
}

fn stories() -> Vec<serde_json::Value> {
    let row = |e: &threats::Entry<threats::Story>| json!({"story": e.rule.id, "title": e.doc.title, "threat": e.rule.threat.slug(), "goal": e.rule.goal, "since": e.rule.since});
    threats::stories().iter().map(row).collect()
}

fn table() -> String {
    let mut text = String::new();
    for threat in threats::threats() {
        let _ = writeln!(text, "{} {}", threat.id.number(), threat.title);
        for entry in threats::checks()
            .iter()
            .filter(|e| e.rule.home() == threat.id)
        {
            let fix = if entry.rule.fix.is_offered() {
                "fix"
            } else {
                "-"
            };
            let _ = writeln!(text, "  {:<34} {fix:<4} {}", entry.rule.id, entry.doc.title);
        }
        for entry in threats::stories()
            .iter()
            .filter(|e| e.rule.threat == threat.id)
        {
            let _ = writeln!(
                text,
                "  {:<34} {:<4} story: {}",
                entry.rule.id, "", entry.doc.title
            );
        }
        text.push('\n');
    }
    text
}

fn markdown() -> String {
    let mut text = String::from("| check | group | what is wrong | fix |\n|---|---|---|---|\n");
    for entry in threats::checks() {
        let fix = if entry.rule.fix.is_offered() {
            "yes"
        } else {
            "no"
        };
        let _ = writeln!(
            text,
            "| {} | {} | {} | {fix} |",
            entry.rule.id,
            entry.rule.home(),
            entry.doc.title
        );
    }
    text
}
