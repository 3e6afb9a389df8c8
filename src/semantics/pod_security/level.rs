//! The three levels of the standard.

/// A Pod Security Standard, the loosest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// Nothing is refused.
    Privileged,
    /// Known ways to the node are refused.
    Baseline,
    /// Baseline, and hardening is required.
    Restricted,
}

impl Level {
    /// All, the loosest first.
    pub const ALL: [Level; 3] = [Level::Privileged, Level::Baseline, Level::Restricted];

    /// As labels write it.
    pub fn word(self) -> &'static str {
        match self {
            Level::Privileged => "privileged",
            Level::Baseline => "baseline",
            Level::Restricted => "restricted",
        }
    }

    /// The level of a word, letter for letter.
    pub fn parse(word: &str) -> Option<Level> {
        Level::ALL.into_iter().find(|l| l.word() == word)
    }
}
