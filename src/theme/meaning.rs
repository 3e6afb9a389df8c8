//! What a piece of text can mean. This list is what theme files define and what panes may ask for; nothing else is a style.

use std::fmt;

/// Declares the meanings once: variant, name in theme files, the meaning it looks like when a theme leaves it out, use.
macro_rules! meanings {
    ($($variant:ident $name:literal like $parent:ident, $about:literal;)*) => {
        /// A meaning that a theme gives a look to.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Meaning {
            $(#[doc = $about] $variant,)*
        }

        impl Meaning {
            /// Every meaning, in the order of this file.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];
            /// How many there are.
            pub const COUNT: usize = Self::ALL.len();

            /// The word used for it in theme files.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// Where it is used, for people who write themes.
            pub const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            /// The meaning whose look it takes when a theme does not define it. `Text` is its own parent.
            #[must_use]
            pub const fn parent(self) -> Self {
                match self { $(Self::$variant => Self::$parent,)* }
            }
        }
    };
}

meanings! {
    Text "text" like Text, "Ordinary text; every theme defines it.";
    Muted "muted" like Text, "Less important text: hints, rows out of scope, ages.";
    Title "title" like Text, "Titles of panes and of the program.";
    Heading "heading" like Title, "Heads of sections and columns.";
    Border "border" like Muted, "Lines between panes.";
    BorderFocused "border-focused" like Title, "The line around the pane that takes the keys.";
    Breadcrumb "breadcrumb" like Text, "The way to where the person is.";
    Selected "selected" like Text, "The row under the cursor in the pane that takes the keys.";
    SelectedIdle "selected-idle" like Text, "The selected row of a pane that does not take the keys.";
    Marked "marked" like Title, "Rows marked for copying.";
    Match "match" like Title, "The part of a text that a filter found.";
    Number "number" like Text, "A count that a person can act on.";
    Popup "popup" like Text, "Text of an overlay.";
    ScrollBar "scroll-bar" like Border, "The place within a long list.";

    Critical "critical" like Text, "Severity critical.";
    High "high" like Critical, "Severity high.";
    Medium "medium" like High, "Severity medium.";
    Low "low" like Muted, "Severity low.";

    Fires "fires" like High, "A verdict that fires.";
    Clear "clear" like Text, "A verdict that is clear.";
    Unknown "unknown" like Medium, "A verdict or a fact that is not visible.";
    Works "works" like Fires, "A story that works.";
    Stopped "stopped" like Clear, "A story that is stopped.";

    Open "open" like Works, "Standing OPEN.";
    Unsure "unsure" like Unknown, "Standing UNSURE.";
    Guarded "guarded" like Medium, "Standing GUARDED.";
    Held "held" like Clear, "Standing HELD.";
    Out "out" like Muted, "A threat out of scope.";

    Live "live" like Clear, "The connection is live.";
    Loading "loading" like Muted, "Data that is still coming.";
    Stale "stale" like Unknown, "Data older than it should be.";
    Lost "lost" like Error, "The connection is lost.";

    Changed "changed" like Notice, "The sign on a row that changed.";
    New "new" like Changed, "The sign on a row that is new.";
    Worse "worse" like Fires, "The sign on a row that became worse.";
    Better "better" like Clear, "The sign on a row that became better.";
    Gone "gone" like Muted, "A row whose object is gone.";

    Added "added" like Clear, "A line that a fix adds.";
    Removed "removed" like Fires, "A line that a fix removes.";
    Hunk "hunk" like Muted, "The head of a part of a diff.";
    YamlKey "yaml-key" like Title, "A key in YAML and a field path.";
    YamlValue "yaml-value" like Text, "A value in YAML and in evidence.";
    YamlComment "yaml-comment" like Muted, "A comment in YAML.";
    YamlMark "yaml-mark" like Muted, "Dashes, colons and document marks in YAML.";
    Origin "origin" like Muted, "Where a value comes from: explicit, inherited, default, live.";

    Key "key" like Title, "The name of a key.";
    KeyBar "key-bar" like Muted, "What a key does.";
    KeyOff "key-off" like Muted, "A key that cannot be used here.";
    Prompt "prompt" like Title, "The mark before typed text.";
    Filter "filter" like Notice, "A filter that is active.";

    Error "error" like Critical, "Something failed.";
    Warning "warning" like Medium, "Something needs care.";
    Notice "notice" like Title, "Something happened.";
}

impl Meaning {
    /// Its place in [`Self::ALL`].
    pub const fn index(self) -> usize {
        self as usize
    }

    /// The meaning with this name in theme files.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|meaning| meaning.name() == name)
    }
}

impl fmt::Display for Meaning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_chain_of_parents_ends_at_text() {
        for meaning in Meaning::ALL {
            let mut at = *meaning;
            for _ in 0..Meaning::COUNT {
                at = at.parent();
            }
            assert_eq!(at, Meaning::Text, "{meaning} never reaches text");
        }
    }

    #[test]
    fn names_are_unique_kebab_case_and_found_again() {
        let mut seen = BTreeSet::new();
        for meaning in Meaning::ALL {
            let name = meaning.name();
            assert!(seen.insert(name), "{name} twice");
            assert!(
                name.chars().all(|c| c.is_ascii_lowercase() || c == '-'),
                "{name}"
            );
            assert_eq!(Meaning::named(name), Some(*meaning));
            assert_eq!(Meaning::ALL[meaning.index()], *meaning);
            assert!(meaning.about().ends_with('.'), "{name}");
        }
    }
}
