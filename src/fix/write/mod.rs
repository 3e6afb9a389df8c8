//! Facts written back as the API writes them: only for what facts hold whole.

mod access;
mod network_policy;
mod volume;

use serde_json::{Map, Value};

use crate::model::{Labels, ObjectKey, Str};

pub(super) use access::{account, binding, role, rule, rules, subject, subjects};
pub(super) use network_policy::policy;
pub(super) use volume::{field, source};

/// `apiVersion`, `kind`, `metadata` with name and namespace: what makes a document name its object.
pub(super) fn identity(key: &ObjectKey) -> Map<String, Value> {
    let mut metadata = Map::new();
    metadata.insert("name".into(), text(&key.name));
    if let Some(namespace) = &key.namespace {
        metadata.insert("namespace".into(), text(namespace));
    }
    let pairs = [
        ("apiVersion", Value::from(key.kind.api_version())),
        ("kind", Value::from(key.kind.name())),
        ("metadata", Value::Object(metadata)),
    ];
    pairs.map(|(k, v)| (k.to_owned(), v)).into_iter().collect()
}

/// A text.
pub(super) fn text(text: &str) -> Value {
    Value::from(text)
}

/// A text, or unset when empty.
pub(super) fn or_unset(text: &str) -> Value {
    if text.is_empty() {
        Value::Null
    } else {
        Value::from(text)
    }
}

/// A list of texts, or unset when empty.
pub(super) fn texts(list: &[Str]) -> Value {
    if list.is_empty() {
        Value::Null
    } else {
        list.iter().map(|s| text(s)).collect()
    }
}

/// A map of labels.
pub(super) fn labels(labels: &Labels) -> Value {
    let pairs = labels.iter().map(|(k, v)| (k.to_string(), text(v)));
    Value::Object(pairs.collect())
}

/// A map of the pairs that are set, in this order.
pub(super) fn map<const N: usize>(pairs: [(&str, Value); N]) -> Value {
    let set = pairs.into_iter().filter(|(_, v)| !v.is_null());
    Value::Object(set.map(|(k, v)| (k.to_owned(), v)).collect())
}
