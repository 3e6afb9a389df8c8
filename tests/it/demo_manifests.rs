//! The files of the demo cluster agree with each other: manifests parse and stand alone, the timeline ends where it began,
//! the table of what must be true names objects that exist. Whether the server takes them is for the control plane tests.

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;

use serde_json::Value;

type Objects = BTreeMap<String, Value>;

const APART: [&str; 3] = ["status.yaml", "timeline.yaml", "blind.yaml"];

fn folder() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("assets/demo")
}

fn documents(file: &str) -> Vec<Value> {
    let text = fs::read_to_string(folder().join(file)).unwrap();
    serde_saphyr::from_multiple(&text).unwrap_or_else(|error| panic!("{file}: {error}"))
}

/// kubectl's short name where the table uses one, else the kind in small letters.
fn short(kind: &str) -> String {
    let known = [
        ("Deployment", "deploy"),
        ("StatefulSet", "sts"),
        ("DaemonSet", "ds"),
        ("CronJob", "cj"),
        ("ReplicaSet", "rs"),
        ("ReplicationController", "rc"),
        ("Pod", "po"),
        ("Service", "svc"),
        ("Ingress", "ing"),
        ("NetworkPolicy", "netpol"),
        ("Namespace", "ns"),
        ("ServiceAccount", "sa"),
    ];
    let found = known.iter().find(|(long, _)| *long == kind);
    found.map_or_else(|| kind.to_lowercase(), |(_, short)| (*short).to_owned())
}

/// `KIND/NAMESPACE/NAME` of a manifest.
fn identity(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let (kind, meta) = (short(&text(&object["kind"])), &object["metadata"]);
    assert!(
        object["apiVersion"].is_string() && meta["name"].is_string(),
        "{object}"
    );
    match meta["namespace"].as_str() {
        Some(namespace) => format!("{kind}/{namespace}/{}", text(&meta["name"])),
        None => format!("{kind}/{}", text(&meta["name"])),
    }
}

/// The same of a reference in the timeline, which has no `metadata`.
fn referred(reference: &Value) -> String {
    let mut object = reference.clone();
    object["metadata"] = reference.clone();
    identity(&object)
}

/// Everything that is applied, by identity.
fn manifests() -> Objects {
    let mut files: Vec<String> = fs::read_dir(folder())
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| {
            path.extension()
                .is_some_and(|extension| extension == "yaml")
        })
        .map(|path| path.file_name().unwrap().to_str().unwrap().to_owned())
        .filter(|name| !APART.contains(&name.as_str()))
        .collect();
    files.sort();
    let mut objects = Objects::new();
    for document in files.iter().flat_map(|file| documents(file)) {
        let name = identity(&document);
        assert!(
            document["status"].is_null(),
            "{name}: a status is not applied"
        );
        assert!(
            objects.insert(name.clone(), document).is_none(),
            "{name} stands twice"
        );
    }
    objects
}

fn list(step: &Value, key: &str) -> Vec<Value> {
    step[key].as_array().cloned().unwrap_or_default()
}

fn steps() -> Vec<Value> {
    list(&documents("timeline.yaml")[0], "steps")
}

#[test]
fn every_status_belongs_to_a_manifest() {
    let objects = manifests();
    for document in documents("status.yaml") {
        let name = identity(&document);
        assert!(objects.contains_key(&name), "{name}");
        assert!(document["status"].is_object(), "{name}");
        assert!(document["spec"].is_null(), "{name}");
    }
}

#[test]
fn the_timeline_ends_where_it_began() {
    let before = manifests();
    let mut now = before.clone();
    for step in steps() {
        let says = step["says"].as_str().unwrap();
        assert!(says.is_ascii() && !says.contains('\n'), "{says}");
        for object in list(&step, "apply") {
            now.insert(identity(&object), object);
        }
        for document in list(&step, "status") {
            assert!(now.contains_key(&identity(&document)), "{says}");
        }
        for reference in list(&step, "delete") {
            let name = referred(&reference);
            assert!(now.remove(&name).is_some(), "{name} is not there to delete");
        }
    }
    assert_eq!(before, now);
}

#[test]
fn the_table_names_objects_that_exist() {
    let mut objects = manifests();
    let applied = steps()
        .iter()
        .flat_map(|step| list(step, "apply"))
        .collect::<Vec<_>>();
    objects.extend(
        applied
            .into_iter()
            .map(|object| (identity(&object), object)),
    );
    let readme = fs::read_to_string(folder().join("README.md")).unwrap();
    let table = readme.split("```truth\n").nth(1).unwrap();
    let table = table.split("```").next().unwrap();
    let words = table.split_whitespace().filter(|word| word.contains('/'));
    let mut named = 0;
    for word in words.filter(|word| !word.contains(':') || word.contains('#')) {
        let (object, part) = word.split_once('#').unwrap_or((word, ""));
        if object == "svc/default/kubernetes" {
            continue; // stock
        }
        let found = objects
            .get(object)
            .unwrap_or_else(|| panic!("{object} is in no file"));
        named += 1;
        if let Some((_, name)) = part.rsplit_once([':', '/']) {
            let subjects = found["subjects"].to_string();
            assert!(
                subjects.contains(&format!("{name}\"")),
                "{word}: {subjects}"
            );
        }
    }
    assert!(named > 200, "only {named} objects found in the table");
}
