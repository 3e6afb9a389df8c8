//! One row for every pod, and for the pod template of every top owner.

use serde::Serialize;

use super::{Asked, Unseen, ViolationRow, json};
use crate::model::text::clean;
use crate::model::{Kind, Object, ObjectKey};
use crate::report::columns::table;
use crate::report::document::ObjectRow;
use crate::semantics::pod_security::{Level, PodFacts, highest_level, violations};
use crate::view::top_owner;

/// A pod or a template, judged.
#[derive(Clone, Debug, Serialize)]
pub(in crate::cli) struct PodRow {
    object: ObjectRow,
    level: &'static str,
    version: String,
    /// Nothing refuses it.
    pub(in crate::cli) allowed: bool,
    violations: Vec<ViolationRow>,
    highest_level: &'static str,
}

/// Every row, by namespace, kind and name.
pub(in crate::cli) fn rows(asked: &Asked<'_>) -> Vec<PodRow> {
    let (level, minor) = (asked.level.unwrap_or(Level::Restricted), asked.minor());
    let mut judged: Vec<(&ObjectKey, PodFacts<'_>)> = Vec::new();
    for (_, space) in asked.world.spaces().filter(|(name, _)| asked.covers(name)) {
        for kind in Kind::TEMPLATED.into_iter().chain([Kind::Pod]) {
            for object in space.table(kind).values() {
                match &**object {
                    Object::Pod(pod) => judged.push((&pod.meta.key, pod.into())),
                    Object::Workload(workload)
                        if top_owner(asked.world, object) == workload.meta.key =>
                    {
                        judged.push((&workload.meta.key, (&workload.template).into()));
                    }
                    _ => {}
                }
            }
        }
    }
    judged.sort_by_key(|(key, _)| *key);
    let row = |(key, pod): (&ObjectKey, PodFacts<'_>)| {
        let violations: Vec<ViolationRow> = violations(level, minor, pod).map(Into::into).collect();
        PodRow {
            object: key.into(),
            level: level.word(),
            version: format!("v1.{minor}"),
            allowed: violations.is_empty(),
            violations,
            highest_level: highest_level(minor, pod).word(),
        }
    };
    judged.into_iter().map(row).collect()
}

/// The rows in a format.
pub(in crate::cli) fn print(format: &str, rows: &[PodRow], unseen: &Unseen) -> String {
    if format != "table" {
        return json(format, "pods", rows, unseen);
    }
    let mut text = String::new();
    let Some(first) = rows.first() else {
        return "no pods and no pod templates\n".to_owned();
    };
    let at = format!("AT {} {}", first.level.to_uppercase(), first.version);
    let lines = rows.iter().flat_map(|row| {
        let namespace = row.object.namespace.as_deref().unwrap_or("");
        let name = format!("{}/{}", row.object.kind, row.object.name);
        let mut said = row.violations.iter().map(said);
        let verdict = said.next().unwrap_or_else(|| "allowed".to_owned());
        let first = vec![
            clean(namespace).into_owned(),
            clean(&name).into_owned(),
            row.highest_level.to_owned(),
            verdict,
        ];
        let rest = said.map(|s| vec![String::new(), String::new(), String::new(), s]);
        std::iter::once(first).chain(rest).collect::<Vec<_>>()
    });
    table(
        &mut text,
        &["NAMESPACE", "OBJECT", "MEETS", &at],
        lines.collect(),
    );
    let allowed = rows.iter().filter(|row| row.allowed).count();
    text += &format!("\n{allowed} of {} allowed\n", rows.len());
    text
}

/// A violation in a line of a table.
pub(super) fn said(violation: &ViolationRow) -> String {
    let detail = clean(&violation.detail);
    format!("{} ({detail})", violation.reason)
}
