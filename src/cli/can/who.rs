//! Everybody who may do something, as rows, in three formats.
//!
//! Groups have members that the API does not list: they are named as such and never counted.

use serde::Serialize;

use crate::model::text::{clean, plain_json};
use crate::model::{Missing, Subject};
use crate::report::columns::table;
use crate::report::document::ObjectRow;
use crate::semantics::other_authorizers::other_authorizers;
use crate::semantics::rbac::{Action, Via, members, role_key, who_can};
use crate::view::{View, World};

/// Name of the schema.
const SCHEMA: &str = "bartizan.who-can/1";

/// The whole answer.
#[derive(Debug, Serialize)]
pub(in crate::cli) struct WhoRows {
    schema: &'static str,
    subjects: Vec<SubjectRow>,
    not_enumerable: Vec<String>,
    /// Bindings and roles that could not be read: there may be more subjects.
    pub(in crate::cli) not_visible: Vec<String>,
}

#[derive(Debug, Serialize)]
struct SubjectRow {
    subject: String,
    via: Vec<ViaRow>,
    scope: &'static str,
    /// Service accounts that a group of accounts holds.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    members: Vec<String>,
}

#[derive(Debug, Serialize)]
struct ViaRow {
    binding: ObjectRow,
    role: ObjectRow,
    /// Index of the first rule of the role that allows it.
    rule: usize,
}

/// Everybody that RBAC allows it, in order of kind and name.
pub(in crate::cli) fn rows(world: &World, what: &Action) -> WhoRows {
    let view = View::new(world);
    let found = who_can(&view, what);
    let unseen = view.take_blind();
    let mut not_enumerable = Vec::new();
    let mut subjects = Vec::new();
    for who in &found {
        let members = match &who.subject {
            Subject::Group(group) => members(&view, group),
            _ => Some(Vec::new()),
        };
        if members.is_none() {
            not_enumerable.push(format!("members of {}", says(&who.subject)));
        }
        let members = members
            .unwrap_or_default()
            .iter()
            .map(ToString::to_string)
            .collect();
        // Members of system:masters are allowed it everywhere.
        let cluster = who.via.is_empty() || who.via.iter().any(Via::is_cluster);
        subjects.push(SubjectRow {
            subject: who.subject.to_string(),
            via: who.via.iter().map(via).collect(),
            scope: if cluster { "cluster" } else { "namespace" },
            members,
        });
    }
    for other in other_authorizers(world) {
        not_enumerable.push(other.sentence());
    }
    WhoRows {
        schema: SCHEMA,
        subjects,
        not_enumerable,
        not_visible: unseen.iter().map(Missing::sentence).collect(),
    }
}

fn via(via: &Via<'_>) -> ViaRow {
    let binding = via.0.grant.binding;
    ViaRow {
        binding: (&binding.meta.key).into(),
        role: (&role_key(binding)).into(),
        rule: via.0.at,
    }
}

fn says(subject: &Subject) -> String {
    match subject {
        Subject::Group(group) => format!("group {group}"),
        other => other.to_string(),
    }
}

/// The answer in a format.
pub(in crate::cli) fn print(format: &str, rows: &WhoRows) -> String {
    let text = match format {
        "json" => format!("{:#}\n", serde_json::to_value(rows).unwrap_or_default()),
        "jsonl" => {
            let mut text = format!("{}\n", serde_json::json!({"schema": SCHEMA}));
            for row in &rows.subjects {
                text += &format!("{}\n", serde_json::to_value(row).unwrap_or_default());
            }
            for rest in &rows.not_enumerable {
                text += &format!("{}\n", serde_json::json!({"not_enumerable": rest}));
            }
            for rest in &rows.not_visible {
                text += &format!("{}\n", serde_json::json!({"not_visible": rest}));
            }
            text
        }
        _ => return for_people(rows),
    };
    plain_json(&text).into_owned()
}

fn for_people(rows: &WhoRows) -> String {
    let cell = |text: &str| clean(text).into_owned();
    let mut text = String::new();
    let mut lines = Vec::new();
    for row in &rows.subjects {
        if row.via.is_empty() {
            let before = "before RBAC is asked".to_owned();
            lines.push(vec![
                cell(&row.subject),
                row.scope.to_owned(),
                before,
                String::new(),
            ]);
        }
        for via in &row.via {
            let place = match &via.binding.namespace {
                None => via.binding.name.clone(),
                Some(namespace) => format!("{namespace}/{}", via.binding.name),
            };
            lines.push(vec![
                cell(&row.subject),
                via.binding
                    .namespace
                    .as_deref()
                    .map_or("cluster".to_owned(), cell),
                format!("{} {}", via.binding.kind, cell(&place)),
                format!(
                    "{} {} rules[{}]",
                    via.role.kind,
                    cell(&via.role.name),
                    via.rule
                ),
            ]);
        }
    }
    table(&mut text, &["SUBJECT", "SCOPE", "BINDING", "ROLE"], lines);
    for rest in &rows.not_enumerable {
        text += &format!("not listed by the API: {}\n", clean(rest));
    }
    text
}
