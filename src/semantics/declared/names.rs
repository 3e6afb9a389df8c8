//! Names for policies: the same for the same cluster, and none that is taken.

use std::collections::BTreeSet;

use crate::model::{Kind, ObjectKey};
use crate::view::View;

/// Longest name of an object (RFC 1123 subdomain).
const LONGEST: usize = 253;

/// The name wanted for a new policy, with a number behind it where there is one of that name or it is among `taken`.
pub fn free_name(
    view: &View<'_>,
    namespace: &str,
    wanted: &str,
    taken: &BTreeSet<String>,
) -> String {
    let free = |name: &String| {
        let key = ObjectKey::namespaced(Kind::NetworkPolicy, namespace, name);
        !taken.contains(name) && view.get(&key).seen().is_none()
    };
    let numbered = (2..100).map(|n| fit(wanted, &format!("-{n}")));
    let names = std::iter::once(fit(wanted, "")).chain(numbered);
    names
        .into_iter()
        .find(free)
        .unwrap_or_else(|| fit(wanted, ""))
}

fn fit(wanted: &str, tail: &str) -> String {
    let head: String = wanted.chars().take(LONGEST - tail.len()).collect();
    format!("{}{tail}", head.trim_end_matches(['-', '.']))
}
