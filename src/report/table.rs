//! Table: for a person's eyes. Everything from the cluster is cleaned.

use std::fmt::Write as _;

use super::Format;
use super::columns::table;
use super::document::{ObjectRow, Report, VerdictRow};
use crate::model::text::clean;

/// The format.
pub static FORMAT: Format = Format {
    id: "table",
    about: "for reading",
    print,
};

fn print(report: &Report) -> String {
    let mut text = String::new();
    let version = report
        .cluster
        .version
        .as_deref()
        .unwrap_or("version unknown");
    let _ = writeln!(
        text,
        "{} ({}), {}",
        clean(&report.cluster.server),
        report.source,
        clean(version)
    );
    if !report.identity.is_empty() {
        let _ = writeln!(text, "as {}", clean(&report.identity));
    }
    text.push('\n');
    let standing = report.standing.iter().map(|s| {
        let stories = if s.works + s.stopped + s.unsure > 0 {
            format!(
                "{} of {} stories work",
                s.works,
                s.works + s.stopped + s.unsure
            )
        } else {
            format!("{} of {} controls fail", s.controls.fails, s.controls.of)
        };
        vec![
            s.threat.to_owned(),
            s.standing.to_owned(),
            stories,
            clean(&s.line).into_owned(),
        ]
    });
    table(
        &mut text,
        &["THREAT", "STANDING", "COUNT", "LOUDEST"],
        standing.collect(),
    );
    text.push('\n');
    let fires: Vec<&VerdictRow> = report
        .verdicts
        .iter()
        .filter(|v| v.verdict != "unknown")
        .collect();
    let rows = fires.iter().map(|v| {
        let severity = v.severity.unwrap_or(v.verdict);
        let pods = v.live_pods.map_or(String::new(), |n| n.to_string());
        vec![
            severity.to_owned(),
            v.check.to_owned(),
            named(v),
            pods,
            said(v),
        ]
    });
    table(
        &mut text,
        &["SEVERITY", "CHECK", "OBJECT", "PODS", "EVIDENCE"],
        rows.collect(),
    );
    let unknown: Vec<&VerdictRow> = report
        .verdicts
        .iter()
        .filter(|v| v.verdict == "unknown")
        .collect();
    let _ = writeln!(
        text,
        "\n{} rows fire or are clear, {} not visible",
        fires.len(),
        unknown.len()
    );
    if !report.not_visible.is_empty() {
        text.push('\n');
        let rows = report.not_visible.iter().map(|n| {
            vec![
                clean(&n.what).into_owned(),
                clean(&n.reason).into_owned(),
                clean(&n.how).into_owned(),
            ]
        });
        table(
            &mut text,
            &["NOT VISIBLE", "WHY", "HOW TO SEE IT"],
            rows.collect(),
        );
    }
    if !report.not_assessed.is_empty() {
        text.push('\n');
        let rows = report
            .not_assessed
            .iter()
            .map(|n| vec![object(&n.object), clean(&n.why).into_owned()]);
        table(&mut text, &["NOT ASSESSED", "WHY"], rows.collect());
    }
    text
}

fn object(row: &ObjectRow) -> String {
    let name = match &row.namespace {
        Some(namespace) => format!("{} {namespace}/{}", row.kind, row.name),
        None => format!("{} {}", row.kind, row.name),
    };
    clean(&name).into_owned()
}

fn named(v: &VerdictRow) -> String {
    let object = v
        .object
        .as_ref()
        .map_or_else(|| "cluster".to_owned(), object);
    v.part
        .as_ref()
        .map_or(object.clone(), |part| format!("{object} {}", clean(part)))
}

fn said(v: &VerdictRow) -> String {
    let first = v
        .evidence
        .first()
        .map(|e| format!("{}={} ({})", clean(&e.path), clean(&e.value), e.origin));
    first.unwrap_or_default()
}
