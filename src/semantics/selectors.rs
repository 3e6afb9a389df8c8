//! Label selectors, matched exactly as Kubernetes matches them.
//!
//! Source: apimachinery `pkg/labels/selector.go` (`Requirement.Matches`) and `pkg/apis/meta/v1/helpers.go`
//! (`LabelSelectorAsSelector`). A selector that the API would refuse (unknown operator, `In` without values, `Exists` with
//! values) matches nothing, as there: it could not be turned into a selector at all. What an absent selector means differs
//! from field to field, so `None` is the caller's to decide.

use crate::model::objects::selector::{Requirement, Selector};
use crate::model::{Kind, Labels, ObjectKey, Str};
use crate::view::{Look, View};

/// The label that the API server puts on every namespace (`pkg/apis/core/v1/defaults.go`).
pub const NAMESPACE_NAME: &str = "kubernetes.io/metadata.name";

/// True when the selector selects an object with these labels. An empty selector selects everything.
pub fn matches(selector: &Selector, labels: &Labels) -> bool {
    has_all(&selector.labels, labels)
        && selector.expressions.iter().all(is_valid)
        && selector.expressions.iter().all(|r| holds(r, labels))
}

/// True when every wanted pair is present: `matchLabels`, and the selector of a ReplicationController.
pub fn has_all(wanted: &Labels, labels: &Labels) -> bool {
    wanted
        .iter()
        .all(|(key, value)| labels.get(key) == Some(value))
}

/// True when a Service with this selector selects a pod with these labels. An absent or empty selector selects nothing:
/// its endpoints are made by hand (`core/v1` `ServiceSpec.selector`).
pub fn service_selects(selector: Option<&Labels>, labels: &Labels) -> bool {
    selector.is_some_and(|wanted| !wanted.is_empty() && has_all(wanted, labels))
}

/// Labels of a namespace as selectors see them. A namespace that is only assumed still has its name as a label.
pub fn namespace_labels(view: &View<'_>, name: &str) -> Look<Labels> {
    let named = |labels: &Labels| match labels.get(NAMESPACE_NAME) {
        Some(_) => labels.clone(),
        None => labels.with(NAMESPACE_NAME, Some(name)),
    };
    view.get(&ObjectKey::cluster(Kind::Namespace, name))
        .map(|object| named(&object.meta().labels))
}

/// What `labels.NewRequirement` accepts; anything else cannot be made into a selector.
pub fn is_valid(requirement: &Requirement) -> bool {
    let values = match &*requirement.operator {
        "In" | "NotIn" => !requirement.values.is_empty(),
        "Exists" | "DoesNotExist" => requirement.values.is_empty(),
        _ => false,
    };
    values
        && is_key(&requirement.key)
        && requirement
            .values
            .iter()
            .all(|v| v.is_empty() || is_name(v))
}

/// `IsQualifiedName` of apimachinery `pkg/util/validation`: a name, with a DNS subdomain and a slash before it or not.
fn is_key(key: &str) -> bool {
    match key.split_once('/') {
        None => is_name(key),
        Some((prefix, name)) => is_name(name) && is_subdomain(prefix),
    }
}

