//! `report`: one look, then exit; or every change as it happens.

use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

use crate::cli::exit::{Exit, Failure};
use crate::cli::globals::Globals;
use crate::cli::{Command, look, output, selector};
use crate::engine::{Engine, Snapshot};
use crate::model::{ObjectKey, Severity, ThreatId};
use crate::report::document::{Filter, Report, build};
use crate::report::{self, Format};
use crate::semantics::selectors;
use crate::source::live::parse_duration;
use crate::threats;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "report",
    about: "One look at everything, then exit; gates for CI",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    let value = |name: &'static str, help: &'static str| Arg::new(name).long(name).help(help);
    let formats: Vec<&'static str> = report::ALL.iter().map(|f| f.id).collect();
    command
        .arg(Arg::new("output").short('o').long("output").help("Format").value_parser(formats).default_value("table"))
        .arg(value("threat", "Only this group, by name or number; repeat for several").action(ArgAction::Append))
        .arg(value("check", "Only this check; repeat for several").action(ArgAction::Append))
        .arg(value("selector", "Only objects with these labels").short('l'))
        .arg(value("severity", "Only findings at or above: low, medium, high, critical"))
        .arg(value("all", "Clear verdicts too").action(ArgAction::SetTrue))
        .arg(value("fail-on", "Exit 1 when a finding at or above this severity fires, or a story works: low ... critical, story"))
        .arg(value("baseline", "A report whose findings are known (JSON or JSON lines)").value_name("FILE"))
        .arg(value("fail-on-new", "Exit 1 when a finding fires that the baseline does not hold").action(ArgAction::SetTrue).requires("baseline"))
        .arg(value("max-blind", "Exit 4 when more (kind, namespace) pairs are not visible; 0 when any gate is asked for").value_parser(clap::value_parser!(usize)))
        .arg(value("timeout", "What has not come by then is not visible").default_value("60s"))
        .arg(value("watch", "Go on, and print each change as it happens (-o jsonl)").action(ArgAction::SetTrue))
}

/// When to fail.
struct Gate {
    severity: Option<Severity>,
    story: bool,
    known: Option<BTreeSet<String>>,
    max_blind: Option<usize>,
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let mut filter = filter(matches, globals)?;
    let gate = gate(matches)?;
    let name = matches
        .get_one::<String>("output")
        .map_or("table", String::as_str);
    let format = report::format(name).ok_or_else(|| Failure::usage(format!("no format {name}")))?;
    if matches.get_flag("watch") {
        return super::super::watch::watch(globals, &filter, format);
    }
    let text = matches
        .get_one::<String>("timeout")
        .map_or("60s", String::as_str);
    let timeout = parse_duration(text).ok_or_else(|| {
        Failure::usage(format!("--timeout {text}: write a number with s, m or h"))
    })?;
    let timeout = if timeout.is_zero() {
        Duration::from_secs(3600)
    } else {
        timeout
    };
    let mut engine = look::look(globals, timeout)?;
    if let Some(text) = matches.get_one::<String>("selector") {
        filter.objects = Some(labelled(&engine, text)?);
    }
    let snapshot = engine.publish();
    let clear = if matches.get_flag("all") {
        engine.clear()
    } else {
        Vec::new()
    };
    let report = build(&snapshot, &clear, &filter);
    output::answer(&print(format, &report));
    Ok(judge(&gate, &report, &snapshot))
}

fn print(format: &Format, report: &Report) -> String {
    (format.print)(report)
}

fn filter(matches: &ArgMatches, globals: &Globals) -> Result<Filter, Failure> {
    let many = |name: &str| {
        matches
            .get_many::<String>(name)
            .into_iter()
            .flatten()
            .cloned()
            .collect::<Vec<_>>()
    };
    let mut filter = Filter {
        namespaces: globals.namespaces.clone(),
        checks: many("check"),
        ..Filter::default()
    };
    for text in many("threat") {
        let threat = ThreatId::parse(&text).ok_or_else(|| {
            Failure::usage(format!(
                "--threat {text}: take one of {}",
                slugs().join(", ")
            ))
        })?;
        filter.threats.push(threat);
    }
    if let Some(unknown) = filter.checks.iter().find(|id| threats::check(id).is_none()) {
        return Err(Failure::usage(format!(
            "--check {unknown}: no such check; `bartizan checks` lists them"
        )));
    }
    if let Some(text) = matches.get_one::<String>("severity") {
        filter.severity = Some(severity("--severity", text)?);
    }
    Ok(filter)
}

