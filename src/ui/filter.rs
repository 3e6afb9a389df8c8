//! The filter of `/`: terms with spaces between, all of which must hold.
//!
//! A term is a part of a name, a title or an image, in any case. `ns:` `kind:` `sev:` `check:` look at one field, at its
//! beginning, at several with commas (`ns:shop,pay`), exactly with `=` (`ns:=shop`). `!` before a term turns it round.

use crate::model::{ObjectKey, Severity};

/// A filter.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    text: String,
    terms: Vec<Term>,
}

/// One term. What it looks for may stand in a row's object, its check, its severity or its other text: lists ask about
/// each of these once for all rows that share it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    not: bool,
    field: Field,
    /// In lower case.
    values: Vec<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Field {
    Any,
    Namespace,
    Kind,
    Severity,
    Check,
}

/// What a row offers to be found by.
#[derive(Clone, Copy, Debug, Default)]
pub struct Found<'a> {
    /// Its object.
    pub object: Option<&'a ObjectKey>,
    /// Its namespace, where it has no object.
    pub namespace: Option<&'a str>,
    /// Its severity.
    pub severity: Option<Severity>,
    /// Its check or story, by id.
    pub check: &'a str,
    /// Its title.
    pub title: &'a str,
    /// More text: a part, an image, a reason.
    pub more: &'a str,
}

impl Filter {
    /// From what was typed. Nothing that can be typed is an error: a term that is not finished holds for all.
    pub fn parse(text: &str) -> Filter {
        Filter {
            text: text.to_owned(),
            terms: text.split_whitespace().filter_map(term).collect(),
        }
    }

    /// What was typed.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// It holds for everything.
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether it holds for a row.
    pub fn holds(&self, row: &Found<'_>) -> bool {
        self.terms.iter().all(|term| {
            let found = term.in_object(row.object, row.namespace)
                || term.in_check(row.check, row.title)
                || row
                    .severity
                    .is_some_and(|severity| term.in_severity(severity))
                || term.in_more(row.more);
            term.agrees(found)
        })
    }

    /// Its terms.
    pub fn terms(&self) -> &[Term] {
        &self.terms
    }

    /// The texts that it looks for in titles and names, in lower case: what is highlighted.
    pub fn needles(&self) -> impl Iterator<Item = &str> {
        let plain = self
            .terms
            .iter()
            .filter(|term| term.field == Field::Any && !term.not);
        plain.flat_map(|term| &term.values).map(String::as_str)
    }
}

fn term(word: &str) -> Option<Term> {
    let (not, word) = word
        .strip_prefix('!')
        .map_or((false, word), |rest| (true, rest));
    let (field, value) = match word.split_once(':') {
        Some(("ns" | "namespace", rest)) => (Field::Namespace, rest),
        Some(("kind", rest)) => (Field::Kind, rest),
        Some(("sev" | "severity", rest)) => (Field::Severity, rest),
        Some(("check", rest)) => (Field::Check, rest),
        _ => (Field::Any, word),
    };
    let values: Vec<String> = match field {
        Field::Any => vec![value.to_lowercase()],
        _ => value.split(',').map(str::to_lowercase).collect(),
    };
    let values: Vec<String> = values.into_iter().filter(|v| !v.is_empty()).collect();
    (!values.is_empty()).then_some(Term { not, field, values })
}

impl Term {
    /// Whether a row holds, in which it was found or not.
    pub fn agrees(&self, found: bool) -> bool {
        found != self.not
    }

    /// Found in an object: its kind, namespace, name; or in a namespace, where there is no object.
    pub fn in_object(&self, object: Option<&ObjectKey>, namespace: Option<&str>) -> bool {
        let home = object.map(ObjectKey::home).or(namespace);
        let home = home.unwrap_or_default();
        match self.field {
            Field::Namespace => self.any(|value| begins(home, value)),
            Field::Kind => object.is_some_and(|key| {
                self.any(|value| begins(key.kind.name(), value) || begins(&key.kind.short(), value))
            }),
            Field::Severity | Field::Check => false,
            Field::Any => {
                let name = object.map_or("", |key| &*key.name);
                self.any(|value| {
                    let whole = value
                        .split_once('/')
                        .is_some_and(|(ns, part)| ends(home, ns) && begins(name, part));
                    whole || contains(name, value) || contains(home, value)
                })
            }
        }
    }

