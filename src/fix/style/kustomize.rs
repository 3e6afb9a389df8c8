//! Patches for the kustomization that builds the objects: for clusters that are filled from a repository.

use serde_json::{Value, json};

use super::{Printed, Style};
use crate::fix::command::{Delivery, is_plain};
use crate::fix::draft::{Draft, Way};
use crate::fix::plan::{Action, PatchKind, Step};
use crate::fix::steps::{bare, file_of, json_patch, manifest, steps, strategic};
use crate::fix::{write, yaml};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::workload::pod_spec_path;
use crate::model::{Kind, Object, ObjectKey, Str};

/// The style.
pub static STYLE: Style = Style {
    id: "kustomize",
    title: "patches for a kustomization",
    print,
};

fn print(drafts: &[Draft], delivery: &Delivery) -> Printed {
    let mut printed = Printed::default();
    for draft in drafts {
        match one(draft, delivery) {
            Ok(steps) => printed.steps.extend(steps),
            Err(why) => printed.cannot.push(why),
        }
    }
    printed
}

fn one(draft: &Draft, delivery: &Delivery) -> Result<Vec<Step>, String> {
    match &draft.way {
        Way::Create => Ok(vec![resource(draft, delivery)?]),
        Way::Patch | Way::Recreate => Ok(vec![component(draft, &patches(draft)?, delivery)]),
        Way::Delete => {
            let mut patch = write::identity(&draft.key);
            patch.insert("$patch".into(), "delete".into());
            let patch = json!({"patch": yaml::print(&Value::Object(patch))});
            let mut step = component(draft, &[patch], delivery);
            step.action = Action::Delete;
            Ok(vec![step])
        }
        Way::File | Way::Restart(_) | Way::DropPods(_) => steps(draft, delivery),
    }
}

fn resource(draft: &Draft, delivery: &Delivery) -> Result<Step, String> {
    let mut step = bare(Action::Apply, &draft.key, apply(delivery));
    step.yaml = yaml::print(&manifest(draft)?);
    step.file = file_of(draft, "", true, delivery);
    step.note = "a new file: add its name to `resources` of the kustomization".into();
    step.way_back = "take it out of `resources` and delete the object".into();
    Ok(step)
}

/// A kustomization can be used as it stands: as a component of the one that builds the object.
fn component(draft: &Draft, patches: &[Value], delivery: &Delivery) -> Step {
    let whole = json!({
        "apiVersion": "kustomize.config.k8s.io/v1alpha1",
        "kind": "Component",
        "patches": patches,
    });
    let formats = (strategic(draft).is_some(), json_patch(draft).is_some());
    let format = if formats == (false, true) {
        PatchKind::Json
    } else {
        PatchKind::Strategic
    };
    let mut step = bare(Action::Patch(format), &draft.key, apply(delivery));
    step.yaml = yaml::print(&whole);
    step.file = file_of(draft, "", true, delivery);
    step.note = "a component: save it as kustomization.yaml in a folder of its own and add that folder to `components` \
                 of the kustomization that builds this object, or copy its `patches` there"
        .into();
    step.way_back = "take it out of `components`".into();
    if draft.way == Way::Recreate {
        step.note += "; the server refuses the change on the object that runs: delete it first";
    }
    step
}

fn apply(delivery: &Delivery) -> String {
    delivery.kubectl("apply").words("-k .").line()
}

fn patches(draft: &Draft) -> Result<Vec<Value>, String> {
    let mut patches = Vec::new();
    if let Some(mut patch) = strategic(draft) {
        keep_order(draft, &mut patch);
        patches.push(json!({"patch": yaml::print(&patch)}));
    }
    if let Some((patch, _)) = json_patch(draft) {
        if !is_plain(&draft.key) {
            return Err(format!(
                "{}: its name can stand in no target of a kustomization",
                draft.key
            ));
        }
        patches.push(json!({"target": target(&draft.key), "patch": yaml::print(&patch)}));
    }
    Ok(patches)
}

/// Kustomize puts the items of a patch first (kyaml's merge2), the server does not: where order means something (init
/// containers, webhooks) the items before those that change are named too.
fn keep_order(draft: &Draft, patch: &mut Value) {
    let (root, lists) = match draft.before.as_deref() {
        Some(Object::Pod(pod)) => (pod_spec_path(Kind::Pod), containers(&pod.spec)),
        Some(Object::Workload(owner)) => (
            pod_spec_path(owner.meta.key.known().unwrap_or(Kind::Pod)),
            containers(&owner.template.spec),
        ),
        Some(Object::Webhooks(config)) => {
            let names = config.webhooks.iter().map(|w| w.name.clone());
            ("", vec![("webhooks", names.collect())])
        }
        _ => return,
    };
    let fields = root.split('.').filter(|field| !field.is_empty());
    for (list, names) in lists {
        let pointer: Vec<&str> = [""]
            .into_iter()
            .chain(fields.clone())
            .chain([list])
            .collect();
        let place = pointer.join("/");
        if let Some(Value::Array(items)) = patch.pointer_mut(&place) {
            name_leading(items, &names);
        }
    }
}

fn containers(spec: &PodSpec) -> Vec<(&'static str, Vec<Str>)> {
    let of = |field: &'static str| {
        let names = spec.containers.iter().filter(|c| c.list.field() == field);
        (field, names.map(|c| c.name.clone()).collect())
    };
    vec![of("initContainers"), of("containers")]
}

/// Adds a bare entry for every item up to the last one that is patched.
fn name_leading(items: &mut Vec<Value>, names: &[Str]) {
    let at = |name: &Str| items.iter().position(|i| i["name"] == **name);
    let Some(last) = names.iter().rposition(|name| at(name).is_some()) else {
        return;
    };
    let ordered = names.iter().take(last + 1).map(|name| match at(name) {
        Some(at) => items[at].clone(),
        None => json!({"name": &**name}),
    });
    *items = ordered.collect();
}

/// Names in a target are regular expressions that must match whole.
fn target(key: &ObjectKey) -> Value {
    let group = key.known().map(Kind::info).map_or("", |info| info.group);
    let exact = |text: &str| -> String {
        let escape = |c: char| {
            let plain = c.is_alphanumeric() || "-_:@ ".contains(c);
            let slash = if plain { "" } else { "\\" };
            format!("{slash}{c}")
        };
        text.chars().map(escape).collect()
    };
    write::map([
        ("group", write::or_unset(group)),
        ("kind", write::text(key.kind.name())),
        ("name", Value::from(exact(&key.name))),
        (
            "namespace",
            key.namespace
                .as_deref()
                .map_or(Value::Null, |n| Value::from(exact(n))),
        ),
    ])
}
