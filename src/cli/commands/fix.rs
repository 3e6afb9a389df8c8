//! `fix CHECK OBJECT`: the YAML on stdout, the command on stderr too. A Pod Security level stands in place of a check where
//! the whole object is to meet it.

use std::time::Duration;

use clap::{Arg, ArgMatches};
use serde_json::{Value, json};

use crate::cli::exit::{Exit, Failure};
use crate::cli::fix_level::{self, Found, Wanted};
use crate::cli::fix_paths;
use crate::cli::globals::Globals;
use crate::cli::{Command, look, output};
use crate::engine::{Engine, FixAnswer};
use crate::fix::yaml::comment;
use crate::fix::{Confidence, Delivery, style};
use crate::model::text::plain_json;
use crate::model::{FindingId, Kind, ObjectKey};
use crate::threats;

/// The subcommand.
pub static COMMAND: Command = Command {
    id: "fix",
    about: "The YAML that mends a finding, or brings a workload or a namespace to a level, with its proof",
    configure,
    run,
};

fn configure(command: clap::Command) -> clap::Command {
    let styles: Vec<&'static str> = style::ALL.iter().map(|s| s.id).collect();
    command
        .arg(
            Arg::new("check")
                .required(true)
                .value_name("CHECK")
                .help("Id of the check; or baseline, restricted: all that it takes to meet that level"),
        )
        .arg(
            Arg::new("object")
                .required(true)
                .value_name("OBJECT")
                .help("KIND/NAMESPACE/NAME or KIND/NAME, kubectl's short kinds allowed"),
        )
        .arg(
            Arg::new("part")
                .long("part")
                .value_name("PART")
                .help("Only this part: container/NAME, subject/S, ... (all without)"),
        )
        .arg(
            Arg::new("way")
                .long("way")
                .value_name("N")
                .value_parser(clap::value_parser!(u8).range(1..))
                .default_value("1")
                .help("Which of the ways to mend one finding, as the comments of the answer number them"),
        )
        .arg(
            Arg::new("version")
                .long("version")
                .value_name("VERSION")
                .help("With a level: version of the standard, v1.N or latest [default: what the namespace enforces]"),
        )
        .arg(
            Arg::new("style")
                .long("style")
                .value_parser(styles)
                .default_value(style::DEFAULT)
                .help("Form of the YAML"),
        )
        .arg(
            Arg::new("output")
                .short('o')
                .long("output")
                .value_parser(["yaml", "json"])
                .default_value("yaml")
                .help("Format"),
        )
}

fn run(matches: &ArgMatches, globals: &Globals) -> Result<Exit, Failure> {
    let text = |name: &str| matches.get_one::<String>(name).map_or("", String::as_str);
    let given = |name: &str| matches.get_one::<String>(name).map(String::as_str);
    let check = text("check");
    let level = fix_level::level(check);
    if level.is_none() && threats::check(check).is_none() {
        return Err(Failure::usage(format!(
            "no check {check}; `bartizan checks` lists them"
        )));
    }
    let version = fix_level::version(given("version"))?;
    let object = parse(text("object"), globals)?;
    let engine = look::look(globals, Duration::from_secs(60))?;
    let delivery = Delivery {
        context: globals.connection.context.clone(),
        ..Delivery::stdin()
    };
    let style = text("style");
    let found = match level {
        None => {
            let ids = findings(&engine, check, &object, given("part"));
            if ids.is_empty() {
                return Err(Failure {
                    exit: Exit::Usage,
                    message: format!("{check} does not fire on {object}, or it is not visible"),
                });
            }
            of_check(&engine, &ids, way(matches), style, &delivery)?
        }
        Some(level) => {
            let wanted = Wanted {
                level,
                version,
                object: &object,
                style,
            };
            fix_level::find(&engine, &wanted, &delivery)?
        }
    };
    print(found, text("output") == "json")
}

/// Counted from 0.
fn way(matches: &ArgMatches) -> usize {
    let way = matches.get_one::<u8>("way").copied().unwrap_or(1);
    usize::from(way).saturating_sub(1)
}

fn of_check(
    engine: &Engine,
    ids: &[FindingId],
    way: usize,
    style: &str,
    delivery: &Delivery,
) -> Result<Found, Failure> {
    let fix = engine.fix_by(ids, way, style, delivery);
    if fix.choice != way {
        let message = match fix.choices.len() {
            0 | 1 => "--way: there is one way to mend this; --part names one finding of several"
                .to_owned(),
            n => format!("--way: there are {n} ways to mend this"),
        };
        return Err(Failure::usage(message));
    }
    let ways: Vec<Value> = fix.choices.iter().map(|says| json!(says)).collect();
    Ok(Found {
        fields: vec![("way", json!(way + 1)), ("ways", json!(ways))],
        fix,
        met: false,
    })
}

