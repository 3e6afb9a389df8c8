//! A live manifest as it may be shown: values that can be secrets are hidden, whatever holds them.
//!
//! Hiding errs towards too much. Values of variables are never shown, whatever they look like.

use serde_json::{Map, Value};

use crate::model::credential;

/// What stands in place of a hidden value.
pub const HIDDEN: &str = "(not shown)";

/// The copy of the manifest that the last `kubectl apply` left in its annotations.
const LAST_APPLIED: &str = "kubectl.kubernetes.io/last-applied-configuration";

/// Words in the name of a flag whose value is hidden.
const FLAGS: [&str; 8] = [
    "auth",
    "credential",
    "key",
    "pass",
    "pwd",
    "secret",
    "token",
    "dsn",
];

/// The manifest without `managedFields` and the last applied copy, its secrets hidden.
pub fn redacted(manifest: &Value) -> Value {
    let mut manifest = manifest.clone();
    if let Some(Value::Object(metadata)) = manifest.get_mut("metadata") {
        metadata.shift_remove("managedFields");
    }
    let secret = manifest.get("kind").is_some_and(|kind| kind == "Secret");
    walk(&mut manifest, secret);
    manifest
}

fn walk(value: &mut Value, secret: bool) {
    match value {
        Value::Object(map) => {
            for (field, inner) in map.iter_mut() {
                in_field(field, inner, secret);
            }
            if let Some(Value::Object(annotations)) = map.get_mut("annotations") {
                annotations.shift_remove(LAST_APPLIED);
            }
        }
        Value::Array(list) => list.iter_mut().for_each(|inner| walk(inner, secret)),
        Value::String(text) if is_credential(text) => HIDDEN.clone_into(text),
        _ => {}
    }
}

fn in_field(field: &str, value: &mut Value, secret: bool) {
    match (field, &mut *value) {
        ("data" | "stringData", Value::Object(map)) if secret => map.values_mut().for_each(hide),
        ("env" | "httpHeaders", Value::Array(list)) => {
            let maps = list.iter_mut().filter_map(Value::as_object_mut);
            maps.filter_map(|map| map.get_mut("value")).for_each(hide);
        }
        ("args" | "command", Value::Array(words)) => arguments(words),
        ("annotations", Value::Object(map)) => annotations(map),
        _ => walk(value, secret),
    }
}

/// Empty values stay: there is nothing to hide in them, and that they are empty matters.
fn hide(value: &mut Value) {
    if value.as_str() != Some("") && !value.is_null() {
        *value = Value::from(HIDDEN);
    }
}

/// Annotations can hold a whole manifest in JSON, with every value of its variables.
fn annotations(map: &mut Map<String, Value>) {
    for value in map.values_mut() {
        let text = value.as_str().unwrap_or_default();
        if text.trim_start().starts_with(['{', '['])
            || text.starts_with("H4sI")
            || is_credential(text)
        {
            hide(value);
        }
    }
}

/// `--db-password=x`, `--db-password x`, and words that are credentials by themselves.
fn arguments(words: &mut [Value]) {
    let mut follows = false;
    for word in words {
        let Some(text) = word.as_str() else { continue };
        let is_flag = text.starts_with('-');
        let (name, value) = text.split_once('=').unwrap_or((text, ""));
        let secret = is_flag && is_secret_flag(name);
        let hidden = if secret && !value.is_empty() {
            Some(format!("{name}={HIDDEN}"))
        } else {
            let value = (follows && !is_flag) || is_credential(text);
            value.then(|| HIDDEN.to_owned())
        };
        follows = secret && hidden.is_none();
        if let Some(hidden) = hidden {
            *word = Value::from(hidden);
        }
    }
}

fn is_secret_flag(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    FLAGS.iter().any(|word| name.contains(word))
}

fn is_credential(text: &str) -> bool {
    credential::in_arguments(&[text]).is_some()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn values_of_variables_and_secret_arguments_are_hidden() {
        let pod = json!({"kind": "Pod", "metadata": {"name": "a", "managedFields": [1], "annotations": {
                LAST_APPLIED: "{}", "note": "plain", "kapp.k14s.io/original": "{\"env\":1}"}},
            "spec": {"containers": [{
                "env": [{"name": "A", "value": "x"}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}, {"name": "C", "value": ""}],
                "args": ["--v=2", "--db-password=hunter2", "--token", "abc", "--key", "--next", "sh -c 'x --password=y'"],
                "livenessProbe": {"httpGet": {"path": "/", "httpHeaders": [{"name": "Authorization", "value": "Basic x"}]},
                    "exec": {"command": ["curl", "https://u:p4ss@host/"]}}}]}});
        assert_eq!(
            redacted(&pod),
            json!({"kind": "Pod", "metadata": {"name": "a", "annotations": {"note": "plain", "kapp.k14s.io/original": HIDDEN}},
            "spec": {"containers": [{
                "env": [{"name": "A", "value": HIDDEN}, {"name": "B", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}, {"name": "C", "value": ""}],
                "args": ["--v=2", "--db-password=(not shown)", "--token", HIDDEN, "--key", "--next", HIDDEN],
                "livenessProbe": {"httpGet": {"path": "/", "httpHeaders": [{"name": "Authorization", "value": HIDDEN}]},
                    "exec": {"command": ["curl", HIDDEN]}}}]}})
        );
    }

    #[test]
    fn a_secret_shows_its_keys_only() {
        let secret = json!({"kind": "Secret", "data": {"password": "aHVudGVyMg=="}, "stringData": {"a": "b"}, "type": "Opaque"});
        assert_eq!(
            redacted(&secret),
            json!({"kind": "Secret", "data": {"password": HIDDEN}, "stringData": {"a": HIDDEN}, "type": "Opaque"})
        );
    }

    #[test]
    fn an_embedded_template_is_no_exception() {
        let custom = json!({"kind": "Thing", "spec": {"pods": [{"env": [{"name": "A", "value": "x"}]}], "url": "postgres://u:s3cret@db/"}});
        assert_eq!(
            redacted(&custom),
            json!({"kind": "Thing", "spec": {"pods": [{"env": [{"name": "A", "value": HIDDEN}]}], "url": HIDDEN}})
        );
    }
}
