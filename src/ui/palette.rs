//! What was typed into the palette: a command with an argument (`ctx prod`), or a part of a command's name.

use nucleo_matcher::pattern::{CaseMatching, Normalization, Pattern};
use nucleo_matcher::{Config, Matcher, Utf32Str};

/// Commands that take a word.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Takes {
    /// Another context.
    Context,
    /// Namespaces to look at, with commas; `all` for every one.
    Namespaces,
    /// A theme.
    Theme,
    /// A threat, by number or name.
    Threat,
}

impl Takes {
    /// All of them.
    pub const ALL: [Takes; 4] = [
        Takes::Context,
        Takes::Namespaces,
        Takes::Theme,
        Takes::Threat,
    ];

    /// Its name in the palette.
    pub fn name(self) -> &'static str {
        match self {
            Takes::Context => "ctx",
            Takes::Namespaces => "ns",
            Takes::Theme => "theme",
            Takes::Threat => "threat",
        }
    }

    /// What it does, in a few words.
    pub fn help(self) -> &'static str {
        match self {
            Takes::Context => "look at another context",
            Takes::Namespaces => "look at these namespaces only; all for every one",
            Takes::Theme => "use another theme",
            Takes::Threat => "go to a threat, by number or name",
        }
    }

    fn of(word: &str) -> Option<Takes> {
        let named = |takes: &Takes| takes.name() == word;
        let other = match word {
            "context" => Some(Takes::Context),
            "namespace" | "namespaces" => Some(Takes::Namespaces),
            "themes" => Some(Takes::Theme),
            _ => None,
        };
        Takes::ALL.into_iter().find(|t| named(t)).or(other)
    }
}

/// What the text means.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Typed<'a> {
    /// A part of a command's name.
    Search(&'a str),
    /// A command with its word so far.
    Word(Takes, &'a str),
}

/// Reads the text. A word is only asked for behind a space: `ns` alone still searches.
pub fn read(text: &str) -> Typed<'_> {
    let text = text.trim_start().trim_start_matches(':');
    match text.split_once(' ') {
        Some((head, rest)) => match Takes::of(&head.to_lowercase()) {
            Some(takes) => Typed::Word(takes, rest.trim()),
            None => Typed::Search(text.trim_end()),
        },
        None => Typed::Search(text),
    }
}

/// The namespaces of a word with commas; `None`: all of them.
pub fn namespaces(word: &str) -> Option<Vec<String>> {
    let names = word.split([',', ' ']).map(str::trim);
    let mut names: Vec<String> = names.filter(|n| !n.is_empty()).map(str::to_owned).collect();
    names.sort();
    names.dedup();
    let all = names.is_empty() || names.iter().any(|name| name == "all" || name == "*");
    (!all).then_some(names)
}

/// Indexes of the texts that match, best first; all of them for an empty search, as they stand.
pub fn search<'a>(texts: impl Iterator<Item = &'a str>, typed: &str) -> Vec<usize> {
    let mut matcher = Matcher::new(Config::DEFAULT);
    let pattern = Pattern::parse(typed, CaseMatching::Ignore, Normalization::Smart);
    let mut buffer = Vec::new();
    let mut found: Vec<(u32, usize)> = texts
        .enumerate()
        .filter_map(|(at, text)| {
            let score = pattern.score(Utf32Str::new(text, &mut buffer), &mut matcher)?;
            Some((score, at))
        })
        .collect();
    found.sort_by_key(|(score, at)| (std::cmp::Reverse(*score), *at));
    found.into_iter().map(|(_, at)| at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_word_follows_a_command_that_takes_one() {
        assert_eq!(read("ctx prod"), Typed::Word(Takes::Context, "prod"));
        assert_eq!(
            read(":ns shop,pay "),
            Typed::Word(Takes::Namespaces, "shop,pay")
        );
        assert_eq!(read("theme "), Typed::Word(Takes::Theme, ""));
        assert_eq!(read("Threat 2"), Typed::Word(Takes::Threat, "2"));
        assert_eq!(read("ns"), Typed::Search("ns"));
        assert_eq!(read("not visible"), Typed::Search("not visible"));
    }

    #[test]
    fn namespaces_are_a_set_or_all() {
        let names = |list: &[&str]| Some(list.iter().map(|n| (*n).to_owned()).collect());
        assert_eq!(namespaces("shop, pay,shop"), names(&["pay", "shop"]));
        assert_eq!(namespaces("all"), None);
        assert_eq!(namespaces("*"), None);
        assert_eq!(namespaces(""), None);
    }

    #[test]
    fn the_best_match_is_first_and_nothing_typed_matches_all() {
        let texts = ["copy kind, namespace and name", "cuts", "choose a context"];
        assert_eq!(search(texts.into_iter(), "cuts"), [1]);
        assert_eq!(search(texts.into_iter(), "ctx"), [2]);
        assert_eq!(search(texts.into_iter(), ""), [0, 1, 2]);
        assert_eq!(search(texts.into_iter(), "zz"), Vec::<usize>::new());
    }
}
