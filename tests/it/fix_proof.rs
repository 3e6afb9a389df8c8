//! Every fix is proven: what the printed documents make of the full objects of an example is what the typed changes make
//! of their facts, in every style.

use std::collections::BTreeMap;
use std::sync::Arc;

use bartizan::engine::Engine;
use bartizan::fix::apply::{Objects, run};
use bartizan::fix::style::{Style, style};
use bartizan::fix::{Action, Delivery, Plan, Remedy, is_filled, plan};
use bartizan::model::change::Change;
use bartizan::model::{Finding, Kind, Object, ObjectKey};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::threats::{self, Check};
use bartizan::view::{View, World};
use serde_json::{Value, json};

use crate::engine_world::{kind, namespaces, objects, values};

/// Every (check, remedy) that a firing example gives, each with its world and its full objects.
fn remedies() -> Vec<(&'static Check, World, Objects, Finding, Remedy)> {
    let mut all = Vec::new();
    for entry in threats::checks() {
        for example in entry.rule.examples.iter().filter(|e| e.fires) {
            let facts = objects(example);
            let implied = namespaces(&facts);
            let mut full = Objects::new();
            for (value, object) in values(example).into_iter().zip(&facts) {
                full.insert(object.key().clone(), value);
            }
            for object in &implied {
                full.insert(object.key().clone(), bare(object));
            }
            let world = World::closed(facts.into_iter().chain(implied));
            let engine = Engine::of(world.clone());
            for finding in engine.findings(entry.rule.id) {
                for remedy in entry.rule.fix.remedies(&finding, &View::new(&world)) {
                    let (world, full) = (world.clone(), full.clone());
                    all.push((entry.rule, world, full, finding.clone(), remedy));
                }
            }
        }
    }
    all
}

fn bare(object: &Object) -> Value {
    let key = object.key();
    let mut value = json!({"apiVersion": key.kind.api_version(), "kind": key.kind.name(), "metadata": {"name": &*key.name}});
    if let Some(namespace) = &key.namespace {
        value["metadata"]["namespace"] = json!(&**namespace);
    }
    value
}

fn decoded(value: &Value) -> Object {
    let mut object = decode_value(kind(value), value, &mut Pool::new()).unwrap();
    // Addresses are the status: whoever set them takes them away, no patch can.
    if let Object::Service(service) = &mut object {
        service.addresses = Box::default();
    }
    object
}

/// The object of a key in the world, likewise without its status.
fn expected(world: &World, key: &ObjectKey) -> Option<Object> {
    let mut object = (**world.get(key)?).clone();
    if let Object::Service(service) = &mut object {
        service.addresses = Box::default();
    }
    Some(object)
}

fn printed(world: &World, remedy: &Remedy, style: &Style) -> Plan {
    plan(
        remedy,
        &View::new(world),
        style,
        &Delivery::file("fix.yaml"),
    )
}

#[test]
fn printed_documents_do_what_the_changes_say() {
    let mut proven = BTreeMap::new();
    for (check, world, full, finding, remedy) in remedies() {
        let (then, misfits) = world.with(&remedy.changes);
        assert!(misfits.is_empty(), "{}: {misfits:?}", check.id);
        for style in ["patch", "kustomize"] {
            let plan = printed(&world, &remedy, style_of(style));
            let told = format!("{} {style} {:?}\n{}", check.id, finding.id, plan.text());
            assert!(plan.cannot.is_empty() && !plan.steps.is_empty(), "{told}");
            let mut objects = full.clone();
            run(&plan.steps, &mut objects).unwrap_or_else(|e| panic!("{e}: {told}"));
            for change in written(&world, &remedy.changes) {
                let now = objects.get(&change.object).map(decoded);
                assert_eq!(now, expected(&then, &change.object), "{told}");
            }
        }
        *proven.entry(check.id).or_insert(0) += 1;
    }
    let changing = threats::checks().iter().filter(|e| e.rule.fix.is_offered());
    for entry in changing {
        assert!(
            proven.contains_key(entry.rule.id),
            "{}: no example of it is ever fixed",
            entry.rule.id
        );
    }
    println!(
        "{} fixes of {} checks proven",
        proven.values().sum::<i32>(),
        proven.len()
    );
}

