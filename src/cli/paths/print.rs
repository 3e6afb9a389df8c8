//! Ways, cuts and edges, in their formats.

use std::fmt::Write as _;

use serde::Serialize;

use crate::model::Evidence;
use crate::model::text::{clean, plain_json};
use crate::report::document::EvidenceRow;
use crate::semantics::paths::{Cut, Found, Graph, Way};

/// Name of the schema.
const SCHEMA: &str = "bartizan.paths/1";

/// The whole answer.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct Answer {
    schema: &'static str,
    from: String,
    to: String,
    paths: Vec<WayRow>,
    /// There are more paths than these.
    more: bool,
    cuts: Vec<CutRow>,
    unsure: Vec<WayRow>,
    more_unsure: bool,
    not_visible: Vec<String>,
}

#[derive(Debug, Serialize)]
struct WayRow {
    cost: u32,
    steps: Vec<StepRow>,
}

#[derive(Debug, Serialize)]
struct StepRow {
    edge: &'static str,
    from: String,
    to: String,
    says: String,
    evidence: Vec<EvidenceRow>,
    /// What is not visible and decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    unsure: Option<String>,
}

#[derive(Debug, Serialize)]
struct CutRow {
    change: String,
    /// Of the paths above.
    ends: usize,
    /// Paths that are left, new ones included.
    leaves: usize,
    /// More than these are left.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    more: bool,
}

/// An edge of the graph, on a line of its own.
#[derive(Debug, Serialize)]
struct EdgeRow {
    edge: &'static str,
    from: String,
    to: String,
    cost: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    note: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unsure: Option<String>,
    evidence: Vec<EvidenceRow>,
}

impl Answer {
    /// From what was found.
    pub(in crate::cli) fn new(
        (from, to): (&str, &str),
        found: &Found,
        cuts: &[Cut],
        not_visible: Vec<String>,
    ) -> Answer {
        let cut = |cut: &Cut| CutRow {
            change: cut.says.clone(),
            ends: cut.ends,
            leaves: cut.leaves,
            more: cut.more,
        };
        Answer {
            schema: SCHEMA,
            from: from.to_owned(),
            to: to.to_owned(),
            paths: found.paths.iter().map(way).collect(),
            more: found.more,
            cuts: cuts.iter().map(cut).collect(),
            unsure: found.unsure.iter().map(way).collect(),
            more_unsure: found.more_unsure,
            not_visible,
        }
    }
}

fn way(way: &Way) -> WayRow {
    let steps = way.steps.iter().map(|step| StepRow {
        edge: step.edge,
        from: step.from.clone(),
        to: step.to.clone(),
        says: step.says.clone(),
        evidence: step.evidence.iter().map(row).collect(),
        unsure: step.unsure.clone(),
    });
    WayRow {
        cost: way.cost,
        steps: steps.collect(),
    }
}

fn row(evidence: &Evidence) -> EvidenceRow {
    EvidenceRow::of(evidence, None)
}

/// The answer in a format.
pub(in crate::cli) fn print(format: &str, answer: &Answer) -> String {
    match format {
        "json" => {
            let value = serde_json::to_value(answer).unwrap_or_default();
            plain_json(&format!("{value:#}\n")).into_owned()
        }
        _ => for_people(answer),
    }
}

/// Every edge, a JSON object a line.
pub(in crate::cli) fn edges(graph: &Graph<'_>) -> String {
    let mut text = String::new();
    for edge in graph.edges() {
        let causes = edge.causes.iter();
        let evidence = causes.flat_map(crate::semantics::paths::edge::Cause::evidence);
        let line = EdgeRow {
            edge: if edge.kind.is_pass() {
                "then"
            } else {
                edge.kind.id
            },
            from: graph.name(edge.from),
            to: graph.name(edge.to),
            cost: edge.kind.cost,
            note: edge.note.clone(),
            unsure: edge.unsure.clone(),
            evidence: evidence.map(|e| row(&e)).collect(),
        };
        let value = serde_json::to_value(line).unwrap_or_default();
        let _ = writeln!(text, "{value}");
    }
    plain_json(&text).into_owned()
}

fn for_people(answer: &Answer) -> String {
    let mut text = String::new();
    if answer.paths.is_empty() {
        let _ = writeln!(
            text,
            "No path from {} to {}.",
            clean(&answer.from),
            clean(&answer.to)
        );
    }
    ways(&mut text, "PATH", &answer.paths, answer.more);
    if !answer.unsure.is_empty() {
        let _ = writeln!(text, "\nWhat is not visible decides of these:");
        ways(&mut text, "UNSURE", &answer.unsure, answer.more_unsure);
    }
    if !answer.cuts.is_empty() {
        text += "\nCHANGES\n";
    }
    for cut in &answer.cuts {
        let at_least = if cut.more { "at least " } else { "" };
        let _ = writeln!(
            text,
            "  ends {}, leaves {at_least}{}  {}",
            cut.ends,
            cut.leaves,
            clean(&cut.change)
        );
    }
    text
}

fn ways(text: &mut String, word: &str, rows: &[WayRow], more: bool) {
    for (at, way) in rows.iter().enumerate() {
        let _ = writeln!(text, "{word} {}  cost {}", at + 1, way.cost);
        for step in &way.steps {
            let _ = writeln!(text, "  {}  {}", step.edge, clean(&step.says));
            for evidence in &step.evidence {
                let object = evidence.object.as_ref().map(|object| {
                    let place = object.namespace.iter().map(|ns| format!("{ns}/"));
                    format!(
                        "{} {}{}",
                        object.kind,
                        place.collect::<String>(),
                        object.name
                    )
                });
                let object = object.unwrap_or_default();
                let _ = writeln!(
                    text,
                    "      {} {} {} ({})",
                    clean(&object),
                    clean(&evidence.path),
                    clean(&evidence.value),
                    evidence.origin
                );
            }
            if let Some(why) = &step.unsure {
                let _ = writeln!(text, "      not certain: {}", clean(why));
            }
        }
    }
    if more {
        let _ = writeln!(text, "There are more; --limit shows them.");
    }
}
