//! What changed in an object, in a few words: the fields of its facts that differ.

use serde_json::Value;

use crate::model::Object;

/// Fields named at most.
const NAMED: usize = 3;

/// `created`, `deleted`, or the fields that differ: `template.spec.volumes, template.spec.host_pid`.
pub fn describe(old: Option<&Object>, new: Option<&Object>) -> String {
    match (old, new) {
        (None, _) => "created".to_owned(),
        (_, None) => "deleted".to_owned(),
        (Some(old), Some(new)) => {
            let (Ok(old), Ok(new)) = (serde_json::to_value(old), serde_json::to_value(new)) else {
                return "changed".to_owned();
            };
            let mut paths = Vec::new();
            compare(&inner(old), &inner(new), "", &mut paths);
            let more = paths.len().saturating_sub(NAMED);
            let named: Vec<String> = paths.into_iter().take(NAMED).collect();
            let more = if more > 0 {
                format!(" and {more} more")
            } else {
                String::new()
            };
            if named.is_empty() {
                "changed".to_owned()
            } else {
                format!("changed {}{more}", named.join(", "))
            }
        }
    }
}

/// The facts inside the enum's tag.
fn inner(value: Value) -> Value {
    match value {
        Value::Object(map) if map.len() == 1 => map.into_values().next().unwrap_or(Value::Null),
        other => other,
    }
}

/// Paths that differ, down to the first list or leaf; metadata's own fields without their prefix.
fn compare(old: &Value, new: &Value, path: &str, paths: &mut Vec<String>) {
    if old == new {
        return;
    }
    match (old, new) {
        (Value::Object(a), Value::Object(b)) => {
            for key in a.keys().chain(b.keys().filter(|k| !a.contains_key(*k))) {
                let at = if path.is_empty() || path == "meta" {
                    key.clone()
                } else {
                    format!("{path}.{key}")
                };
                compare(
                    a.get(key).unwrap_or(&Value::Null),
                    b.get(key).unwrap_or(&Value::Null),
                    &at,
                    paths,
                );
            }
        }
        (Value::Array(a), Value::Array(b))
            if a.len() == b.len() && a.iter().all(Value::is_object) =>
        {
            for (at, (a, b)) in a.iter().zip(b).enumerate() {
                compare(a, b, &format!("{path}[{at}]"), paths);
            }
        }
        _ => paths.push(path.to_owned()),
    }
}
