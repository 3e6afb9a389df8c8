//! What must be true of the demo cluster: the table of `assets/demo/README.md`, against the verdicts of its first moment.

use std::collections::BTreeSet;

use bartizan::engine::snapshot::{Row, Says};
use bartizan::engine::stories;
use bartizan::engine::{Engine, Evaluation};
use bartizan::model::Kind;
use bartizan::semantics::rbac::stock::assumed;
use bartizan::source::demo::{first_look, version};
use bartizan::threats::{self, Instance};
use jiff::Timestamp;

use crate::example_world::findings_of;

/// One statement: verb, check or story, `exactly` or `at-least` where it stands, objects or actors.
pub struct Line {
    pub verb: String,
    pub rule: String,
    exactly: bool,
    names: BTreeSet<String>,
}

/// The statements that hold at the start.
fn lines() -> Vec<Line> {
    let at_the_start = |line: &String| !line.starts_with("step ");
    table().into_iter().filter(at_the_start).map(read).collect()
}

/// Every line of the table.
pub fn table() -> Vec<String> {
    let readme = std::fs::read_to_string("assets/demo/README.md").unwrap();
    let table = readme.split("```truth\n").nth(1).unwrap();
    let table = table.split("```").next().unwrap().replace("\n ", " ");
    let lines = table.lines().filter(|line| !line.is_empty());
    lines.map(str::to_owned).collect()
}

/// A line as a statement.
pub fn read(line: impl AsRef<str>) -> Line {
    let mut words = line.as_ref().split_whitespace().map(str::to_owned);
    let (verb, rule) = (words.next().unwrap(), words.next().unwrap());
    let mut names: Vec<String> = words.collect();
    let exactly = names.first().is_some_and(|w| w == "exactly");
    names.retain(|w| w != "exactly" && w != "at-least");
    Line {
        verb,
        rule,
        exactly,
        names: names.into_iter().collect(),
    }
}

/// The demo's first moment.
pub fn engine() -> Engine {
    let mut engine = Engine::default();
    engine.apply(
        first_look(assumed(version().as_ref())),
        Timestamp::UNIX_EPOCH,
    );
    engine
}

/// What a check fires on, as the table writes it: with the part, and without.
fn firing(evaluation: &Evaluation, check: &str) -> BTreeSet<(String, String)> {
    let name = |key: &bartizan::model::ObjectKey| match &key.namespace {
        Some(namespace) => format!("{}/{namespace}/{}", short(key), key.name),
        None => format!("{}/{}", short(key), key.name),
    };
    findings_of(evaluation, check)
        .iter()
        .map(|f| {
            (
                name(&f.id.object),
                format!("{}#{}", name(&f.id.object), f.id.part),
            )
        })
        .collect()
}

fn short(key: &bartizan::model::ObjectKey) -> String {
    key.known().map_or_else(
        || key.kind.name().to_lowercase(),
        |kind: Kind| kind.info().short.to_owned(),
    )
}

/// The two default-deny checks may answer for the namespace or for the workloads in it.
fn matches(wanted: &str, found: &(String, String)) -> bool {
    let inside =
        |ns: &str| found.0.split('/').nth(1) == Some(ns) && found.0.matches('/').count() == 2;
    wanted == found.0 || wanted == found.1 || wanted.strip_prefix("ns/").is_some_and(inside)
}

/// What is otherwise than a statement about a check says; `None`: it is about something else.
pub fn wrong_of_check(engine: &Engine, line: &Line) -> Option<Vec<String>> {
    let (verb, rule) = (line.verb.as_str(), line.rule.as_str());
    if !matches!(verb, "fires" | "clear") || threats::check(rule).is_none() {
        return None;
    }
    let found = firing(engine.evaluation(), rule);
    let fires = |name: &String| found.iter().any(|f| matches(name, f));
    let says = if verb == "fires" {
        "is silent"
    } else {
        "fires"
    };
    let missed = line.names.iter().filter(|n| fires(n) != (verb == "fires"));
    let mut wrong: Vec<String> = missed.map(|n| format!("{rule} {says} on {n}")).collect();
    if line.exactly {
        let more = found
            .iter()
            .filter(|f| !line.names.iter().any(|n| matches(n, f)));
        wrong.extend(more.map(|f| format!("{rule} fires on {} too", f.1)));
    }
    Some(wrong)
}

/// The same of a story.
pub fn wrong_of_story(engine: &Engine, line: &Line) -> Option<Vec<String>> {
    let (verb, rule) = (line.verb.as_str(), line.rule.as_str());
    let states = stories::stories(engine.world(), engine.evaluation());
    let state = states.iter().find(|s| s.story.id == rule)?;
    if !matches!(verb, "works" | "unsure" | "stopped") {
        return None;
    }
    let sort = |is: fn(&Instance) -> bool| -> BTreeSet<String> {
        let some = state.instances.iter().filter(|instance| is(instance));
        some.map(actor).collect()
    };
    let (works, unsure) = (sort(Instance::works), sort(Instance::is_unsure));
    let now = |name: &String| {
        if works.contains(name) {
            "works"
        } else if unsure.contains(name) {
            "unsure"
        } else {
            "stopped"
        }
    };
    let missed = line.names.iter().filter(|name| now(name) != verb);
    let missed = missed.map(|n| format!("{rule} is {} for {n}, not {verb}", now(n)));
    Some(missed.collect())
}

/// Every statement of one sort is true; there are some.
fn hold(wrong_of: fn(&Engine, &Line) -> Option<Vec<String>>) {
    let engine = engine();
    let lines = lines();
    let judged: Vec<Vec<String>> = lines
        .iter()
        .filter_map(|line| wrong_of(&engine, line))
        .collect();
    assert!(judged.len() > 5);
    let wrong = judged.concat();
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn the_checks_say_what_the_table_says() {
    hold(wrong_of_check);
}

#[test]
fn the_stories_say_what_the_table_says() {
    hold(wrong_of_story);
}

fn actor(instance: &Instance) -> String {
    match &instance.actor {
        bartizan::threats::Actor::Object(key) => match &key.namespace {
            Some(namespace) => format!("{}/{namespace}/{}", short(key), key.name),
            None => format!("{}/{}", short(key), key.name),
        },
        bartizan::threats::Actor::Subject(subject) => subject.to_string(),
    }
}

#[test]
fn what_the_login_may_not_see_is_unknown() {
    let snapshot = engine().publish();
    let mut checked = 0;
    for line in lines().iter().filter(|l| l.verb == "unknown") {
        for name in &line.names {
            let namespace = name.strip_prefix("ns/").unwrap();
            let rows = snapshot.rows().filter(|row| row.check == line.rule);
            let mut unknown = rows.filter(|row| matches!(row.says, Says::Unknown(_)));
            let there = |row: &Row| row.object.as_ref().is_some_and(|o| o.home() == namespace);
            assert!(
                unknown.any(there),
                "{} is not unknown in {namespace}",
                line.rule
            );
            checked += 1;
        }
    }
    assert!(checked > 0);
}
