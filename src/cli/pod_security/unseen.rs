//! What an answer about pods lacks: kinds that may not be listed, objects that could not be read, settings that the API
//! does not show.

use crate::cli::output;
use crate::engine::Snapshot;
use crate::model::Kind;
use crate::report::document::{NotAssessedRow, NotVisibleRow};

use super::Asked;

/// What is not visible, of pods and what owns them.
pub(in crate::cli) struct Unseen {
    /// Places that may not be read, then settings outside the API.
    pub(super) not_visible: Vec<NotVisibleRow>,
    /// Objects that could not be decoded.
    pub(super) not_assessed: Vec<NotAssessedRow>,
    blind: usize,
}

impl Unseen {
    /// From a snapshot: only what bears on the question.
    pub(in crate::cli) fn of(snapshot: &Snapshot, asked: &Asked<'_>) -> Self {
        let holds_pods = |kind: Kind| kind == Kind::Pod || Kind::TEMPLATED.contains(&kind);
        let matters = |kind: Kind| holds_pods(kind) || kind == Kind::Namespace;
        let places = snapshot.not_visible.iter().filter(|row| {
            row.missing.as_ref().is_some_and(|missing| {
                let place = missing.namespace.as_deref();
                matters(missing.kind) && place.is_none_or(|p| asked.covers(p))
            })
        });
        let not_visible: Vec<NotVisibleRow> = places
            .map(|row| NotVisibleRow {
                what: row.what.clone(),
                reason: row.reason.clone(),
                how: row.how.clone(),
            })
            .collect();
        let broken = snapshot.not_assessed.iter().filter(|row| {
            row.object.known().is_some_and(matters) && asked.covers(row.object.home())
        });
        Unseen {
            blind: not_visible.len(),
            not_visible,
            not_assessed: broken
                .map(|row| NotAssessedRow {
                    object: (&row.object).into(),
                    why: row.why.clone(),
                })
                .collect(),
        }
    }

    /// Adds settings of the API server that the API does not show.
    pub(super) fn outside_api(&self) -> Unseen {
        let setting = |what: &str| {
            NotVisibleRow {
            what: what.to_owned(),
            reason: "outside what the API tells".to_owned(),
            how: "read the AdmissionConfiguration that kube-apiserver is given with --admission-control-config-file".to_owned(),
        }
        };
        let settings = [
            setting(
                "the cluster's default Pod Security levels, privileged unless somebody changed them",
            ),
            setting("users, namespaces and runtime classes that are exempt from Pod Security"),
        ];
        Unseen {
            blind: self.blind,
            not_visible: self.not_visible.iter().cloned().chain(settings).collect(),
            not_assessed: self.not_assessed.clone(),
        }
    }

    /// How many (kind, namespace) pairs are not visible.
    pub(in crate::cli) fn blind(&self) -> usize {
        self.blind
    }

    /// Rows of JSON lines.
    pub(super) fn lines(&self) -> impl Iterator<Item = serde_json::Value> {
        let not_visible = self.not_visible.iter();
        let not_visible = not_visible.map(|row| serde_json::json!({"not_visible": row}));
        let not_assessed = self.not_assessed.iter();
        not_visible.chain(not_assessed.map(|row| serde_json::json!({"not_assessed": row})))
    }

    /// For people: the list is not whole.
    pub(in crate::cli) fn say(&self) {
        for row in &self.not_visible[..self.blind] {
            output::note(&format!("not visible: {} ({})", row.what, row.reason));
        }
        for row in &self.not_assessed {
            let object = &row.object;
            let namespace = object.namespace.as_deref().unwrap_or("");
            output::note(&format!(
                "not assessed: {} {namespace}/{}: {}",
                object.kind, object.name, row.why
            ));
        }
    }
}
