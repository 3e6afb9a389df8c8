//! `can`: whether somebody is allowed something, in the API server's own words; one question, or a file of them.

use std::io::{BufRead as _, BufReader, Read};
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};
use serde_json::json;

use super::who_can::one_namespace;
use crate::cli::can::batch::Batch;
use crate::cli::can::caller;
use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, look, output};
use crate::model::text::{clean, plain_json};
use crate::model::{Str, Subject};
use crate::semantics::authorizers::{Authorizers, Verdict};
use crate::semantics::rbac::{Identity, Question, Wish};
use crate::view::World;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "can",
    about: "Whether somebody is allowed something, in the API server's own words",
    configure,
    run,
};

/// Name of the schema.
const SCHEMA: &str = "bartizan.can/1";

/// Answers are written when so many bytes of them wait.
const CHUNK: usize = 1 << 16;

fn configure(command: clap::Command) -> clap::Command {
    command
        .arg(
            Arg::new("subject")
                .value_name("SUBJECT")
                .required_unless_present("batch")
                .help("A user name, or user:NAME, group:NAME (somebody of that group), sa:NAMESPACE/NAME"),
        )
        .arg(
            Arg::new("verb")
                .value_name("VERB")
                .required_unless_present("batch")
                .help("get, list, create, impersonate, bind, ..."),
        )
        .arg(
            Arg::new("resource")
                .value_name("RESOURCE")
                .required_unless_present("batch")
                .help("PLURAL[.GROUP][/SUBRESOURCE], or a path that starts with /"),
        )
        .arg(Arg::new("name").value_name("NAME").help("One object"))
        .arg(
            Arg::new("group")
                .long("group")
                .value_name("GROUP")
                .action(ArgAction::Append)
                .help("A group of that user; repeat for several. The groups that everybody has are not added then"),
        )
        .arg(
            Arg::new("batch")
                .long("batch")
                .value_name("FILE")
                .conflicts_with_all(["subject", "verb", "resource", "name", "group"])
                .help("Requests, a JSON object a line; - is standard input. Answers come in the same order"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_parser(["table", "json", "jsonl"])
                .help("Format [default: table; with --batch jsonl, and no other]"),
        )
        .after_help(
            "A line of --batch: {\"user\": \"jo\", \"groups\": [\"dev\"], \"verb\": \"get\", \"group\": \"\", \"resource\": \"pods\", \"subresource\": \"log\", \"namespace\": \"shop\", \"name\": \"x\"}
or {\"user\": \"jo\", \"verb\": \"get\", \"path\": \"/metrics\"}. What is left out is empty; without groups a user has those that everybody has.
RBAC is judged, and for kubelets (system:node:NAME in the group system:nodes) the Node authorizer before it: another authorizer may allow more.",
        )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let format = matches.get_one::<String>("output").map(String::as_str);
    match matches.get_one::<String>("batch") {
        Some(_) if !matches!(format, None | Some("jsonl")) => {
            Err(Failure::usage("--batch answers in jsonl alone"))
        }
        Some(file) => {
            let requests = requests(file, globals)?;
            let engine = look::facts(globals, Duration::from_secs(60))?;
            batch(engine.world(), requests, file)
        }
        None => one(matches, globals, format.unwrap_or("table")),
    }
}

fn one(matches: &ArgMatches, globals: &Globals, format: &str) -> Result<Exit, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let question = Question {
        verb: text("verb").unwrap_or_default(),
        resource: text("resource").unwrap_or_default(),
        name: text("name"),
        namespace: one_namespace(globals)?,
    };
    let what = question.action().map_err(Failure::usage)?;
    let groups = matches.get_many::<String>("group");
    let groups = groups.map(|all| all.map(|group| Str::from(group.as_str())).collect());
    let who = who(text("subject").unwrap_or_default(), groups)?;
    let engine = look::facts(globals, Duration::from_secs(60))?;
    let mut authorizers = Authorizers::new(engine.world());
    let caller = authorizers.caller(&who);
    let wish = Wish::from(&what);
    let verdict = authorizers.review(caller, &wish);
    let answer = match format {
        "table" => for_people(&verdict, &who),
        format => {
            let mut row = json!({"allowed": verdict.allowed, "reason": verdict.reason});
            if !verdict.not_visible.is_empty() {
                row["not_visible"] = json!(verdict.not_visible);
            }
            let document = if format == "json" {
                let mut document = json!({"schema": SCHEMA});
                document["allowed"] = row["allowed"].take();
                document["reason"] = row["reason"].take();
                if let Some(rest) = row.get_mut("not_visible") {
                    document["not_visible"] = rest.take();
                }
                format!("{document:#}\n")
            } else {
                format!("{}\n{row}\n", json!({"schema": SCHEMA}))
            };
            plain_json(&document).into_owned()
        }
    };
    output::answer(&answer);
    if let Some(rest) = verdict.narrowed {
        output::note(&format!(
            "the admission plugin NodeRestriction, where it runs, leaves of this: {rest}"
        ));
    }
    for missing in verdict.not_visible {
        output::note(&format!(
            "not visible: {missing}; it may be allowed all the same"
        ));
    }
    Ok(Exit::Fine)
}

fn for_people(verdict: &Verdict<'_>, who: &Identity) -> String {
    let word = if verdict.allowed { "yes" } else { "no" };
    let why = match (&*verdict.reason, verdict.as_node) {
        ("", Some(why)) => format!("  the Node authorizer: {why}"),
        ("", None) if who.is_master() => {
            "  system:masters: allowed everything before RBAC is asked".to_owned()
        }
        ("", None) => String::new(),
        // Each authorizer has a line.
        (reason, _) => format!("  {}", clean(&reason.replace('\n', "; "))),
    };
    format!("{word}{why}\n")
}

/// Who asks, as the command line writes it.
fn who(text: &str, groups: Option<Vec<Str>>) -> Result<Identity, Failure> {
    let subject = match text.split_once(':') {
        Some(("user" | "group" | "sa", _)) => Some(
            Subject::parse(text)
                .ok_or_else(|| Failure::usage(format!("{text}: write sa:NAMESPACE/NAME")))?,
        ),
        _ => None,
    };
    let name = match &subject {
        Some(Subject::Group(_)) if groups.is_some() => {
            return Err(Failure::usage(
                "group:NAME is somebody of that group; --group goes with a user",
            ));
        }
        Some(Subject::Group(group)) => return Ok(Identity::member_of(group)),
        Some(Subject::User(name)) => name.to_string(),
        Some(Subject::ServiceAccount { namespace, name }) => {
            format!("system:serviceaccount:{namespace}:{name}")
        }
        None => text.to_owned(),
    };
    Ok(caller(&name, groups))
}

fn requests(file: &str, globals: &Globals) -> Result<Box<dyn Read>, Failure> {
    if file == "-" {
        if globals.files.iter().any(|path| path.as_os_str() == "-") {
            return Err(Failure::usage(
                "standard input is either the objects or the requests",
            ));
        }
        return Ok(Box::new(std::io::stdin()));
    }
    let opened = std::fs::File::open(file);
    Ok(Box::new(opened.map_err(|error| {
        Failure::usage(format!("--batch {file}: {error}"))
    })?))
}

fn batch(world: &World, requests: Box<dyn Read>, file: &str) -> Result<Exit, Failure> {
    let mut lines = BufReader::with_capacity(CHUNK, requests);
    let mut batch = Batch::new(world);
    let mut answers = format!("{}\n", json!({"schema": SCHEMA})).into_bytes();
    let mut line = Vec::new();
    loop {
        line.clear();
        let read = lines.read_until(b'\n', &mut line);
        let read = read.map_err(|error| Failure::usage(format!("--batch {file}: {error}")))?;
        if read > 0 {
            batch.answer(&String::from_utf8_lossy(&line), &mut answers);
        }
        if read == 0 || answers.len() >= CHUNK {
            // Made of texts alone.
            let text = String::from_utf8_lossy(&answers);
            if !output::answer(&plain_json(&text)) || read == 0 {
                break;
            }
            answers.clear();
        }
    }
    for wrong in &batch.wrong {
        output::note(&format!("{file}: {wrong}"));
    }
    if batch.unsure > 0 {
        output::note(&format!(
            "{} refusals could be allowed all the same: see not_visible",
            batch.unsure
        ));
    }
    Ok(if batch.wrong.is_empty() {
        Exit::Fine
    } else {
        Exit::Usage
    })
}
