//! Upstream's way of wording a detail. Source: `policy/helpers.go` (`joinQuote`, `pluralize`).

use std::collections::BTreeSet;

/// Sorted, each once, as upstream's `sets.String` lists them.
pub(super) fn each_once<'a>(items: impl IntoIterator<Item = &'a str>) -> Vec<&'a str> {
    let set: BTreeSet<&str> = items.into_iter().collect();
    set.into_iter().collect()
}

/// `"a", "b"`. What stands within is not escaped.
pub(super) fn join_quoted<T: AsRef<str>>(items: &[T]) -> String {
    let quoted: Vec<String> = items
        .iter()
        .map(|i| format!("\"{}\"", i.as_ref()))
        .collect();
    quoted.join(", ")
}

/// The word for one, or for any other number.
pub(super) fn plural(one: &'static str, other: &'static str, count: usize) -> &'static str {
    if count == 1 { one } else { other }
}

/// `container "a"`, `containers "a", "b"`.
pub(super) fn containers(names: &[&str]) -> String {
    let word = plural("container", "containers", names.len());
    format!("{word} {}", join_quoted(names))
}

/// Who sets something, at the pod's level and at containers' own: `pod and containers "a", "b"`. `None` when nobody does.
pub(super) fn setters(pod: bool, names: &[&str]) -> Option<String> {
    let of_containers = || containers(names);
    match (pod, names.is_empty()) {
        (false, true) => None,
        (true, true) => Some("pod".to_owned()),
        (false, false) => Some(of_containers()),
        (true, false) => Some(format!("pod and {}", of_containers())),
    }
}
