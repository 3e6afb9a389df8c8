//! Reports: one look at a snapshot as text. One file a format, each with a `pub static FORMAT: Format`.
//!
//! The same snapshot always prints the same bytes: no clock, no hash map order, no duration. Field names and order are
//! a contract (`bartizan.report/1`): fields may be added, never renamed or removed.

pub mod columns;
pub mod document;

automod::dir!(pub "src/report");

/// A format.
pub struct Format {
    /// Its name after `-o`.
    pub id: &'static str,
    /// What it is for, in one line.
    pub about: &'static str,
    /// Prints a report.
    pub print: fn(&document::Report) -> String,
}

include!(concat!(env!("OUT_DIR"), "/formats.rs"));

/// The format of a name.
pub fn format(id: &str) -> Option<&'static Format> {
    ALL.iter().copied().find(|format| format.id == id)
}