/// A qualified name's last part, and a label value that is not empty: at most 63 of `[A-Za-z0-9_.-]`, alphanumeric ends.
fn is_name(name: &str) -> bool {
    let ends = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    name.len() <= 63
        && ends(name.chars().next())
        && ends(name.chars().next_back())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// RFC 1123: labels of lower-case letters, digits and inner dashes, at most 253 characters.
fn is_subdomain(name: &str) -> bool {
    let small = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
    name.len() <= 253
        && name.split('.').all(|label| {
            label.starts_with(small)
                && label.ends_with(small)
                && label.chars().all(|c| small(c) || c == '-')
        })
}

fn holds(requirement: &Requirement, labels: &Labels) -> bool {
    let value = labels.get(&requirement.key);
    let among = |value: &Str| requirement.values.contains(value);
    match &*requirement.operator {
        "In" => value.is_some_and(among),
        "NotIn" => !value.is_some_and(among),
        "Exists" => value.is_some(),
        "DoesNotExist" => value.is_none(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects::namespace::Namespace;
    use crate::model::{Meta, Object};
    use crate::view::World;

    fn one(operator: &str, values: &[&str]) -> Selector {
        let requirement = Requirement {
            key: "k".into(),
            operator: operator.into(),
            values: values.iter().map(|v| Str::from(*v)).collect(),
        };
        Selector {
            labels: Labels::default(),
            expressions: Box::new([requirement]),
        }
    }

    /// Key missing, value in the set, value not in the set.
    fn row(selector: &Selector) -> [bool; 3] {
        [&[][..], &[("k", "a")], &[("k", "z")]].map(|pairs| matches(selector, &Labels::of(pairs)))
    }

    #[test]
    fn operators_follow_the_table() {
        assert_eq!(row(&one("In", &["a", "b"])), [false, true, false]);
        assert_eq!(row(&one("NotIn", &["a", "b"])), [true, false, true]);
        assert_eq!(row(&one("Exists", &[])), [false, true, true]);
        assert_eq!(row(&one("DoesNotExist", &[])), [true, false, false]);
        let labels = Selector {
            labels: Labels::of(&[("k", "a")]),
            expressions: Box::default(),
        };
        assert_eq!(row(&labels), [false, true, false]);
    }

    #[test]
    fn an_empty_value_must_be_there() {
        let empty = Selector {
            labels: Labels::of(&[("k", "")]),
            expressions: Box::default(),
        };
        assert!(!matches(&empty, &Labels::default()));
        assert!(matches(&empty, &Labels::of(&[("k", "")])));
        assert!(!matches(&empty, &Labels::of(&[("k", "a")])));
    }

    #[test]
    fn what_the_api_refuses_matches_nothing() {
        for broken in [
            one("in", &["a"]),
            one("Gt", &["a"]),
            one("", &[]),
            one("In", &[]),
            one("NotIn", &[]),
            one("Exists", &["a"]),
            one("DoesNotExist", &["a"]),
            one("NotIn", &["-a"]),
            one("NotIn", &["a b"]),
        ] {
            assert_eq!(row(&broken), [false; 3], "{broken:?}");
        }
        for (key, valid) in [
            ("app.kubernetes.io/name", true),
            ("A_b", true),
            ("-a", false),
            ("a/", false),
            ("/a", false),
            ("A.b/c", false),
            ("a/b/c", false),
        ] {
            let mut absent = one("DoesNotExist", &[]);
            absent.expressions[0].key = key.into();
            assert_eq!(matches(&absent, &Labels::default()), valid, "{key}");
        }
    }

    #[test]
    fn labels_and_expressions_must_both_hold() {
        let mut both = one("NotIn", &["z"]);
        both.labels = Labels::of(&[("app", "web")]);
        assert!(matches(&both, &Labels::of(&[("app", "web"), ("k", "a")])));
        assert!(!matches(&both, &Labels::of(&[("app", "web"), ("k", "z")])));
        assert!(!matches(&both, &Labels::of(&[("k", "a")])));
        assert!(matches(&Selector::default(), &Labels::default()));
    }

    #[test]
    fn a_service_without_a_selector_selects_nothing() {
        let web = Labels::of(&[("app", "web")]);
        assert!(!service_selects(None, &web));
        assert!(!service_selects(Some(&Labels::default()), &web));
        assert!(service_selects(Some(&web), &web));
    }

    #[test]
    fn namespaces_carry_their_name() {
        let mut meta = Meta::bare(ObjectKey::of_namespace("shop"));
        meta.labels = Labels::of(&[("team", "a")]);
        let world = World::closed([Object::Namespace(Namespace {
            meta,
            terminating: false,
            assumed: false,
        })]);
        let labels = namespace_labels(&View::new(&world), "shop").seen().unwrap();
        assert_eq!(
            labels,
            Labels::of(&[(NAMESPACE_NAME, "shop"), ("team", "a")])
        );
        assert_eq!(namespace_labels(&View::new(&world), "pay"), Look::Absent);
    }
}
