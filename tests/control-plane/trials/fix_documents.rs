//! kubectl as the judge of documents: what `kubectl patch --local` and `kubectl kustomize` make of an example's objects is
//! what Bartizan says that they make of them. No server takes part.

use std::fs;
use std::path::Path;

use anyhow::{Context, anyhow, ensure};
use bartizan::engine::Engine;
use bartizan::fix::apply::{self, Objects};
use bartizan::fix::style::style;
use bartizan::fix::{Action, Delivery, Plan, plan};
use bartizan::model::{Kind, Object, ObjectKind};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::threats::{self, Example};
use bartizan::view::{View, World};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Cluster, Result, User, trial};

pub fn trials() -> Vec<Trial> {
    vec![
        trial::shared("fix_documents/patches_as_kubectl_applies_them", |cluster| {
            each(cluster, "patch", patched_by_kubectl)
        }),
        trial::shared(
            "fix_documents/components_as_kustomize_builds_them",
            |cluster| each(cluster, "kustomize", built_by_kustomize),
        ),
    ]
}

type Judge = fn(&Cluster, &Plan, &Objects) -> Result<Option<Objects>>;

/// Every fix of every example that fires, printed in a style, judged.
fn each(cluster: &Cluster, id: &str, judge: Judge) -> Result {
    let style = style(id).ok_or_else(|| anyhow!("no style {id}"))?;
    let mut judged = 0;
    for entry in threats::checks() {
        for example in entry.rule.examples.iter().filter(|e| e.fires) {
            let full = objects(example)?;
            let world = world(&full)?;
            let engine = Engine::of(world.clone());
            for finding in engine.findings(entry.rule.id) {
                let view = View::new(&world);
                for remedy in entry.rule.fix.remedies(&finding, &view) {
                    let plan = plan(&remedy, &view, style, &Delivery::file("fix.yaml"));
                    judged += usize::from(agrees(cluster, &plan, &full, judge)?);
                }
            }
        }
    }
    ensure!(judged > 20, "only {judged} were judged");
    Ok(())
}

/// What the judge makes of the objects is what we say; false where it judges none of them.
fn agrees(cluster: &Cluster, plan: &Plan, full: &Objects, judge: Judge) -> Result<bool> {
    let Some(theirs) = judge(cluster, plan, full).with_context(|| plan.text())? else {
        return Ok(false);
    };
    let mut ours = full.clone();
    apply::run(&plan.steps, &mut ours).with_context(|| plan.text())?;
    for (key, theirs) in theirs {
        let ours = ours.get(&key).cloned().unwrap_or_default();
        ensure!(
            plain(&ours) == plain(&theirs),
            "{}\nours   {ours}\ntheirs {theirs}",
            plan.text()
        );
    }
    Ok(true)
}

/// Each patch step through `kubectl patch --local`.
fn patched_by_kubectl(cluster: &Cluster, plan: &Plan, full: &Objects) -> Result<Option<Objects>> {
    let mut theirs = Objects::new();
    for step in &plan.steps {
        let Action::Patch(format) = step.action else {
            continue;
        };
        let now = theirs.get(&step.target).or(full.get(&step.target));
        let now = now.with_context(|| format!("no {}", step.target))?;
        let folder = tempfile::tempdir()?;
        let (object, patch) = (
            folder.path().join("object.yaml"),
            folder.path().join("patch.yaml"),
        );
        fs::write(&object, now.to_string())?;
        fs::write(&patch, step.text(""))?;
        let arguments = [
            "patch",
            "--local",
            "-f",
            &path(&object),
            "--type",
            format.word(),
            "--patch-file",
            &path(&patch),
            "-o",
            "json",
        ];
        let printed = cluster.kubectl(User::Admin, &arguments)?.success()?;
        theirs.insert(step.target.clone(), serde_json::from_str(&printed)?);
    }
    Ok((!theirs.is_empty()).then_some(theirs))
}