#[test]
fn all_fixes_of_one_object_stand_in_one_document() {
    let mut together: BTreeMap<(&str, usize), (World, Objects, Vec<Remedy>)> = BTreeMap::new();
    for (check, world, full, _, remedy) in remedies() {
        let next = together.len();
        let same = together
            .iter()
            .find(|((id, _), (_, objects, _))| *id == check.id && *objects == full);
        let at = same.map_or((check.id, next), |(key, _)| *key);
        let entry = together
            .entry(at)
            .or_insert_with(|| (world, full, Vec::new()));
        entry.2.push(remedy);
    }
    for ((id, _), (world, full, remedies)) in together {
        let changes: Vec<_> = remedies.into_iter().flat_map(|r| r.changes).collect();
        let plan = printed(&world, &Remedy::safe(changes.clone()), style_of("patch"));
        let mut documents: Vec<_> = plan
            .steps
            .iter()
            // A namespace warns in one step and refuses in the next.
            .filter(|s| !s.yaml.is_empty() && s.target.known() != Some(Kind::Namespace))
            .map(|s| {
                (
                    &s.target,
                    s.action.word(),
                    matches!(s.action, Action::Patch(bartizan::fix::PatchKind::Json)),
                )
            })
            .collect();
        let all = documents.len();
        documents.sort();
        documents.dedup();
        assert_eq!(documents.len(), all, "{id}\n{}", plan.text());
        let mut objects = full;
        run(&plan.steps, &mut objects).unwrap_or_else(|e| panic!("{id} {e}\n{}", plan.text()));
        let (then, misfits) = world.with(&changes);
        assert_eq!(plan.cannot.len(), misfits.len(), "{id}: {:?}", plan.cannot);
        for change in written(&world, &changes) {
            let now = objects.get(&change.object).map(decoded);
            assert_eq!(
                now,
                expected(&then, &change.object),
                "{id}\n{}",
                plan.text()
            );
        }
    }
}

/// The patch that undoes a fix, as printed in the command, gives the facts of before.
#[test]
fn the_way_back_leads_back() {
    let mut seen = 0;
    for (check, world, full, _, remedy) in remedies() {
        let plan = printed(&world, &remedy, style_of("patch"));
        let mut objects = full.clone();
        run(&plan.steps, &mut objects).unwrap();
        for step in plan.steps.iter().rev() {
            let Some(undo) = inverse(step) else { continue };
            seen += 1;
            run(&[undo], &mut objects)
                .unwrap_or_else(|e| panic!("{} {e}\n{}", check.id, plan.text()));
            if plan
                .steps
                .iter()
                .filter(|s| s.target == step.target)
                .count()
                == 1
            {
                let now = objects.get(&step.target).map(decoded).map(settled);
                assert_eq!(
                    now,
                    expected(&world, &step.target).map(settled),
                    "{}\n{}",
                    check.id,
                    plan.text()
                );
            }
        }
    }
    assert!(seen > 0);
}

/// The changes that are printed: a role that others fill is written by the controller.
fn written<'c>(world: &World, changes: &'c [Change]) -> Vec<&'c Change> {
    let filled = |change: &&Change| is_filled(change, world.get(&change.object).map(|o| &**o));
    changes.iter().filter(|change| !filled(change)).collect()
}

/// The account `default` is named by the way back where none was named: they are one.
fn settled(mut object: Object) -> Object {
    if let Object::Workload(workload) = &mut object {
        let spec = Arc::make_mut(&mut workload.template.spec);
        spec.account = Some(spec.account_name().into());
    }
    object
}

/// The step that a `kubectl patch ... -p '...'` way back stands for.
fn inverse(step: &bartizan::fix::Step) -> Option<bartizan::fix::Step> {
    let Action::Patch(_) = step.action else {
        return None;
    };
    let (_, patch) = step.way_back.split_once(" -p ")?;
    let patch = patch.split("  (but not").next()?.trim_matches('\'');
    assert!(!patch.contains('\''), "{patch}");
    Some(bartizan::fix::Step {
        yaml: patch.to_owned(),
        ..step.clone()
    })
}

fn style_of(id: &str) -> &'static Style {
    style(id).unwrap()
}
