//! Hostile texts and endless names on every pane: what is shown, copied, written and paged holds nothing that acts on a
//! terminal or hides, and no name pushes its neighbours off the screen.

use std::sync::Arc;

use bartizan::engine::Engine;
use bartizan::fix::yaml;
use bartizan::model::cluster::SourceName;
use bartizan::model::{Object, ObjectKey};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::ui::{Effect, Msg};
use bartizan::view::World;
use serde_json::{Value, json};

use crate::engine_world::{kind, namespaces};
use crate::hostile_objects::{ALL, act_in, long, objects};
use crate::ui_stage::Stage;

const SIZES: [(u16, u16); 2] = [(80, 24), (160, 50)];

fn engine(values: &[Value]) -> Engine {
    let mut pool = Pool::new();
    let decode = |value: &Value| decode_value(kind(value), value, &mut pool).unwrap();
    let objects: Vec<Object> = values.iter().map(decode).collect();
    let extra = namespaces(&objects);
    Engine::of(World::closed(objects.into_iter().chain(extra)))
}

/// A stage that believes in an API server, so that what needs one is offered too.
fn stage(values: &[Value], (width, height): (u16, u16)) -> Stage {
    let mut stage = Stage::of(engine(values), width, height);
    stage.show(|snapshot| {
        let mut cluster = (*snapshot.cluster).clone();
        cluster.source = SourceName::Live;
        cluster.name = ALL.into();
        cluster.identity = ALL.into();
        snapshot.cluster = Arc::new(cluster);
    });
    stage.take();
    stage
}

/// Looks at the screen as it is.
fn look(stage: &Stage, place: &str) {
    let screen = stage.screen();
    for line in &screen {
        assert_eq!(act_in(line), None, "{place}");
    }
    // What is left out of a name would be hidden: the name of another would look the same.
    let hides = ["user:esc[31m", "zerowidth"];
    let hidden = screen
        .iter()
        .find(|l| hides.iter().any(|text| l.contains(text)));
    assert_eq!(hidden, None, "{place}");
}

/// Answers what is asked, and looks at whatever leaves the explorer.
fn serve(stage: &mut Stage, values: &[Value], place: &str) -> Vec<String> {
    let mut texts = Vec::new();
    for _ in 0..4 {
        for effect in stage.take() {
            match effect {
                Effect::Ask { number, query } => {
                    let generation = stage.snapshot.generation;
                    stage.answer((number, query), generation);
                }
                Effect::Copy { text, .. }
                | Effect::WriteFile { text, .. }
                | Effect::Edit { text, .. }
                | Effect::Page { text } => {
                    assert_eq!(act_in(&text), None, "{place}: {text}");
                    texts.push(text);
                }
                Effect::ListContexts => stage.send(Msg::Contexts {
                    current: Some("prod".into()),
                    names: Ok(vec!["prod".into(), ALL.into()]),
                }),
                Effect::Fetch(object) => {
                    let result = manifest(values, &object);
                    stage.send(Msg::Fetched { object, result });
                }
                _ => {}
            }
        }
    }
    texts
}

fn manifest(values: &[Value], object: &ObjectKey) -> Result<String, String> {
    let same =
        |v: &&Value| v["metadata"]["name"] == *object.name && v["kind"] == *object.kind.name();
    let found = values.iter().find(same).ok_or("gone\u{1b}[2J")?;
    Ok(yaml::print(&bartizan::fix::redact::redacted(found)))
}

/// Steps through the rows of a place, opening what each key opens; says how many rows there were, and what was copied.
fn walk(
    stage: &mut Stage,
    values: &[Value],
    place: &str,
    keys: &[&str],
    most: usize,
) -> (usize, Vec<String>) {
    let mut texts = Vec::new();
    let mut before = Vec::new();
    let title = stage.screen()[0].clone();
    for at in 0..most {
        let here = format!("{place} row {at}");
        look(stage, &here);
        for key in keys {
            stage.keys(key);
            let place = format!("{here} key {key}");
            look(stage, &place);
            texts.extend(serve(stage, values, &place));
            look(stage, &place);
            if !matches!(*key, "C" | "K") {
                stage.keys("Esc");
                // Where the key opened nothing, that has left the place.
                if stage.screen()[0] != title {
                    stage.keys("-");
                    assert_eq!(stage.screen()[0], title, "{place}");
                }
            }
        }
        let now = stage.screen();
        if now == before {
            return (at, texts);
        }
        before = now;
        stage.keys("j");
        serve(stage, values, &here);
    }
    (most, texts)
}

#[test]
fn nothing_acts_on_any_screen() {
    let values = objects();
    for size in SIZES {
        let mut stage = stage(&values, size);
        let mut rows = 0;
        for place in ["0", "c", "x", "t", "b", "1", "2", "3", "4", "5"] {
            stage.keys(place);
            stage.keys("*");
            serve(&mut stage, &values, place);
            rows += walk(&mut stage, &values, place, &[], 30).0;
        }
        assert!(rows > 150, "only {rows} rows");
        stage.keys("3 /");
        stage.types("zero");
        stage.keys("Enter");
        look(&stage, "a filter");
        stage.sees("zero?wi?d?th");
    }
}

