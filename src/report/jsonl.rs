//! JSON lines: the schema's name, then one row a line: verdicts, stories, standing, what is not visible.

use serde::Serialize;

use super::Format;
use super::document::Report;
use crate::model::text::plain_json;

/// The format.
pub static FORMAT: Format = Format {
    id: "jsonl",
    about: "one JSON row a line, the schema's name first",
    print,
};

fn print(report: &Report) -> String {
    let mut text = line(&serde_json::json!({"schema": report.schema}));
    report.verdicts.iter().for_each(|row| text += &line(row));
    report.stories.iter().for_each(|row| text += &line(row));
    report.standing.iter().for_each(|row| text += &line(row));
    report.not_visible.iter().for_each(|row| text += &line(row));
    report
        .not_assessed
        .iter()
        .for_each(|row| text += &line(row));
    text
}

fn line(row: &impl Serialize) -> String {
    let mut text = serde_json::to_string(row).unwrap_or_default();
    text.push('\n');
    plain_json(&text).into_owned()
}
