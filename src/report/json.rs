//! JSON: the whole report as one document.

use super::Format;
use super::document::Report;
use crate::model::text::plain_json;

/// The format.
pub static FORMAT: Format = Format {
    id: "json",
    about: "one JSON document",
    print,
};

fn print(report: &Report) -> String {
    let mut text = serde_json::to_string_pretty(report).unwrap_or_default();
    text.push('\n');
    plain_json(&text).into_owned()
}