#[test]
fn nothing_acts_in_the_inventory_of_any_threat() {
    let values = objects();
    for size in SIZES {
        let mut stage = stage(&values, size);
        for threat in ["1", "2", "3", "4", "5"] {
            for view in 1..7 {
                stage.keys(threat);
                stage.keys("v g");
                look(&stage, "the chooser of views");
                for _ in 0..view {
                    stage.keys("j");
                }
                stage.keys("Enter *");
                let place = format!("threat {threat} view {view}");
                let (rows, _) = walk(&mut stage, &values, &place, &[], 12);
                assert!(rows > 0, "{place}\n{}", stage.screen().join("\n"));
            }
        }
    }
}

#[test]
fn nothing_acts_in_evidence_fixes_manifests_and_copies() {
    let values = objects();
    for size in SIZES {
        let mut stage = stage(&values, size);
        let mut documents = 0;
        for place in ["2", "3", "x"] {
            stage.keys(place);
            stage.keys("*");
            let keys = ["d", "m", "C", "K", "y"];
            let (rows, texts) = walk(&mut stage, &values, place, &keys, 8);
            assert!(rows > 5, "{place}: {rows}\n{}", stage.screen().join("\n"));
            let plans = texts.iter().filter(|text| text.contains("# proof: "));
            documents += plans.map(|text| true_names(text, &values)).sum::<usize>();
        }
        assert!(documents > 10, "only {documents} documents were copied");
    }
}

/// Every document of a fix that patches or deletes names one of the objects; counts them.
fn true_names(text: &str, values: &[Value]) -> usize {
    let read: Vec<Value> =
        serde_saphyr::from_multiple(text).unwrap_or_else(|e| panic!("{e}\n{text}"));
    // Operations of a JSON patch name nothing: the command above them does.
    let objects: Vec<&Value> = read.iter().filter(|v| v["kind"].is_string()).collect();
    for object in &objects {
        let name = &object["metadata"]["name"];
        let known = values
            .iter()
            .any(|v| v["kind"] == object["kind"] && v["metadata"]["name"] == *name);
        let new = text.contains("kubectl apply") || text.contains("kubectl --context prod apply");
        assert!(known || new || name == "default", "{name} in\n{text}");
    }
    objects.len()
}

/// One of every kind that an inventory lists, by this name, and a second one by another.
fn twins(name: &str) -> Vec<Value> {
    let object = |api: &str, kind: &str, name: &str, spec: Value| json!({"apiVersion": api, "kind": kind, "metadata": {"name": name, "namespace": "shop"}, "spec": spec});
    let containers = json!({"containers": [{"name": "app", "image": "registry.example.com/app:1.4.2", "securityContext": {"privileged": true}}]});
    let both = [name, "other"].into_iter().flat_map(|name| {
        let template = json!({"metadata": {"labels": {"app": "a"}}, "spec": containers});
        let selector = json!({"matchLabels": {"app": "a"}});
        [
            object(
                "apps/v1",
                "Deployment",
                name,
                json!({"selector": selector, "template": template}),
            ),
            object("v1", "Pod", name, containers.clone()),
            object("v1", "ServiceAccount", name, Value::Null),
            object(
                "v1",
                "Service",
                name,
                json!({"type": "NodePort", "selector": {"app": "a"}, "ports": [{"port": 80}]}),
            ),
            object(
                "networking.k8s.io/v1",
                "NetworkPolicy",
                name,
                json!({"podSelector": {}, "policyTypes": ["Ingress"]}),
            ),
        ]
    });
    both.collect()
}

#[test]
fn a_name_of_253_characters_moves_no_other_column() {
    for (width, height) in SIZES {
        let mut stages =
            [long(), "lon".to_owned()].map(|name| stage(&twins(&name), (width, height)));
        for (threat, view) in ["1", "2", "4", "5"]
            .into_iter()
            .flat_map(|t| (1..7).map(move |v| (t, v)))
        {
            let screens = stages.each_mut().map(|stage| {
                stage.keys(threat);
                stage.keys("v g");
                stage.keys(&"j ".repeat(view));
                stage.keys("Enter * F");
                let screen = stage.screen();
                stage.keys("F");
                screen
            });
            // What stands at the right of a name: kind, counts, severity.
            let right = |screen: &[String]| -> Vec<String> {
                let tail = |line: &String| line.chars().skip(usize::from(width) - 20).collect();
                screen.iter().skip(1).map(tail).collect()
            };
            let [long, short] = &screens;
            assert_eq!(
                right(long),
                right(short),
                "{threat} {view}\n{}",
                long.join("\n")
            );
            let others = |screen: &[String]| {
                screen
                    .iter()
                    .filter(|l| l.contains("other"))
                    .cloned()
                    .collect::<Vec<_>>()
            };
            assert_eq!(
                others(long),
                others(short),
                "{threat} {view}\n{}",
                short.join("\n")
            );
            assert!(
                long.iter()
                    .all(|line| line.chars().count() <= usize::from(width))
            );
        }
    }
}