    /// Found in a check or story: its id, its title.
    pub fn in_check(&self, id: &str, title: &str) -> bool {
        match self.field {
            Field::Check => self.any(|value| begins(id, value)),
            Field::Any => self.any(|value| contains(title, value) || contains(id, value)),
            _ => false,
        }
    }

    /// Found in a severity.
    pub fn in_severity(&self, severity: Severity) -> bool {
        self.field == Field::Severity && self.any(|value| begins(severity.word(), value))
    }

    /// Found in other text.
    pub fn in_more(&self, text: &str) -> bool {
        self.field == Field::Any && self.any(|value| contains(text, value))
    }

    fn any(&self, holds: impl Fn(&str) -> bool) -> bool {
        self.values.iter().any(|value| holds(value))
    }
}

/// `value` is in lower case; `=` before it asks for the whole.
fn begins(text: &str, value: &str) -> bool {
    match value.strip_prefix('=') {
        Some(whole) => text.eq_ignore_ascii_case(whole),
        None => text
            .as_bytes()
            .get(..value.len())
            .is_some_and(|head| head.eq_ignore_ascii_case(value.as_bytes())),
    }
}

fn ends(text: &str, value: &str) -> bool {
    let from = text.len().checked_sub(value.len());
    from.and_then(|from| text.as_bytes().get(from..))
        .is_some_and(|tail| tail.eq_ignore_ascii_case(value.as_bytes()))
}

/// Names of Kubernetes are in lower case and ASCII: the comparison keeps to that.
fn contains(text: &str, value: &str) -> bool {
    position(text, value).is_some()
}

/// Where a text in lower case stands in another of any case.
pub fn position(text: &str, value: &str) -> Option<usize> {
    let (text, value) = (text.as_bytes(), value.as_bytes());
    let first = value.first()?;
    let last = text.len().checked_sub(value.len())?;
    (0..=last).find(|at| {
        text.get(*at).is_some_and(|b| b.eq_ignore_ascii_case(first))
            && text
                .get(*at..*at + value.len())
                .is_some_and(|part| part.eq_ignore_ascii_case(value))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    fn holds(filter: &str) -> bool {
        let key = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
        Filter::parse(filter).holds(&Found {
            object: Some(&key),
            namespace: None,
            severity: Some(Severity::High),
            check: "token-mounted",
            title: "A token is mounted where nothing uses it",
            more: "container/app",
        })
    }

    #[test]
    fn every_term_must_hold() {
        for yes in [
            "",
            "cart",
            "CART",
            "Mounted",
            "ns:shop",
            "ns:sh",
            "ns:=shop",
            "ns:pay,shop",
            "kind:deploy",
            "kind:Deployment",
            "sev:high",
            "sev:critical,high",
            "check:token",
            "!pay",
            "!ns:pay cart",
            "shop/cart",
            "op/ca",
            "container/app",
            "ns:",
            "!",
            "sev:",
            "!kind:",
        ] {
            assert!(holds(yes), "{yes:?}");
        }
        for no in [
            "pay",
            "ns:pay",
            "ns:hop",
            "ns:=sho",
            "kind:pod",
            "sev:low",
            "check:mounted",
            "!cart",
            "!ns:shop",
            "cart ns:pay",
            "shop/api",
            "image:tag",
        ] {
            assert!(!holds(no), "{no:?}");
        }
    }

    #[test]
    fn what_is_looked_for_is_found_in_any_case() {
        assert_eq!(position("A Token", "token"), Some(2));
        assert_eq!(position("tok", "token"), None);
        assert_eq!(position("", ""), None);
    }
}