fn slugs() -> Vec<&'static str> {
    ThreatId::ALL.into_iter().map(ThreatId::slug).collect()
}

fn severity(flag: &str, text: &str) -> Result<Severity, Failure> {
    Severity::parse(text)
        .ok_or_else(|| Failure::usage(format!("{flag} {text}: take low, medium, high or critical")))
}

fn gate(matches: &ArgMatches) -> Result<Gate, Failure> {
    let fail_on = matches.get_one::<String>("fail-on").map(String::as_str);
    let known = match matches.get_one::<String>("baseline") {
        Some(path) => Some(baseline(Path::new(path))?),
        None => None,
    };
    let fail_on_new = matches.get_flag("fail-on-new");
    let asked = fail_on.is_some() || fail_on_new;
    Ok(Gate {
        severity: match fail_on {
            None | Some("story") => None,
            Some(text) => Some(severity("--fail-on", text)?),
        },
        story: fail_on == Some("story"),
        known: known.filter(|_| fail_on_new),
        max_blind: matches
            .get_one::<usize>("max-blind")
            .copied()
            .or(asked.then_some(0)),
    })
}

/// Fingerprints of an earlier report, of either JSON format.
fn baseline(path: &Path) -> Result<BTreeSet<String>, Failure> {
    let text = std::fs::read_to_string(path)
        .map_err(|error| Failure::usage(format!("--baseline {}: {error}", path.display())))?;
    let mut known = BTreeSet::new();
    let mut stream = serde_json::Deserializer::from_str(&text).into_iter::<serde_json::Value>();
    for value in &mut stream {
        let value =
            value.map_err(|e| Failure::usage(format!("--baseline {}: {e}", path.display())))?;
        let rows = value["verdicts"]
            .as_array()
            .cloned()
            .unwrap_or_else(|| vec![value]);
        known.extend(
            rows.iter()
                .filter_map(|row| row["fingerprint"].as_str())
                .map(str::to_owned),
        );
    }
    Ok(known)
}

fn labelled(engine: &Engine, text: &str) -> Result<BTreeSet<ObjectKey>, Failure> {
    let selector =
        selector::parse(text).map_err(|why| Failure::usage(format!("-l {text}: {why}")))?;
    let spaces = engine.world().spaces();
    let objects = spaces
        .flat_map(|(_, s)| crate::model::Kind::all().flat_map(move |kind| s.table(kind).values()));
    Ok(objects
        .filter(|o| selectors::matches(&selector, &o.meta().labels))
        .map(|o| o.key().clone())
        .collect())
}

/// A hit gate wins over too much that is not visible.
fn judge(gate: &Gate, report: &Report, snapshot: &Snapshot) -> Exit {
    let fires = report.verdicts.iter().filter(|v| v.verdict == "fires");
    let loud = gate.severity.is_some_and(|floor| {
        fires
            .clone()
            .filter_map(|v| v.severity.and_then(Severity::parse))
            .any(|s| s >= floor)
    });
    let story = gate.story && report.stories.iter().any(|s| s.state == "works");
    let new = gate.known.as_ref().is_some_and(|known| {
        fires
            .clone()
            .filter_map(|v| v.fingerprint.as_ref())
            .any(|f| !known.contains(f))
    });
    if loud || story || new {
        return Exit::Gate;
    }
    let blind = snapshot.blind().len();
    match gate.max_blind {
        Some(most) if blind > most => {
            output::note(&format!(
                "{blind} (kind, namespace) pairs are not visible, {most} are allowed"
            ));
            Exit::Blind
        }
        _ => Exit::Fine,
    }
}
