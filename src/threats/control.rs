//! A control: a line of the source texts' "key controls" that can be seen to hold or to fail.

/// A control, declared in `<threat>/mod.rs`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Control {
    /// Its id: `token-not-mounted`.
    pub slug: &'static str,
    /// What holds when it holds, in a few words.
    pub title: &'static str,
    /// The line of the seed text that asks for it, and which text.
    pub seed: &'static str,
    /// Set when no evidence of this version decides it: the sentence that says what would. It is then not visible.
    pub not_visible: Option<&'static str>,
}