fn print(found: Found, as_json: bool) -> Result<Exit, Failure> {
    let answer = &found.fix;
    let why = || answer.why_none.clone().unwrap_or_default();
    let Some(plan) = &answer.plan else {
        if found.met && !as_json {
            output::note(&why());
            return Ok(Exit::Fine);
        }
        if !found.met {
            return Err(Failure {
                exit: Exit::Usage,
                message: format!("no fix is offered: {}", why()),
            });
        }
        output::answer(&json_text(answer, &found.fields));
        return Ok(Exit::Fine);
    };
    plan.steps
        .iter()
        .filter(|s| !s.command.is_empty())
        .for_each(|step| output::note(&step.command));
    if as_json {
        output::answer(&json_text(answer, &found.fields));
    } else {
        output::answer(&(ways(answer) + &plan.text()));
    }
    Ok(Exit::Fine)
}

/// The ways that there are, as comments; nothing where there is one.
fn ways(answer: &FixAnswer) -> String {
    if answer.choices.len() < 2 {
        return String::new();
    }
    let line = |(at, says): (usize, &String)| {
        let this = if at == answer.choice { "this" } else { "other" };
        comment(&format!("{this} way, --way {}: {says}", at + 1))
    };
    answer.choices.iter().enumerate().map(line).collect()
}

/// `deploy/shop/cart`, `clusterrolebinding/x`; a namespaced kind may leave the namespace to `-n`.
fn parse(text: &str, globals: &Globals) -> Result<ObjectKey, Failure> {
    let wrong = |why: &str| {
        Failure::usage(format!(
            "{text}: {why}; write KIND/NAMESPACE/NAME or KIND/NAME"
        ))
    };
    let parts: Vec<&str> = text.splitn(3, '/').collect();
    let [kind, rest @ ..] = parts.as_slice() else {
        return Err(wrong("not an object"));
    };
    let known = kind_of(kind).ok_or_else(|| wrong("not a watched kind"))?;
    match (rest, known.info().namespaced) {
        ([namespace, name], true) => Ok(ObjectKey::namespaced(known, namespace, name)),
        ([name], true) => Ok(ObjectKey::namespaced(known, globals.home(), name)),
        ([name], false) => Ok(ObjectKey::cluster(known, name)),
        // RBAC names may hold slashes and colons; a cluster-scoped name keeps them all.
        ([a, b], false) => Ok(ObjectKey::cluster(known, &format!("{a}/{b}"))),
        _ => Err(wrong("not an object")),
    }
}

fn kind_of(word: &str) -> Option<Kind> {
    let word = word.to_lowercase();
    Kind::all().find(|kind| {
        let info = kind.info();
        let name = info.name.to_lowercase();
        word == info.short
            || word == info.plural
            || word == name
            || word == format!("{}.{}", info.plural, info.group)
            || (*kind == Kind::Pod && word == "pod")
    })
}

fn findings(
    engine: &Engine,
    check: &str,
    object: &ObjectKey,
    part: Option<&str>,
) -> Vec<FindingId> {
    let all = engine.findings(check).into_iter().map(|f| f.id);
    all.filter(|id| id.object == *object && part.is_none_or(|p| id.part.to_string() == p))
        .collect()
}

fn json_text(answer: &FixAnswer, fields: &[(&'static str, Value)]) -> String {
    let plan = answer.plan.as_ref();
    let steps: Vec<_> = plan
        .into_iter()
        .flat_map(|p| &p.steps)
        .map(|s| json!({"do": s.action.word(), "yaml": s.yaml, "command": s.command, "way_back": s.way_back, "note": s.note}))
        .collect();
    let confidence = match plan.map(|p| p.confidence) {
        Some(Confidence::Safe) => "safe",
        _ => "review",
    };
    let managed = plan
        .map(|p| p.managed_by.join("; "))
        .filter(|m| !m.is_empty());
    let mut document = json!({
        "schema": "bartizan.fix/1",
        "steps": steps,
        "silences": answer.proof.closed.len(),
        "adds": answer.proof.opened.len(),
        "moves": answer.proof.moved().count(),
        "stories": {"before": answer.stories.0, "after": answer.stories.1},
        "breaks": plan.map(|p| p.breaks.clone()).unwrap_or_default(),
        "notes": plan.map(|p| p.notes.clone()).unwrap_or_default(),
        "asks": plan.and_then(|p| p.asks.clone()),
        "managed_by": managed,
        "confidence": confidence,
        "proven": answer.misfits == 0,
        "old_pods": answer.pods_to_roll,
        "paths": answer.paths.as_ref().map(fix_paths::document),
    });
    for (field, value) in fields {
        document[*field] = value.clone();
    }
    plain_json(&format!("{document:#}\n")).into_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn objects_read_as_kubectl_writes_them() {
        let globals = Globals::default();
        for (text, key) in [
            ("deploy/shop/cart", "deploy shop/cart"),
            ("Deployment/shop/cart", "deploy shop/cart"),
            ("pods/shop/x", "po shop/x"),
            ("sa/build", "sa default/build"),
            ("clusterrolebinding/a:b/c", "clusterrolebinding a:b/c"),
        ] {
            assert_eq!(parse(text, &globals).unwrap().to_string(), key);
        }
        assert!(parse("cart", &globals).is_err() && parse("secret/shop/x", &globals).is_err());
    }
}