/// The example as the resources of a kustomization, the steps' documents as its components.
fn built_by_kustomize(cluster: &Cluster, plan: &Plan, full: &Objects) -> Result<Option<Objects>> {
    let folder = tempfile::tempdir()?;
    let (mut resources, mut components) = (Vec::new(), Vec::new());
    for (at, object) in full.values().enumerate() {
        let file = format!("{at}.yaml");
        fs::write(folder.path().join(&file), object.to_string())?;
        resources.push(file);
    }
    for (at, step) in plan
        .steps
        .iter()
        .enumerate()
        .filter(|(_, s)| !s.yaml.is_empty())
    {
        let name = format!("step-{at}");
        if step.action == Action::Apply {
            fs::write(folder.path().join(format!("{name}.yaml")), step.text(""))?;
            resources.push(format!("{name}.yaml"));
        } else {
            fs::create_dir(folder.path().join(&name))?;
            fs::write(
                folder.path().join(&name).join("kustomization.yaml"),
                step.text(""),
            )?;
            components.push(name);
        }
    }
    let kustomization = json!({"resources": resources, "components": components});
    fs::write(
        folder.path().join("kustomization.yaml"),
        kustomization.to_string(),
    )?;
    let printed = cluster
        .kubectl(User::Admin, &["kustomize", &path(folder.path())])?
        .success()?;
    let mut theirs = Objects::new();
    for value in serde_saphyr::from_multiple::<Value>(&printed)? {
        theirs.insert(decoded(&value)?.key().clone(), value);
    }
    Ok(Some(theirs))
}

fn path(path: &Path) -> String {
    path.to_string_lossy().into_owned()
}

/// Empty lists and maps left behind by a removal say the same as absent ones; the order of fields says nothing, nor that
/// of ports, mounts and volumes. That of containers and webhooks does.
fn plain(value: &Value) -> Value {
    let empty = |v: &Value| {
        v.is_null()
            || v.as_array().is_some_and(Vec::is_empty)
            || v.as_object().is_some_and(serde_json::Map::is_empty)
    };
    match value {
        Value::Object(map) => {
            let mut pairs: Vec<(String, Value)> = map
                .iter()
                .map(|(k, v)| (k.clone(), plain(v)))
                .filter(|(_, v)| !empty(v))
                .collect();
            pairs.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(pairs.into_iter().collect())
        }
        Value::Array(list) => {
            let mut list: Vec<Value> = list.iter().map(plain).collect();
            let free = |v: &Value| {
                ["containerPort", "port", "mountPath", "hostPath", "emptyDir"]
                    .iter()
                    .any(|k| v.get(k).is_some())
            };
            if list.iter().any(free) {
                list.sort_by_key(Value::to_string);
            }
            Value::Array(list)
        }
        other => other.clone(),
    }
}

fn decoded(value: &Value) -> Result<Object> {
    let text = |field: &str| value[field].as_str().unwrap_or_default();
    let kind = ObjectKind::from_manifest(text("apiVersion"), text("kind")).known();
    let kind = kind.with_context(|| format!("{} is not watched", text("kind")))?;
    decode_value(kind, value, &mut Pool::new()).map_err(|e| anyhow!("{kind}: {e}"))
}

/// The example's objects with the namespaces and default accounts that go without saying.
fn objects(example: &Example) -> Result<Objects> {
    let mut all = Objects::new();
    for value in serde_saphyr::from_multiple::<Value>(example.manifests)? {
        all.insert(decoded(&value)?.key().clone(), value);
    }
    let named: Vec<String> = all
        .keys()
        .filter_map(|k| k.namespace.as_ref().map(ToString::to_string))
        .collect();
    for namespace in named {
        let bare = [
            json!({"apiVersion": "v1", "kind": Kind::Namespace.info().name, "metadata": {"name": namespace}}),
            json!({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": {"name": "default", "namespace": namespace}}),
        ];
        for value in bare {
            all.entry(decoded(&value)?.key().clone()).or_insert(value);
        }
    }
    Ok(all)
}

fn world(full: &Objects) -> Result<World> {
    let facts: Result<Vec<Object>> = full.values().map(decoded).collect();
    Ok(World::closed(facts?))
}
