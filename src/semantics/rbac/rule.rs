//! Whether one rule allows one request. All parts must match inside the same rule; there is no deny.
//!
//! Source: kubernetes/kubernetes `pkg/apis/rbac/v1/evaluation_helpers.go` and `RuleAllows` in
//! `plugin/pkg/auth/authorizer/rbac/rbac.go`. The traps are all there: `pods/*` is no wildcard, `pods` does not hold
//! `pods/exec`, `*/scale` is `scale` of everything, a resourceName `*` is a literal.

use crate::model::Str;
use crate::model::objects::access::Rule;

/// A resource request, as a rule is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Ask<'a> {
    /// Verb.
    pub verb: &'a str,
    /// API group.
    pub group: &'a str,
    /// Resource without its subresource.
    pub resource: &'a str,
    /// Subresource, or empty.
    pub subresource: &'a str,
    /// Name, or empty.
    pub name: &'a str,
}

impl<'a> Ask<'a> {
    /// For every object of `resource`, which may be written `pods/exec`.
    pub fn any(verb: &'a str, group: &'a str, resource: &'a str) -> Ask<'a> {
        let (resource, subresource) = resource.split_once('/').unwrap_or((resource, ""));
        Ask {
            verb,
            group,
            resource,
            subresource,
            name: "",
        }
    }

    /// The same for one object.
    #[must_use]
    pub fn named(self, name: &'a str) -> Ask<'a> {
        Ask { name, ..self }
    }
}

/// True when the rule allows the resource request.
pub fn allows(rule: &Rule, ask: &Ask<'_>) -> bool {
    allows_some(rule, ask) && names_match(rule, ask.name)
}

/// True when the rule allows the request for at least one name: its `resourceNames` are not looked at.
pub fn allows_some(rule: &Rule, ask: &Ask<'_>) -> bool {
    holds(&rule.verbs, ask.verb)
        && holds(&rule.groups, ask.group)
        && rule
            .resources
            .iter()
            .any(|r| resource_matches(r, ask.resource, ask.subresource))
}

/// True when the rule allows the verb on a path that is no resource. (That only counts through a `ClusterRoleBinding`.)
pub fn allows_url(rule: &Rule, verb: &str, path: &str) -> bool {
    holds(&rule.verbs, verb) && rule.urls.iter().any(|url| url_matches(url, path))
}

/// True when the list holds the word or the wildcard.
pub fn holds(list: &[Str], word: &str) -> bool {
    list.iter().any(|it| **it == *word || &**it == "*")
}

fn names_match(rule: &Rule, name: &str) -> bool {
    rule.names.is_empty() || rule.names.iter().any(|it| **it == *name)
}

fn resource_matches(held: &str, resource: &str, subresource: &str) -> bool {
    if held == "*" {
        return true;
    }
    if subresource.is_empty() {
        return held == resource;
    }
    let exact = held
        .strip_prefix(resource)
        .and_then(|rest| rest.strip_prefix('/'))
        .is_some_and(|rest| rest == subresource);
    exact || held.strip_prefix("*/") == Some(subresource)
}

fn url_matches(held: &str, path: &str) -> bool {
    // Go's TrimRight takes every trailing star, not one.
    held == "*"
        || held == path
        || (held.ends_with('*') && path.starts_with(held.trim_end_matches('*')))
}

/// Every right that RBAC knows, in one rule: `*` on `*` in `*`, for every name.
pub fn is_everything(rule: &Rule) -> bool {
    let star = |list: &[Str]| list.iter().any(|it| &**it == "*");
    star(&rule.verbs) && star(&rule.groups) && star(&rule.resources) && rule.names.is_empty()
}

/// A rule in words: `get, list secrets named db`.
pub fn describe(rule: &Rule) -> String {
    rule.says()
}
