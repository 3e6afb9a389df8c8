//! Whether some rules hold everything that another rule holds: the API server's own test when a role is written or bound.
//!
//! Source: `Covers` in kubernetes/component-helpers `auth/rbac/validation/policy_comparator.go`. A rule falls apart into
//! atoms (one verb, group, resource and at most one name); one owner rule must cover each atom alone.

use crate::model::Str;
use crate::model::objects::access::Rule;

/// The smallest right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Atom<'a> {
    /// On a resource; `None` is every name.
    Resource {
        /// Verb.
        verb: &'a str,
        /// Group.
        group: &'a str,
        /// Resource, with its subresource.
        resource: &'a str,
        /// Name.
        name: Option<&'a str>,
    },
    /// On a path.
    Url {
        /// Verb.
        verb: &'a str,
        /// The path, or a pattern.
        url: &'a str,
    },
}

/// The atoms of a rule.
pub fn atoms(rule: &Rule) -> Vec<Atom<'_>> {
    let mut all = Vec::new();
    for verb in &rule.verbs {
        for group in &rule.groups {
            for resource in &rule.resources {
                let atom = |name| Atom::Resource {
                    verb,
                    group,
                    resource,
                    name,
                };
                if rule.names.is_empty() {
                    all.push(atom(None));
                }
                all.extend(rule.names.iter().map(|name| atom(Some(&**name))));
            }
        }
        all.extend(rule.urls.iter().map(|url| Atom::Url { verb, url }));
    }
    all
}

/// True when every atom of the servant rule is covered by one of the owner's rules.
pub fn covers<'r>(owner: impl IntoIterator<Item = &'r Rule> + Clone, servant: &Rule) -> bool {
    atoms(servant).iter().all(|atom| {
        owner
            .clone()
            .into_iter()
            .any(|rule| covers_atom(rule, atom))
    })
}

/// True when one owner rule covers an atom.
pub fn covers_atom(owner: &Rule, atom: &Atom<'_>) -> bool {
    let has = |list: &[Str], word: &str| list.iter().any(|it| **it == *word);
    let has_or_star = |list: &[Str], word: &str| has(list, "*") || has(list, word);
    match *atom {
        Atom::Resource {
            verb,
            group,
            resource,
            name,
        } => {
            has_or_star(&owner.verbs, verb)
                && has_or_star(&owner.groups, group)
                && owner
                    .resources
                    .iter()
                    .any(|held| resource_covers(held, resource))
                && (owner.names.is_empty() || name.is_some_and(|name| has(&owner.names, name)))
        }
        // A path has no name, and upstream asks for one where the owner's rule names some.
        Atom::Url { verb, url } => {
            has_or_star(&owner.verbs, verb)
                && owner.names.is_empty()
                && owner.urls.iter().any(|held| url_covers(held, url))
        }
    }
}

fn resource_covers(held: &str, wanted: &str) -> bool {
    if held == "*" || held == wanted {
        return true;
    }
    let subresource = wanted.split_once('/').map(|(_, sub)| sub);
    subresource.is_some() && held.strip_prefix("*/") == subresource
}

fn url_covers(held: &str, wanted: &str) -> bool {
    held == wanted || (held.ends_with('*') && wanted.starts_with(held.trim_end_matches('*')))
}
