//! What a half-typed question may go on with: verbs, resources, namespaces. Pure; the prompt that shows it is
//! `panes/who_can.rs`.

use super::palette::search;
use crate::engine::{Question, vocabulary};

/// A line that the prompt offers.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Offer {
    /// The question is whole: ask it.
    Ask(String),
    /// Go on with this text.
    Go(String),
}

/// What the typed line may become, the likeliest first. Namespaces are those that are known.
pub fn offers(typed: &str, namespaces: &[String]) -> Vec<Offer> {
    let (before, word) = typed
        .rfind(char::is_whitespace)
        .map_or(("", typed), |at| typed.split_at(at + 1));
    let words: Vec<&str> = before.split_whitespace().collect();
    let named = words.last().is_some_and(|last| *last == "-n");
    let plain = words.iter().filter(|w| **w != "-n").count();
    let ask = Question::parse(typed)
        .ok()
        .map(|_| Offer::Ask(typed.trim().to_owned()));
    let known: Vec<String> = match (named, plain) {
        (true, _) => namespaces.to_vec(),
        (false, 1) if word.starts_with('/') => Vec::new(),
        (false, 0) => vocabulary::VERBS
            .iter()
            .map(|verb| (*verb).to_owned())
            .collect(),
        (false, 1) => vocabulary::resources(),
        // A name is free; what else may come is a namespace.
        _ if words.contains(&"-n") => Vec::new(),
        _ => vec!["-n".to_owned()],
    };
    let whole = ask.is_some();
    let exact = !word.is_empty() && known.iter().any(|k| k == word);
    let found = search(known.iter().map(String::as_str), word);
    let more = found
        .into_iter()
        .filter_map(|at| known.get(at))
        .filter(|name| !whole || *name != word)
        .map(|name| Offer::Go(format!("{before}{name} ")));
    let name_comes = plain >= 2 && !named;
    // A resource that nobody knows may be typed all the same.
    if exact || word.is_empty() || name_comes {
        ask.into_iter().chain(more).collect()
    } else {
        more.chain(ask).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn first(typed: &str) -> Offer {
        offers(typed, &["shop".into(), "pay".into()]).remove(0)
    }

    #[test]
    fn a_question_is_typed_with_a_few_letters() {
        assert_eq!(first("lis"), Offer::Go("list ".into()));
        assert_eq!(first("list secr"), Offer::Go("list secrets ".into()));
        assert_eq!(first("list secrets "), Offer::Ask("list secrets".into()));
        assert_eq!(
            first("list secrets -n sh"),
            Offer::Go("list secrets -n shop ".into())
        );
        assert_eq!(
            first("list secrets -n shop"),
            Offer::Ask("list secrets -n shop".into())
        );
        assert_eq!(first("get secrets db"), Offer::Ask("get secrets db".into()));
    }

    #[test]
    fn what_nobody_knows_may_be_asked_too() {
        let all = offers("reticulate splines.example.com", &[]);
        assert!(
            all.contains(&Offer::Ask("reticulate splines.example.com".into())),
            "{all:?}"
        );
        assert_eq!(first("get /metrics"), Offer::Ask("get /metrics".into()));
        assert!(offers("", &[]).len() > 10);
    }
}
