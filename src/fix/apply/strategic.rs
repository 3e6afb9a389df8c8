//! Strategic merge patch, as `mergeMap` and `mergeSlice` of apimachinery's `util/strategicpatch/patch.go` do it.
//!
//! `$patch: delete` of an item and `null` are what our documents use; every other directive is refused.

use serde_json::{Map, Value};

use super::merge_keys::merge_key;
use super::{ApplyError, takes_strategic};
use crate::model::{Kind, ObjectKind};

const DIRECTIVE: &str = "$patch";

/// The object after the patch.
pub(super) fn apply(object: &Value, patch: &Value, kind: &ObjectKind) -> Result<Value, ApplyError> {
    let known = kind.known().filter(|_| takes_strategic(kind));
    let kind = known.ok_or_else(|| ApplyError::NoStrategic(kind.name().to_owned()))?;
    let (Value::Object(object), Value::Object(patch)) = (object, patch) else {
        return Err(ApplyError::Malformed("not a map".into()));
    };
    let mut result = object.clone();
    merge_map(&mut result, patch, kind, "")?;
    Ok(Value::Object(result))
}

fn merge_map(
    now: &mut Map<String, Value>,
    patch: &Map<String, Value>,
    kind: Kind,
    at: &str,
) -> Result<(), ApplyError> {
    for (field, value) in patch {
        if field.starts_with('$') {
            return Err(ApplyError::Malformed(format!("directive {field}")));
        }
        let here = if at.is_empty() {
            field.clone()
        } else {
            format!("{at}.{field}")
        };
        match (now.get_mut(field), value) {
            (_, Value::Null) => drop(now.shift_remove(field)),
            (Some(Value::Object(now)), Value::Object(patch)) => merge_map(now, patch, kind, &here)?,
            (Some(Value::Array(now)), Value::Array(patch)) => {
                merge_list(now, patch, kind, &here)?;
            }
            (_, value) => {
                if let Some(new) = bare(value) {
                    now.insert(field.clone(), new);
                }
            }
        }
    }
    Ok(())
}

fn merge_list(
    now: &mut Vec<Value>,
    patch: &[Value],
    kind: Kind,
    at: &str,
) -> Result<(), ApplyError> {
    let Some(key) = merge_key(kind, at) else {
        *now = patch.to_vec();
        return Ok(());
    };
    let order: Vec<Value> = now.iter().filter_map(|v| v.get(key).cloned()).collect();
    let mut named = Vec::new();
    for item in patch {
        let id = item.get(key);
        let id = id.ok_or_else(|| ApplyError::Malformed(format!("an item of {at} lacks {key}")))?;
        match item.get(DIRECTIVE).map(Value::as_str) {
            Some(Some("delete")) => now.retain(|v| v.get(key) != Some(id)),
            Some(_) => return Err(ApplyError::Malformed(format!("directive in {at}"))),
            None => {
                merge_item(now, item, id, key, kind, at)?;
                named.push(id.clone());
            }
        }
    }
    *now = in_order(std::mem::take(now), &named, &order, key);
    Ok(())
}

fn merge_item(
    now: &mut Vec<Value>,
    item: &Value,
    id: &Value,
    key: &'static str,
    kind: Kind,
    at: &str,
) -> Result<(), ApplyError> {
    let mut same = now.iter_mut().filter(|v| v.get(key) == Some(id));
    match (same.next(), same.next()) {
        (Some(_), Some(_)) => return Err(ApplyError::Repeated(at.to_owned(), key)),
        (Some(Value::Object(old)), None) => {
            let patch = item.as_object();
            let patch = patch.ok_or_else(|| ApplyError::Malformed(format!("{at} is no map")))?;
            merge_map(old, patch, kind, at)?;
        }
        _ => now.extend(bare(item)),
    }
    Ok(())
}

/// `normalizeElementOrder`: items that the patch names keep the patch's order, the others theirs; where both are known
/// from before, the old order decides which comes first, else the patched one does.
fn in_order(all: Vec<Value>, named: &[Value], order: &[Value], key: &str) -> Vec<Value> {
    let place = |list: &[Value], v: &Value| list.iter().position(|id| Some(id) == v.get(key));
    let (mut patched, others): (Vec<Value>, Vec<Value>) =
        all.into_iter().partition(|v| place(named, v).is_some());
    patched.sort_by_key(|v| place(named, v));
    let (mut result, mut left) = (Vec::new(), others.into_iter().peekable());
    for item in patched {
        while let Some(other) = left.next_if(|other| {
            matches!((place(order, other), place(order, &item)), (Some(o), Some(i)) if o < i)
        }) {
            result.push(other);
        }
        result.push(item);
    }
    result.extend(left);
    result
}

