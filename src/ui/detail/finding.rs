//! A finding, what cannot be known, and the check behind both.

use super::story::{gone, paragraphs};
use super::{evidence, field, missing};
use crate::engine::snapshot::Says;
use crate::model::{Finding, FindingId, ObjectKey, Part};
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::say;
use crate::ui::since;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

pub(super) fn finding(cx: &Context<'_>, id: &FindingId, sheet: &mut Sheet) {
    let title = cx.catalogue.check_title(id.check);
    sheet.text(vec![Piece::new(title, Meaning::Title)]);
    let Some(row) = facts::row(cx.snapshot, id) else {
        sheet.text(vec![owned(id.object.to_string(), Meaning::Text)]);
        gone(
            sheet,
            "This finding is gone: the check no longer fires here.",
        );
        return;
    };
    let Some(finding) = row.finding() else {
        return;
    };
    place(finding, sheet);
    sheet.blank();
    let severity = finding.severity;
    sheet.text(vec![
        Piece::new(format!("{}: ", severity.word()), say::severity(severity)),
        owned(&*finding.why, Meaning::Text),
    ]);
    sheet.heading("because");
    for cited in &finding.evidence {
        evidence(sheet, cited, Some(&id.object));
    }
    sheet.blank();
    let opened = row.since.map_or_else(
        || "before start".to_owned(),
        |at| match since::age(at, cx.now).as_str() {
            "now" => "less than a minute".to_owned(),
            age => format!("{age} ago"),
        },
    );
    field(sheet, "since", opened, Meaning::Text);
    behind(cx, id.check, sheet);
}

/// Object, part and pods.
fn place(finding: &Finding, sheet: &mut Sheet) {
    let mut line = vec![owned(finding.id.object.to_string(), Meaning::Text)];
    if finding.id.part != Part::Whole {
        line.push(owned(format!("  {}", finding.id.part), Meaning::Muted));
    }
    sheet.text(line);
    if let Some(pods) = say::pods(finding.pods) {
        sheet.text(vec![owned(pods, Meaning::Number)]);
    }
}

/// Control, fix, standards and article of a check.
fn behind(cx: &Context<'_>, id: &str, sheet: &mut Sheet) {
    let Some(text) = cx.catalogue.check(id) else {
        return;
    };
    if let Some(state) = facts::control(cx.snapshot, text.control) {
        field(sheet, "control", state.control.title, Meaning::Text);
    }
    if let Some(why) = text.no_fix {
        field(sheet, "no fix", why, Meaning::Muted);
    } else {
        let line = vec![
            Piece::new(format!("{:<11}", "fix"), Meaning::Muted),
            Piece::new("y", Meaning::Key),
            Piece::new(" shows it and copies it", Meaning::Text),
        ];
        sheet.hanging(11, line);
    }
    if !text.standards.is_empty() {
        field(
            sheet,
            "standards",
            text.standards.join("  "),
            Meaning::Muted,
        );
    }
    sheet.heading("what the check looks for");
    paragraphs(sheet, text.doc.what);
    sheet.heading("why it matters");
    paragraphs(sheet, text.doc.why);
    if !text.doc.fix.is_empty() {
        sheet.heading("how it is mended");
        paragraphs(sheet, text.doc.fix);
    }
}

pub(super) fn unknown(cx: &Context<'_>, check: &str, place: Option<&ObjectKey>, sheet: &mut Sheet) {
    let title = cx.catalogue.check_title(check);
    sheet.text(vec![Piece::new(title.to_owned(), Meaning::Title)]);
    let whole = || "in the cluster as a whole".to_owned();
    sheet.text(vec![owned(
        place.map_or_else(whole, ToString::to_string),
        Meaning::Text,
    )]);
    sheet.blank();
    sheet.text(vec![
        Piece::new("not visible: ", Meaning::Unknown),
        Piece::new(
            "this is neither safe nor unsafe as far as can be seen",
            Meaning::Text,
        ),
    ]);
    sheet.heading("what is missing");
    let tables = cx.snapshot.spaces.values();
    let rows = tables.flat_map(|table| &table.rows);
    for row in rows.filter(|row| row.check == check && row.object.as_ref() == place) {
        if let Says::Unknown(all) = &row.says {
            missing(sheet, all);
        }
    }
    sheet.blank();
    sheet.text(vec![
        Piece::new("b", Meaning::Key),
        Piece::new(" says how to see each", Meaning::Muted),
    ]);
    behind(cx, check, sheet);
}

pub(super) fn check(cx: &Context<'_>, id: &'static str, sheet: &mut Sheet) {
    sheet.text(vec![Piece::new(
        cx.catalogue.check_title(id),
        Meaning::Title,
    )]);
    let rows = cx.snapshot.rows().filter(|row| row.check == id);
    let (mut fires, mut unknown) = (0, 0);
    for row in rows {
        match row.finding() {
            Some(_) => fires += 1,
            None => unknown += 1,
        }
    }
    let mut line = vec![owned(
        since::counted(fires, "finding", "findings"),
        Meaning::Number,
    )];
    if unknown > 0 {
        line.push(owned(format!("  {unknown} not visible"), Meaning::Unknown));
    }
    sheet.text(line);
    sheet.blank();
    behind(cx, id, sheet);
}
