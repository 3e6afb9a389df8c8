//! One field of an object, as it is and as it shall be; many of them fold into one strategic merge patch.
//!
//! The same list folded the other way round is the way back.

use serde_json::{Map, Value};

use crate::model::Str;

/// One step into an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Seg {
    /// A field of a map.
    Field(Str),
    /// The item of a merged list whose merge key has this value, and its index now.
    Item(&'static str, Value, u16),
}

/// A field before and after. `null` is unset, as in a strategic merge patch.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Touch {
    /// Where.
    pub path: Vec<Seg>,
    /// The value that the facts hold.
    pub now: Value,
    /// The value after.
    pub then: Value,
}

impl Touch {
    /// Only names the item: what is added after it in the patch then stands after it in the list too. A new item would
    /// come first (`normalizeElementOrder` in apimachinery's strategicpatch).
    pub fn anchor(path: Vec<Seg>) -> Touch {
        let empty = || Value::Object(Map::new());
        Touch {
            path,
            now: empty(),
            then: empty(),
        }
    }

    fn is_anchor(&self) -> bool {
        matches!(self.path.last(), Some(Seg::Item(..))) && !self.alters()
    }

    /// True when there is something to change.
    pub fn alters(&self) -> bool {
        self.now != self.then
    }

    /// True when the path begins with these fields.
    pub fn is_below(&self, fields: &[&str]) -> bool {
        self.path.len() > fields.len()
            && self
                .path
                .iter()
                .zip(fields)
                .all(|(seg, field)| matches!(seg, Seg::Field(f) if **f == **field))
    }
}

/// Segments of a dotted path of plain fields.
pub fn fields(dotted: &str) -> Vec<Seg> {
    dotted.split('.').map(|f| Seg::Field(f.into())).collect()
}

/// A path: a head, and a dotted tail below it.
pub fn below(head: &[Seg], dotted: &str) -> Vec<Seg> {
    let mut path = head.to_vec();
    path.extend(fields(dotted));
    path
}

/// The patch that makes the change. Where a field is touched twice, the last value counts.
pub fn forth(touches: &[Touch]) -> Map<String, Value> {
    let mut patch = Map::new();
    for touch in ordered(touches, |t| t.alters() || t.is_anchor()) {
        put(&mut patch, &touch.path, &touch.then);
    }
    patch
}

/// The patch that undoes it. Where a field is touched twice, its first value counts.
pub fn back(touches: &[Touch]) -> Map<String, Value> {
    let mut patch = Map::new();
    let mut seen: Vec<&[Seg]> = Vec::new();
    for touch in ordered(touches, Touch::alters) {
        if !seen.contains(&&*touch.path) {
            seen.push(&touch.path);
            put(&mut patch, &touch.path, &touch.now);
        }
    }
    patch
}

/// Items stand in the order of the list that they patch: the order of a patch's items wins over the live one
/// (`normalizeElementOrder` in apimachinery's strategicpatch), and init containers run in order.
fn ordered(touches: &[Touch], counts: fn(&Touch) -> bool) -> Vec<&Touch> {
    let mut all: Vec<&Touch> = touches.iter().filter(|t| counts(t)).collect();
    all.sort_by_cached_key(|touch| -> Vec<u16> {
        let items = touch.path.iter().filter_map(|seg| match seg {
            Seg::Item(_, _, at) => Some(*at),
            Seg::Field(_) => None,
        });
        items.collect()
    });
    all
}

fn put(map: &mut Map<String, Value>, path: &[Seg], value: &Value) -> Option<()> {
    let (Seg::Field(field), rest) = path.split_first()? else {
        return None;
    };
    let here = map.entry(&**field).or_insert(Value::Null);
    match rest.split_first() {
        None => merge(here, value),
        Some((Seg::Field(_), _)) => put(as_map(here)?, rest, value)?,
        Some((Seg::Item(key, id, _), tail)) => {
            let item = item(here, key, id)?;
            if tail.is_empty() {
                merge(item, value);
            } else {
                put(as_map(item)?, tail, value)?;
            }
        }
    }
    Some(())
}

/// Maps are joined, everything else is replaced.
fn merge(into: &mut Value, value: &Value) {
    match (into, value) {
        (Value::Object(into), Value::Object(value)) => {
            into.extend(value.iter().map(|(k, v)| (k.clone(), v.clone())));
        }
        (into, value) => *into = value.clone(),
    }
}

/// The item with this merge key; made when absent.
fn item<'v>(list: &'v mut Value, key: &str, id: &Value) -> Option<&'v mut Value> {
    if !list.is_array() {
        *list = Value::Array(Vec::new());
    }
    let list = list.as_array_mut()?;
    let at = list.iter().position(|v| v.get(key) == Some(id));
    let at = at.unwrap_or_else(|| {
        list.push(Value::Object(Map::from_iter([(
            key.to_owned(),
            id.clone(),
        )])));
        list.len() - 1
    });
    list.get_mut(at)
}

fn as_map(value: &mut Value) -> Option<&mut Map<String, Value>> {
    if !value.is_object() {
        *value = Value::Object(Map::new());
    }
    value.as_object_mut()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn touch(path: Vec<Seg>, now: Value, then: Value) -> Touch {
        Touch { path, now, then }
    }

    #[test]
    fn changes_of_one_container_stand_in_one_entry() {
        let web = {
            let mut path = fields("spec.containers");
            path.push(Seg::Item("name", json!("web"), 0));
            path
        };
        let touches = [
            touch(
                below(&web, "securityContext.privileged"),
                json!(true),
                json!(false),
            ),
            touch(
                below(&web, "securityContext.runAsUser"),
                json!(0),
                Value::Null,
            ),
            touch(below(&web, "image"), json!("a"), json!("a")),
            touch(fields("spec.hostPID"), json!(true), json!(false)),
        ];
        assert_eq!(
            Value::Object(forth(&touches)),
            json!({"spec": {"containers": [{"name": "web", "securityContext": {"privileged": false, "runAsUser": null}}], "hostPID": false}})
        );
        assert_eq!(
            Value::Object(back(&touches)),
            json!({"spec": {"hostPID": true, "containers": [{"name": "web", "securityContext": {"privileged": true, "runAsUser": 0}}]}})
        );
    }

    #[test]
    fn items_keep_the_order_of_the_list() {
        let path = |name: &str, at| {
            let mut path = fields("spec.initContainers");
            path.push(Seg::Item("name", json!(name), at));
            below(&path, "image")
        };
        let touches = [
            touch(path("second", 1), json!("a"), json!("b")),
            touch(path("first", 0), json!("a"), json!("b")),
        ];
        let names = |patch: Map<String, Value>| -> Vec<String> {
            let list = patch["spec"]["initContainers"].as_array().unwrap().clone();
            list.iter()
                .map(|c| c["name"].as_str().unwrap().to_owned())
                .collect()
        };
        assert_eq!(names(forth(&touches)), ["first", "second"]);
        assert_eq!(names(back(&touches)), ["first", "second"]);
    }

    #[test]
    fn the_first_value_is_the_one_to_go_back_to() {
        let path = || fields("spec.type");
        let touches = [
            touch(path(), json!("a"), json!("b")),
            touch(path(), json!("b"), json!("c")),
        ];
        assert_eq!(
            Value::Object(forth(&touches)),
            json!({"spec": {"type": "c"}})
        );
        assert_eq!(
            Value::Object(back(&touches)),
            json!({"spec": {"type": "a"}})
        );
    }
}
