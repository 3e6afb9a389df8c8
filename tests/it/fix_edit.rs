//! How an edit is tried, printed and applied: the document reads as written here, and makes of a full manifest what is
//! written here. Manifests hold fields that facts never keep: they must survive.

use std::sync::Arc;

use bartizan::fix::apply::{Objects, read, run};
use bartizan::fix::style::style;
use bartizan::fix::{Delivery, Plan, Remedy, plan};
use bartizan::model::change::{Applied, Change, Edit};
use bartizan::model::{Object, Str};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::{View, World};
use serde_json::Value;

use crate::engine_world::kind;

/// A document.
pub fn yaml(text: &str) -> Value {
    read(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
}

/// The facts of a document.
pub fn facts(value: &Value) -> Object {
    decode_value(kind(value), value, &mut Pool::new()).unwrap()
}

/// The plan for these edits of one object, in the default style.
pub fn planned(manifest: &str, edits: &[Edit]) -> Plan {
    let object = facts(&yaml(manifest));
    let changes: Vec<Change> = edits
        .iter()
        .map(|edit| Change::new(object.key(), edit.clone()))
        .collect();
    let world = World::closed([object]);
    plan(
        &Remedy::safe(changes),
        &View::new(&world),
        style("patch").unwrap(),
        &Delivery::file("fix.yaml"),
    )
}

/// Plans the edits, compares the one document that is printed, applies it, compares the object, and then compares its
/// facts with those of the typed change.
pub fn check(manifest: &str, edits: &[Edit], document: &str, patched: &str) -> Plan {
    let plan = planned(manifest, edits);
    let documents: Vec<&str> = plan
        .steps
        .iter()
        .map(|s| &*s.yaml)
        .filter(|y| !y.is_empty())
        .collect();
    assert_eq!(documents, [document], "{}", plan.text());
    let full = yaml(manifest);
    let mut now = Some(Arc::new(facts(&full)));
    let key = now.as_ref().unwrap().key().clone();
    for edit in edits {
        now = match Change::new(&key, edit.clone()).apply(now.as_ref()) {
            Applied::Now(object) => Some(object),
            Applied::Gone => None,
            Applied::Misfit => panic!("misfit: {edit:?}"),
        };
    }
    let mut objects = Objects::from([(key.clone(), full)]);
    run(&plan.steps, &mut objects).unwrap();
    assert_eq!(objects[&key], yaml(patched), "{}", plan.text());
    assert_eq!(Some(facts(&objects[&key])), now.map(|o| (*o).clone()));
    plan
}

/// A text as facts hold it.
pub fn text(text: &str) -> Str {
    text.into()
}
