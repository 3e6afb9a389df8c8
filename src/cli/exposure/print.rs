//! Ways in three formats.

use std::fmt::Write as _;

use serde::Serialize;

use crate::cli::reach::{BecauseRow, named};
use crate::model::text::{clean, plain_json};
use crate::report::columns::table;
use crate::report::document::{EvidenceRow, ObjectRow};
use crate::semantics::exposure::{Judged, Way};
use crate::semantics::reach::{Doubt, Verdict};

/// Name of the schema.
const SCHEMA: &str = "bartizan.exposure/1";

#[derive(Debug, Serialize)]
struct WayRow {
    kind: &'static str,
    level: &'static str,
    confidence: &'static str,
    /// Where a caller connects to, in words.
    at: String,
    /// From the outside in.
    hops: Vec<EvidenceRow>,
    /// Absent where what stands behind it is no pod that is visible.
    #[serde(skip_serializing_if = "Option::is_none")]
    workload: Option<ObjectRow>,
    /// Absent where no pod stands behind it.
    #[serde(skip_serializing_if = "Option::is_none")]
    policy: Option<PolicyRow>,
}

#[derive(Debug, Serialize)]
struct PolicyRow {
    verdict: &'static str,
    ports: Vec<String>,
    because: Vec<BecauseRow>,
    /// Whose address the policies see.
    source: String,
    /// Where not every client is let in: the blocks that are.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    clients: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest_miss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undetermined_because: Option<&'static str>,
}

impl From<&Judged> for PolicyRow {
    fn from(judged: &Judged) -> Self {
        PolicyRow {
            verdict: judged.verdict.word(),
            ports: judged.ports.words(),
            because: judged.because.iter().map(BecauseRow::from).collect(),
            source: judged.source.to_string(),
            clients: judged.clients.iter().map(ToString::to_string).collect(),
            nearest_miss: judged.nearest_miss.clone(),
            undetermined_because: judged.verdict.doubt().map(Doubt::word),
        }
    }
}

/// The answer in a format.
pub(in crate::cli) fn print(format: &str, ways: &[(Way, Option<Judged>)]) -> String {
    match format {
        "json" => {
            let rows: Vec<WayRow> = rows(ways).collect();
            let value = serde_json::json!({"schema": SCHEMA, "paths": rows});
            plain_json(&format!("{value:#}\n")).into_owned()
        }
        "jsonl" => {
            let mut text = format!("{}\n", serde_json::json!({"schema": SCHEMA}));
            for row in rows(ways) {
                let line = serde_json::to_string(&row).unwrap_or_default();
                let _ = writeln!(text, "{line}");
            }
            plain_json(&text).into_owned()
        }
        _ => for_people(ways),
    }
}

fn rows(ways: &[(Way, Option<Judged>)]) -> impl Iterator<Item = WayRow> {
    ways.iter().map(|(way, judged)| WayRow {
        kind: way.door.kind.word(),
        level: way.door.level.word(),
        confidence: way.door.confidence.word(),
        at: way.door.at.clone(),
        hops: way.hops().map(|hop| EvidenceRow::of(hop, None)).collect(),
        workload: way.workload.as_ref().map(ObjectRow::from),
        policy: judged.as_ref().map(PolicyRow::from),
    })
}

fn for_people(ways: &[(Way, Option<Judged>)]) -> String {
    let rows = ways.iter().map(|(way, judged)| {
        let door = &way.door;
        let workload = way.workload.as_ref().map(ToString::to_string);
        let (verdict, says) = match judged {
            Some(judged) => (judged.verdict.word(), reason(judged)),
            None => ("-", String::new()),
        };
        vec![
            door.level.word().to_owned(),
            door.confidence.word().to_owned(),
            door.kind.word().to_owned(),
            clean(&door.at).into_owned(),
            clean(&workload.unwrap_or_else(|| "no pod that is seen".to_owned())).into_owned(),
            verdict.to_owned(),
            clean(&says).into_owned(),
        ]
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return "No way in from outside was seen.\n".to_owned();
    }
    let head = ["FROM", "SURE", "BY", "AT", "TO", "POLICY", "BECAUSE"];
    let mut text = String::new();
    table(&mut text, &head, rows);
    text
}

fn reason(judged: &Judged) -> String {
    let by = named(&judged.because);
    let says = match (judged.verdict, &judged.nearest_miss) {
        (Verdict::Deny, Some(miss)) => miss.clone(),
        (Verdict::Undetermined(doubt), _) => {
            let by = by.map(|by| format!("{by}: "));
            format!("{}{}", by.unwrap_or_default(), doubt.sentence())
        }
        _ => by.unwrap_or_else(|| "no policy isolates it".to_owned()),
    };
    let only: Vec<String> = judged.clients.iter().map(ToString::to_string).collect();
    let only = if only.is_empty() {
        String::new()
    } else {
        format!(", from {} alone", only.join(", "))
    };
    format!("{} on {}: {says}{only}", judged.source, judged.ports)
}
