//! Styles: how drafts become documents. One file a style, each with a `pub static STYLE: Style`.

use super::command::Delivery;
use super::draft::Draft;
use super::plan::Step;

automod::dir!(pub "src/fix/style");

/// A style of documents.
pub struct Style {
    /// Its name on the command line.
    pub id: &'static str,
    /// What it is for, in one line.
    pub title: &'static str,
    /// Prints the drafts.
    pub print: fn(&[Draft], &Delivery) -> Printed,
}

/// What a style made of the drafts.
#[derive(Debug, Default)]
pub struct Printed {
    /// The steps.
    pub steps: Vec<Step>,
    /// What this style cannot print, each in a sentence.
    pub cannot: Vec<String>,
}

impl std::fmt::Debug for Style {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Style({})", self.id)
    }
}

include!(concat!(env!("OUT_DIR"), "/styles.rs"));

/// The style that is taken unless another is asked for.
pub const DEFAULT: &str = "patch";

/// Names of the styles that print these drafts whole: the default first, then in order of name.
pub(super) fn whole(drafts: &[Draft], delivery: &Delivery) -> Vec<&'static str> {
    let is_whole = |style: &Style| {
        let printed = (style.print)(drafts, delivery);
        printed.cannot.is_empty() && !printed.steps.is_empty()
    };
    let all = ALL.iter().copied().filter(|style| is_whole(style));
    let mut names: Vec<&'static str> = all.map(|style| style.id).collect();
    names.sort_by_key(|name| *name != DEFAULT);
    names
}

/// The style of a name.
pub fn style(id: &str) -> Option<&'static Style> {
    ALL.iter().copied().find(|style| style.id == id)
}
