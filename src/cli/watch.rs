//! `report --watch`: every change as one JSON row, as it happens.

use std::collections::BTreeMap;
use std::sync::mpsc::sync_channel;

use super::exit::{Exit, Failure};
use super::globals::Globals;
use super::{output, sources};
use crate::clock;
use crate::engine::Engine;
use crate::engine::Snapshot;
use crate::model::text::plain_json;
use crate::report::Format;
use crate::report::document::{Filter, VerdictRow, build};

/// Prints the first report once everything is read, then a row for each verdict that opens, closes or turns unknown.
/// Ends when the source does, or when nobody reads any more.
pub fn watch(globals: &Globals, filter: &Filter, format: &Format) -> Result<Exit, Failure> {
    if format.id != "jsonl" {
        return Err(Failure::usage("--watch prints JSON lines: add -o jsonl"));
    }
    let (out, batches) = sync_channel(sources::DEPTH);
    let _handle = sources::start(globals, out)?;
    let mut engine = Engine::default();
    let mut known: Option<BTreeMap<String, VerdictRow>> = None;
    while let Ok(batch) = batches.recv() {
        if !engine.apply(batch, clock::now()) {
            continue;
        }
        while let Ok(batch) = batches.try_recv() {
            engine.apply(batch, clock::now());
        }
        let snapshot = engine.publish();
        if snapshot.is_loading() {
            continue;
        }
        let rows = rows(&snapshot, filter);
        let text = match &known {
            None => (format.print)(&build(&snapshot, &[], filter)),
            Some(before) => changes(before, &rows),
        };
        known = Some(rows);
        if !text.is_empty() && !output::answer(&text) {
            return Ok(Exit::Fine);
        }
    }
    Ok(Exit::Fine)
}

/// Rows by identity.
fn rows(snapshot: &Snapshot, filter: &Filter) -> BTreeMap<String, VerdictRow> {
    let rows = build(snapshot, &[], filter).verdicts.into_iter();
    rows.map(|row| {
        (
            serde_json::to_string(&(row.check, &row.object, &row.part)).unwrap_or_default(),
            row,
        )
    })
    .collect()
}

fn changes(before: &BTreeMap<String, VerdictRow>, now: &BTreeMap<String, VerdictRow>) -> String {
    let mut text = String::new();
    let mut line = |row: &VerdictRow| {
        text += &plain_json(&serde_json::to_string(row).unwrap_or_default());
        text.push('\n');
    };
    for (id, row) in now {
        let same = before.get(id).is_some_and(|old| {
            old.verdict == row.verdict
                && old.severity == row.severity
                && old.live_pods == row.live_pods
        });
        if !same {
            line(row);
        }
    }
    for (_, row) in before.iter().filter(|(id, _)| !now.contains_key(*id)) {
        line(&VerdictRow {
            verdict: "clear",
            severity: None,
            live_pods: None,
            evidence: Vec::new(),
            missing: Vec::new(),
            why: None,
            ..row.clone()
        });
    }
    text
}
