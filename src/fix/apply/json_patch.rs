//! JSON patch (RFC 6902): `test`, `add`, `remove`, `replace`. `move` and `copy` are refused: no document of ours has them.

use serde::Deserialize;
use serde_json::{Map, Value};

use super::ApplyError;

#[derive(Deserialize)]
struct Operation {
    op: String,
    path: String,
    #[serde(default)]
    value: Value,
}

/// The object after the patch; the first operation that fails ends it, and nothing has happened.
pub(super) fn apply(object: &Value, patch: &Value) -> Result<Value, ApplyError> {
    let ops =
        Vec::<Operation>::deserialize(patch).map_err(|e| ApplyError::Malformed(e.to_string()))?;
    let mut result = object.clone();
    for op in ops {
        step(&mut result, op)?;
    }
    Ok(result)
}

fn step(object: &mut Value, op: Operation) -> Result<(), ApplyError> {
    let Operation { op, path, value } = op;
    let gone = || ApplyError::NoSuchPath(path.clone());
    match &*op {
        "test" => match object.pointer(&path) {
            Some(now) if *now == value => Ok(()),
            _ => Err(ApplyError::Changed(path)),
        },
        "replace" => {
            *object.pointer_mut(&path).ok_or_else(gone)? = value;
            Ok(())
        }
        "add" => add(object, &path, value).ok_or_else(gone),
        "remove" => remove(object, &path).ok_or_else(gone),
        other => Err(ApplyError::Malformed(format!("operation {other}"))),
    }
}

/// The container of a path's last step, and that step without its escapes.
fn parent<'v>(object: &'v mut Value, path: &str) -> Option<(&'v mut Value, String)> {
    let (head, last) = path.rsplit_once('/')?;
    let last = last.replace("~1", "/").replace("~0", "~");
    Some((object.pointer_mut(head)?, last))
}

fn add(object: &mut Value, path: &str, value: Value) -> Option<()> {
    if path.is_empty() {
        *object = value;
        return Some(());
    }
    match parent(object, path)? {
        (Value::Object(map), key) => drop(map.insert(key, value)),
        (Value::Array(list), at) if at == "-" => list.push(value),
        (Value::Array(list), at) => {
            let at = index(&at).filter(|at| *at <= list.len())?;
            list.insert(at, value);
        }
        _ => return None,
    }
    Some(())
}

fn remove(object: &mut Value, path: &str) -> Option<()> {
    match parent(object, path)? {
        (Value::Object(map), key) => drop(Map::shift_remove(map, &key)?),
        (Value::Array(list), at) => {
            let at = index(&at).filter(|at| *at < list.len())?;
            list.remove(at);
        }
        _ => return None,
    }
    Some(())
}

/// An index without a leading zero, as the RFC has it.
fn index(text: &str) -> Option<usize> {
    let plain = text == "0" || !text.starts_with(['0', '+']);
    text.parse().ok().filter(|_| plain)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn run(object: &Value, patch: &Value) -> Result<Value, ApplyError> {
        apply(object, patch)
    }

    /// After RFC 6902, appendix A.
    #[test]
    fn the_cases_of_the_rfc() {
        let cases = [
            (
                json!({"foo": "bar"}),
                json!([{"op": "add", "path": "/baz", "value": "qux"}]),
                json!({"foo": "bar", "baz": "qux"}),
            ),
            (
                json!({"foo": ["a", "b"]}),
                json!([{"op": "add", "path": "/foo/1", "value": "c"}]),
                json!({"foo": ["a", "c", "b"]}),
            ),
            (
                json!({"baz": 1, "foo": 2}),
                json!([{"op": "remove", "path": "/baz"}]),
                json!({"foo": 2}),
            ),
            (
                json!({"foo": [1, 2, 3]}),
                json!([{"op": "remove", "path": "/foo/1"}]),
                json!({"foo": [1, 3]}),
            ),
            (
                json!({"baz": 1}),
                json!([{"op": "replace", "path": "/baz", "value": 2}]),
                json!({"baz": 2}),
            ),
            (
                json!({"foo": [1]}),
                json!([{"op": "add", "path": "/foo/-", "value": [2]}]),
                json!({"foo": [1, [2]]}),
            ),
            (
                json!({"/": 9, "~1": 10}),
                json!([{"op": "test", "path": "/~01", "value": 10}]),
                json!({"/": 9, "~1": 10}),
            ),
        ];
        for (object, patch, result) in cases {
            assert_eq!(run(&object, &patch).unwrap(), result, "{patch}");
        }
    }

    #[test]
    fn nothing_is_guessed() {
        let object = json!({"foo": [1], "bar": "x"});
        let changed = |path: &str| ApplyError::Changed(path.into());
        let gone = |path: &str| ApplyError::NoSuchPath(path.into());
        for (op, error) in [
            (
                json!({"op": "test", "path": "/bar", "value": "y"}),
                changed("/bar"),
            ),
            (
                json!({"op": "test", "path": "/none", "value": null}),
                changed("/none"),
            ),
            (json!({"op": "remove", "path": "/foo/1"}), gone("/foo/1")),
            (json!({"op": "remove", "path": "/foo/-"}), gone("/foo/-")),
            (
                json!({"op": "add", "path": "/foo/01", "value": 1}),
                gone("/foo/01"),
            ),
            (
                json!({"op": "add", "path": "/none/a", "value": 1}),
                gone("/none/a"),
            ),
            (
                json!({"op": "replace", "path": "/none", "value": 1}),
                gone("/none"),
            ),
            (
                json!({"op": "move", "path": "/a", "from": "/b"}),
                ApplyError::Malformed("operation move".into()),
            ),
        ] {
            assert_eq!(run(&object, &json!([op])), Err(error), "{op}");
        }
    }
}