/// What a new value looks like once stored: without nulls and without items that only say "delete".
fn bare(value: &Value) -> Option<Value> {
    match value {
        Value::Object(map) if map.contains_key(DIRECTIVE) => None,
        Value::Object(map) => {
            let kept = map.iter().filter(|(_, v)| !v.is_null());
            let kept = kept.filter_map(|(k, v)| Some((k.clone(), bare(v)?)));
            Some(Value::Object(kept.collect()))
        }
        Value::Array(list) => Some(Value::Array(list.iter().filter_map(bare).collect())),
        other => Some(other.clone()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn pod(containers: Value) -> Value {
        json!({"kind": "Pod", "spec": {"containers": containers}})
    }

    fn run(object: &Value, patch: &Value) -> Result<Value, ApplyError> {
        apply(object, patch, &Kind::Pod.into())
    }

    #[test]
    fn containers_merge_by_name_and_keep_what_is_not_named() {
        let object =
            pod(json!([{"name": "a", "image": "x", "args": ["1"]}, {"name": "b", "image": "y"}]));
        let patch = pod(
            json!([{"name": "b", "securityContext": {"privileged": false, "runAsUser": null}}]),
        );
        assert_eq!(
            run(&object, &patch).unwrap(),
            pod(json!([
                {"name": "a", "image": "x", "args": ["1"]},
                {"name": "b", "image": "y", "securityContext": {"privileged": false}},
            ]))
        );
    }

    #[test]
    fn a_volume_goes_with_its_mounts() {
        let object = json!({"spec": {
            "volumes": [{"name": "docker", "hostPath": {"path": "/x"}}, {"name": "tmp", "emptyDir": {}}],
            "containers": [{"name": "a", "volumeMounts": [{"name": "docker", "mountPath": "/d"}, {"name": "tmp", "mountPath": "/tmp"}]}],
        }});
        let patch = json!({"spec": {
            "volumes": [{"name": "docker", "$patch": "delete"}],
            "containers": [{"name": "a", "volumeMounts": [{"mountPath": "/d", "$patch": "delete"}]}],
        }});
        assert_eq!(
            run(&object, &patch).unwrap(),
            json!({"spec": {
                "volumes": [{"name": "tmp", "emptyDir": {}}],
                "containers": [{"name": "a", "volumeMounts": [{"name": "tmp", "mountPath": "/tmp"}]}],
            }})
        );
    }

    #[test]
    fn lists_without_a_key_are_replaced() {
        let object = pod(
            json!([{"name": "a", "securityContext": {"capabilities": {"add": ["SYS_ADMIN"], "drop": ["MKNOD"]}}}]),
        );
        let patch = pod(
            json!([{"name": "a", "securityContext": {"capabilities": {"add": null, "drop": ["ALL"]}}}]),
        );
        assert_eq!(
            run(&object, &patch).unwrap(),
            pod(json!([{"name": "a", "securityContext": {"capabilities": {"drop": ["ALL"]}}}]))
        );
    }

    #[test]
    fn a_repeated_port_is_refused() {
        let object = pod(json!([{"name": "a", "ports": [
            {"containerPort": 53, "protocol": "TCP"}, {"containerPort": 53, "protocol": "UDP", "hostPort": 53}]}]));
        let patch = pod(json!([{"name": "a", "ports": [{"containerPort": 53, "hostPort": null}]}]));
        assert_eq!(
            run(&object, &patch),
            Err(ApplyError::Repeated(
                "spec.containers.ports".into(),
                "containerPort"
            ))
        );
    }

    /// Orders as kubectl 1.32 `patch --local` gives them.
    #[test]
    fn order_is_the_servers() {
        let object = pod(json!([{"name": "a"}, {"name": "b"}, {"name": "c"}]));
        let names = |patch: Value| -> Vec<String> {
            let result = run(&object, &pod(patch)).unwrap();
            let list = result["spec"]["containers"].as_array().unwrap().clone();
            list.iter()
                .map(|c| c["name"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names(json!([{"name": "b", "image": "x"}])), ["a", "b", "c"]);
        assert_eq!(
            names(json!([{"name": "c"}, {"name": "a"}])),
            ["b", "c", "a"]
        );
        assert_eq!(names(json!([{"name": "new"}])), ["new", "a", "b", "c"]);
    }

    #[test]
    fn custom_resources_and_foreign_directives_are_refused() {
        let gateway = ObjectKind::from(Kind::Gateway);
        assert!(apply(&json!({}), &json!({}), &gateway).is_err());
        assert!(run(&json!({}), &json!({"$patch": "replace"})).is_err());
        let ordered = json!({"spec": {"$setElementOrder/containers": []}});
        assert!(run(&json!({"spec": {}}), &ordered).is_err());
    }
}
