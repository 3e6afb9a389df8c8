//! Pairs in three formats.

use std::fmt::Write as _;

use serde::Serialize;

use super::ask::{Pair, Side};
use crate::model::text::{clean, plain_json};
use crate::report::columns::table;
use crate::report::document::ObjectRow;
use crate::semantics::reach::{Because, Doubt, Row, Verdict};

/// Name of the schema.
const SCHEMA: &str = "bartizan.reach/1";

/// One end.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum EndRow {
    Workload(ObjectRow),
    Block { cidr: String },
}

/// One row of a pair.
#[derive(Debug, Serialize)]
pub(super) struct PairRow {
    from: EndRow,
    to: EndRow,
    verdict: &'static str,
    ports: Vec<String>,
    because: Vec<BecauseRow>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nearest_miss: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    undetermined_because: Option<&'static str>,
}

/// What decides.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct BecauseRow {
    policy: ObjectRow,
    direction: String,
    /// Index of the rule; absent where no rule of the policy allows it.
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<usize>,
}

/// The answer in a format.
pub(in crate::cli) fn print(format: &str, pairs: &[Pair<'_>]) -> String {
    match format {
        "json" => {
            let rows: Vec<PairRow> = rows(pairs).collect();
            let value = serde_json::json!({"schema": SCHEMA, "pairs": rows});
            plain_json(&format!("{value:#}\n")).into_owned()
        }
        "jsonl" => {
            let mut text = format!("{}\n", serde_json::json!({"schema": SCHEMA}));
            for row in rows(pairs) {
                let line = serde_json::to_string(&row).unwrap_or_default();
                let _ = writeln!(text, "{line}");
            }
            plain_json(&text).into_owned()
        }
        _ => for_people(pairs),
    }
}

fn rows(pairs: &[Pair<'_>]) -> impl Iterator<Item = PairRow> {
    let each = pairs.iter();
    each.flat_map(|pair| pair_rows(|| end(&pair.from), || end(&pair.to), &pair.rows))
}

/// Rows of one pair.
pub(super) fn pair_rows(
    from: impl Fn() -> EndRow,
    to: impl Fn() -> EndRow,
    rows: &[Row],
) -> impl Iterator<Item = PairRow> {
    rows.iter().map(move |row| PairRow {
        from: from(),
        to: to(),
        verdict: row.verdict.word(),
        ports: row.ports.words(),
        because: row.because.iter().map(BecauseRow::from).collect(),
        nearest_miss: row.nearest_miss.clone(),
        undetermined_because: row.verdict.doubt().map(Doubt::word),
    })
}

fn end(side: &Side<'_>) -> EndRow {
    match side {
        Side::Workload(key) => EndRow::Workload(ObjectRow::from(*key)),
        Side::Block(_, cidr) => EndRow::Block { cidr: cidr.clone() },
    }
}

impl From<&Because> for BecauseRow {
    fn from(because: &Because) -> Self {
        BecauseRow {
            policy: ObjectRow::from(&because.policy),
            direction: because.direction.word().to_lowercase(),
            rule: because.rule,
        }
    }
}

fn for_people(pairs: &[Pair<'_>]) -> String {
    let name = |side: &Side<'_>| match side {
        Side::Workload(key) => clean(&key.to_string()).into_owned(),
        Side::Block(_, cidr) => cidr.clone(),
    };
    let rows = pairs.iter().flat_map(|pair| {
        pair.rows.iter().map(|row| {
            let ports = match row.verdict {
                Verdict::Deny => "-".to_owned(),
                Verdict::Allow | Verdict::Undetermined(_) => row.ports.to_string(),
            };
            vec![
                name(&pair.from),
                name(&pair.to),
                row.verdict.word().to_owned(),
                ports,
                clean(&reason(row)).into_owned(),
            ]
        })
    });
    let rows: Vec<_> = rows.collect();
    if rows.is_empty() {
        return "Nobody reaches anybody of these.\n".to_owned();
    }
    let mut text = String::new();
    table(
        &mut text,
        &["FROM", "TO", "VERDICT", "PORTS", "BECAUSE"],
        rows,
    );
    text
}

fn reason(row: &Row) -> String {
    if let Some(miss) = &row.nearest_miss {
        return miss.clone();
    }
    match (named(&row.because), row.verdict) {
        (None, Verdict::Undetermined(doubt)) => doubt.sentence().to_owned(),
        (Some(by), Verdict::Undetermined(doubt)) => format!("{by}: {}", doubt.sentence()),
        (None, Verdict::Allow | Verdict::Deny) => "no policy isolates either".to_owned(),
        (Some(by), Verdict::Allow | Verdict::Deny) => by,
    }
}

/// Policies and rules, in words; `None` for none.
pub(in crate::cli) fn named(because: &[Because]) -> Option<String> {
    let by = because.iter().map(|b| {
        let rule = b
            .rule
            .map(|rule| format!(" rule {rule}"))
            .unwrap_or_default();
        let direction = b.direction.word().to_lowercase();
        format!("{}/{} {direction}{rule}", b.policy.home(), b.policy.name)
    });
    let by: Vec<String> = by.collect();
    (!by.is_empty()).then(|| by.join(", "))
}
