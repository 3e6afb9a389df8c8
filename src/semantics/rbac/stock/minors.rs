//! Minor versions of Kubernetes 1: which of them write a line of the stock tables.

use std::ops::RangeInclusive;

use crate::model::ServerVersion;

/// Minors that the table of the API server was taken from.
const KNOWN: RangeInclusive<u32> = 31..=37;

/// A set of minors.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Minors(Vec<RangeInclusive<u32>>);

impl Minors {
    /// Every minor that is known.
    pub(super) fn all() -> Minors {
        Minors(vec![KNOWN])
    }

    /// No minor: only a feature that is off by default brings it, or somebody else than the API server.
    pub(super) fn none() -> Minors {
        Minors::default()
    }

    /// `1.31-1.33,1.36`; `None` when a word is something else.
    pub(super) fn parse(word: &str) -> Option<Minors> {
        let minor = |text: &str| text.strip_prefix("1.")?.parse::<u32>().ok();
        let range = |text: &str| match text.split_once('-') {
            Some((first, last)) => Some(minor(first)?..=minor(last)?),
            None => minor(text).map(|one| one..=one),
        };
        word.split(',')
            .map(range)
            .collect::<Option<_>>()
            .map(Minors)
    }

    /// It is among them.
    pub(super) fn has(&self, minor: u32) -> bool {
        self.0.iter().any(|range| range.contains(&minor))
    }
}

/// The known minor that stands for a version: the nearest one. `None`: the newest.
pub(super) fn nearest(version: Option<&ServerVersion>) -> u32 {
    match version {
        Some(version) if version.major == 1 => version.minor.clamp(*KNOWN.start(), *KNOWN.end()),
        _ => *KNOWN.end(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_of_minors() {
        let minors = Minors::parse("1.31-1.33,1.36").unwrap();
        let found: Vec<u32> = KNOWN.filter(|minor| minors.has(*minor)).collect();
        assert_eq!(found, [31, 32, 33, 36]);
        for word in ["rule", "1.x", "31", "1.31-", ""] {
            assert_eq!(Minors::parse(word), None, "{word:?}");
        }
        let mut known = KNOWN;
        assert!(known.all(|minor| Minors::all().has(minor) && !Minors::none().has(minor)));
    }

    #[test]
    fn a_version_that_is_not_known_takes_the_nearest() {
        let nearest = |git: &str| nearest(ServerVersion::parse(git).as_ref());
        assert_eq!(nearest("v1.19.4"), 31);
        assert_eq!(nearest("v1.34.1-eks-4c1d2ae"), 34);
        assert_eq!(nearest("v1.99.0"), 37);
        assert_eq!(nearest("v2.0.0"), 37);
        assert_eq!(nearest("who knows"), 37);
    }
}
