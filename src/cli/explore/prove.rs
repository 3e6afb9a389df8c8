//! The proof of a fix on the live objects: what its printed steps make of each is what its changes make of the facts.
//!
//! The same comparison as the tests make for every check, on the objects as the server holds them now. Objects are read
//! whole, by name, and dropped at once; nothing of them is kept or shown.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::fix::apply::{Objects, run};
use crate::fix::{Action, Step, is_filled};
use crate::model::change::Change;
use crate::model::{Object, ObjectKey};
use crate::source::wire::{Pool, decode_value};
use crate::ui::Proving;
use crate::view::World;

/// Compares; the error is what stands in the way, in a sentence.
pub fn prove(
    proving: &Proving,
    fetch: impl Fn(&ObjectKey) -> Result<Value, String>,
) -> Result<(), String> {
    let mut full = Objects::new();
    for key in existing(&proving.steps, &proving.changes) {
        let object = fetch(&key).map_err(|why| format!("{key}: {why}"))?;
        full.insert(key, object);
    }
    let facts: Result<Vec<Object>, String> = full.iter().map(|(k, v)| decoded(k, v)).collect();
    let (wanted, misfits) = World::closed(facts?).with(&proving.changes);
    if let Some(misfit) = misfits.first() {
        let what = misfit.edit.says();
        return Err(format!("{}: \"{what}\" does not fit it", misfit.object));
    }
    run(&proving.steps, &mut full).map_err(|why| why.to_string())?;
    // No step is about a role that follows from others: the controller writes it.
    let follows = |change: &&Change| is_filled(change, wanted.get(&change.object).map(|o| &**o));
    let changes = proving.changes.iter().filter(|change| !follows(change));
    let changed: BTreeSet<&ObjectKey> = changes.map(|c| &c.object).collect();
    for key in changed {
        let now = full.get(key).map(|value| decoded(key, value)).transpose()?;
        let then = wanted.get(key).map(|object| without_status(object));
        if now != then {
            return Err(format!("{key}: the steps make something else of it"));
        }
    }
    Ok(())
}

/// Objects that are there before the steps are taken. One that is only created is in no patch and no deletion.
fn existing(steps: &[Step], changes: &[Change]) -> BTreeSet<ObjectKey> {
    let created: BTreeSet<&ObjectKey> = steps
        .iter()
        .filter(|step| step.action == Action::Apply)
        .map(|step| &step.target)
        .collect();
    let touched = steps
        .iter()
        .filter(|step| matches!(step.action, Action::Patch(_) | Action::Delete))
        .map(|step| &step.target);
    let changed = changes.iter().map(|change| &change.object);
    let there = touched.chain(changed).filter(|key| !created.contains(key));
    there.cloned().collect()
}

fn decoded(key: &ObjectKey, value: &Value) -> Result<Object, String> {
    let kind = key
        .known()
        .ok_or_else(|| format!("{key}: not a kind that is read"))?;
    let object = decode_value(kind, value, &mut Pool::new());
    object
        .map(|object| without_status(&object))
        .map_err(|why| format!("{key}: {why}"))
}

/// Addresses are the status: whoever set them takes them away, no patch can.
fn without_status(object: &Object) -> Object {
    let mut object = object.clone();
    if let Object::Service(service) = &mut object {
        service.addresses = Box::default();
    }
    object
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fix::{Delivery, Remedy, plan, style};
    use crate::model::Kind;
    use crate::model::change::{ContainerEdit, Edit};
    use crate::view::View;
    use serde_json::json;

    fn deployment(privileged: bool) -> Value {
        json!({"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "cart", "namespace": "shop"},
            "spec": {"template": {"spec": {"containers": [
                {"name": "app", "image": "app:1", "securityContext": {"privileged": privileged}}]}}}})
    }

    fn proving() -> (ObjectKey, Proving) {
        let key = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
        let world = World::closed([decoded(&key, &deployment(true)).unwrap()]);
        let changes = vec![Change {
            object: key.clone(),
            edit: Edit::Container("app".into(), ContainerEdit::Privileged(false)),
        }];
        let remedy = Remedy::safe(changes.clone());
        let patch = style::style("patch").unwrap();
        let plan = plan(&remedy, &View::new(&world), patch, &Delivery::stdin());
        let steps = plan.steps;
        (key, Proving { steps, changes })
    }

    #[test]
    fn printed_steps_are_compared_with_the_changes_on_the_live_object() {
        let (key, proving) = proving();
        let live = |asked: &ObjectKey| {
            assert_eq!(*asked, key);
            Ok(deployment(true))
        };
        assert_eq!(prove(&proving, live), Ok(()));
    }

    #[test]
    fn a_step_that_does_something_else_is_found() {
        let (_, mut proving) = proving();
        proving.steps[0].yaml = proving.steps[0].yaml.replace("false", "true");
        let said = prove(&proving, |_| Ok(deployment(true))).unwrap_err();
        assert!(said.contains("something else"), "{said}");
    }

    #[test]
    fn what_cannot_be_fetched_or_does_not_fit_any_more_is_said() {
        let (_, proving) = proving();
        let said = prove(&proving, |_| Err("it is gone".to_owned())).unwrap_err();
        assert!(said.ends_with("deploy shop/cart: it is gone"), "{said}");
        let mut other = deployment(true);
        other["spec"]["template"]["spec"]["containers"][0]["name"] = json!("renamed");
        let said = prove(&proving, |_| Ok(other.clone())).unwrap_err();
        assert!(said.contains("does not fit"), "{said}");
    }
}
