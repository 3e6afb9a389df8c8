//! Worlds for tests: facts from the YAML of every registered check and story example.

use bartizan::model::{Kind, Object, ObjectKey, ObjectKind};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::threats::{self, Example};

/// Objects of one example, with its statuses merged in.
pub fn objects(example: &Example) -> Vec<Object> {
    let mut pool = Pool::new();
    let decode = |value: serde_json::Value| decode_value(kind(&value), &value, &mut pool).unwrap();
    values(example).into_iter().map(decode).collect()
}

/// The watched kind of a manifest.
pub fn kind(manifest: &serde_json::Value) -> Kind {
    let text = |field: &str| manifest[field].as_str().unwrap();
    let kind = ObjectKind::from_manifest(text("apiVersion"), text("kind"));
    kind.known().unwrap()
}

/// Manifests of one example, with its statuses merged in.
pub fn values(example: &Example) -> Vec<serde_json::Value> {
    let mut values = documents(example.manifests);
    for status in documents(example.status) {
        let same = |v: &serde_json::Value| {
            v["kind"] == status["kind"]
                && v["metadata"]["name"] == status["metadata"]["name"]
                && v["metadata"]["namespace"] == status["metadata"]["namespace"]
        };
        if let Some(value) = values.iter_mut().find(|v| same(v)) {
            value["status"] = status["status"].clone();
        }
    }
    values
}

/// YAML documents, as values.
pub fn documents(yaml: &str) -> Vec<serde_json::Value> {
    let parts = yaml.split("\n---\n").filter(|part| !part.trim().is_empty());
    parts
        .map(|part| {
            let options = serde_saphyr::options! { legacy_octal_numbers: true };
            serde_saphyr::from_str_with_options(part, options)
                .unwrap_or_else(|e| panic!("{e}\n{part}"))
        })
        .collect()
}

/// Every example of every check and story.
pub fn examples() -> impl Iterator<Item = &'static Example> {
    let checks = threats::checks().iter().flat_map(|e| e.rule.examples);
    checks.chain(threats::stories().iter().flat_map(|e| e.rule.examples))
}

/// The facts of a stream of documents.
pub fn objects_of(yaml: &str) -> Vec<Object> {
    let mut pool = Pool::new();
    let all = documents(yaml).into_iter();
    all.map(|value| decode_value(kind(&value), &value, &mut pool).unwrap())
        .collect()
}

/// A Namespace object and its `default` account for each namespace named.
pub fn namespaces(objects: &[Object]) -> Vec<Object> {
    let mut pool = Pool::new();
    let mut names: Vec<String> = objects
        .iter()
        .filter_map(|o| o.key().namespace.as_ref().map(ToString::to_string))
        .collect();
    names.sort();
    names.dedup();
    let mut extra = Vec::new();
    for name in names {
        for (kind, key, value) in [
            (
                Kind::Namespace,
                ObjectKey::of_namespace(&name),
                serde_json::json!({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": name}}),
            ),
            (
                Kind::ServiceAccount,
                ObjectKey::namespaced(Kind::ServiceAccount, &name, "default"),
                serde_json::json!({"apiVersion": "v1", "kind": "ServiceAccount",
                    "metadata": {"name": "default", "namespace": name}}),
            ),
        ] {
            if !objects.iter().any(|o| *o.key() == key) {
                extra.push(decode_value(kind, &value, &mut pool).unwrap());
            }
        }
    }
    extra.extend(stock(objects));
    extra
}

/// The roles that every cluster has, as far as the bindings of these objects refer to them.
fn stock(objects: &[Object]) -> Vec<Object> {
    let referred: Vec<ObjectKey> = objects
        .iter()
        .filter_map(|object| match object {
            Object::Binding(binding) => Some(bartizan::semantics::rbac::role_key(binding)),
            _ => None,
        })
        .filter(|key| !objects.iter().any(|o| o.key() == key))
        .collect();
    if referred.is_empty() {
        return Vec::new();
    }
    let mut stock = bartizan::semantics::rbac::stock::assumed(None);
    stock.retain(|object| referred.contains(object.key()));
    stock
}
