//! Manifests as JSON values: parsing, flattening, and what each document is.

use anyhow::Context;
use serde_json::Value;

use super::Result;

/// Every object of a YAML or JSON text, in order; the items of a `List` stand for themselves.
pub fn parse(text: &str) -> Result<Vec<Value>> {
    let documents: Vec<Value> = serde_saphyr::from_multiple(text).context("parsing a manifest")?;
    let mut objects = Vec::new();
    for mut document in documents {
        // A kind that merely ends in List has no items.
        match document["items"].take() {
            Value::Array(items)
                if document["kind"]
                    .as_str()
                    .is_some_and(|kind| kind.ends_with("List")) =>
            {
                objects.extend(items);
            }
            Value::Null => objects.push(without_empty_items(document)),
            items => {
                document["items"] = items;
                objects.push(document);
            }
        }
    }
    Ok(objects
        .into_iter()
        .filter(|object| object["kind"].is_string())
        .collect())
}

/// Indexing for `take` has put a null there.
fn without_empty_items(mut document: Value) -> Value {
    if let Some(fields) = document.as_object_mut() {
        fields.remove("items");
    }
    document
}

/// `Kind namespace/name`, as messages call it.
pub fn title(object: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or("?").to_owned();
    let metadata = &object["metadata"];
    match metadata["namespace"].as_str() {
        Some(namespace) => format!(
            "{} {namespace}/{}",
            text(&object["kind"]),
            text(&metadata["name"])
        ),
        None => format!("{} {}", text(&object["kind"]), text(&metadata["name"])),
    }
}
