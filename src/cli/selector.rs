//! Label selectors as kubectl's `-l` takes them (`k8s.io/apimachinery/pkg/labels/selector.go`): `a=b`, `a==b`, `a!=b`,
//! `a in (x,y)`, `a notin (x,y)`, `a`, `!a`, joined by commas.

use crate::model::Str;
use crate::model::objects::selector::{Requirement, Selector};

/// Parses a selector; the error says which term is wrong.
pub fn parse(text: &str) -> Result<Selector, String> {
    let mut expressions = Vec::new();
    for term in terms(text) {
        expressions.push(
            requirement(term.trim())
                .ok_or_else(|| format!("the selector term {term:?} does not read"))?,
        );
    }
    Ok(Selector {
        expressions: expressions.into(),
        ..Selector::default()
    })
}

/// Cuts at commas outside of parentheses.
fn terms(text: &str) -> Vec<&str> {
    let (mut depth, mut start, mut found) = (0_usize, 0, Vec::new());
    for (at, c) in text.char_indices() {
        match c {
            '(' => depth += 1,
            ')' => depth = depth.saturating_sub(1),
            ',' if depth == 0 => {
                found.push(&text[start..at]);
                start = at + 1;
            }
            _ => {}
        }
    }
    found.push(&text[start..]);
    found.into_iter().filter(|t| !t.trim().is_empty()).collect()
}

fn requirement(term: &str) -> Option<Requirement> {
    let made = |key: &str, operator: &str, values: Vec<Str>| {
        let key = key.trim();
        let is_key =
            !key.is_empty() && !key.contains(|c: char| c.is_whitespace() || "=!(),".contains(c));
        is_key.then(|| Requirement {
            key: key.into(),
            operator: operator.into(),
            values: values.into(),
        })
    };
    for (word, operator) in [(" notin ", "NotIn"), (" in ", "In")] {
        if let Some((key, list)) = term.split_once(word) {
            let list = list.trim().strip_prefix('(')?.strip_suffix(')')?;
            return made(
                key,
                operator,
                list.split(',').map(|v| v.trim().into()).collect(),
            );
        }
    }
    if let Some((key, value)) = term.split_once("!=") {
        return made(key, "NotIn", vec![value.trim().into()]);
    }
    if let Some((key, value)) = term.split_once("==").or_else(|| term.split_once('=')) {
        return made(key, "In", vec![value.trim().into()]);
    }
    match term.strip_prefix('!') {
        Some(key) => made(key, "DoesNotExist", Vec::new()),
        None => made(term, "Exists", Vec::new()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Labels;
    use crate::semantics::selectors::matches;

    #[test]
    fn every_form_means_what_kubectl_means() {
        let labels = Labels::of(&[("app", "web"), ("tier", "front")]);
        for (text, hit) in [
            ("app=web", true),
            ("app==api", false),
            ("app!=api,tier", true),
            ("team!=x", true),
            ("app in (api, web),!team", true),
            ("app notin (web)", false),
            ("", true),
        ] {
            assert_eq!(matches(&parse(text).unwrap(), &labels), hit, "{text}");
        }
        assert!(parse("app in web").is_err() && parse("a b").is_err());
    }
}
