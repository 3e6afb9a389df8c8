//! The two answers of `pod-security`: rows, and their three formats.

pub(super) mod namespaces;
pub(super) mod pods;
mod unseen;

use serde::Serialize;

use crate::model::text::plain_json;
use crate::semantics::pod_security::{Level, Version, Violation};
use crate::view::World;

pub(super) use unseen::Unseen;

/// Name of the schema.
const SCHEMA: &str = "bartizan.pod-security/1";

/// What is asked, and of what.
pub(super) struct Asked<'a> {
    /// Everything that is visible.
    pub(super) world: &'a World,
    /// The level, when one is named.
    pub(super) level: Option<Level>,
    /// The version, when one is named.
    pub(super) version: Option<Version>,
    /// Only these; all when empty.
    pub(super) namespaces: &'a [String],
}

impl Asked<'_> {
    fn covers(&self, namespace: &str) -> bool {
        self.namespaces.is_empty() || self.namespaces.iter().any(|n| n == namespace)
    }

    /// The minor whose rules are applied: a version that is asked for on the command line may be newer than the server.
    fn minor(&self) -> u32 {
        match self.version {
            Some(version @ Version::Minor(_)) => version.applied(None),
            _ => self.server_minor(Version::Latest),
        }
    }

    /// The minor whose rules this server applies where a label names a version.
    fn server_minor(&self, version: Version) -> u32 {
        version.applied(self.world.cluster().version.as_ref())
    }
}

/// A control that refuses a pod, in upstream's words.
#[derive(Clone, Debug, Serialize)]
pub(super) struct ViolationRow {
    /// Upstream's check id.
    control: &'static str,
    /// Upstream's `ForbiddenReason`.
    reason: &'static str,
    /// Upstream's `ForbiddenDetail`.
    detail: String,
}

impl From<Violation> for ViolationRow {
    fn from(violation: Violation) -> Self {
        ViolationRow {
            control: violation.control,
            reason: violation.refusal.reason,
            detail: violation.refusal.detail,
        }
    }
}

/// The rows in a JSON format: one document, or the schema's name and then a row a line.
fn json<T: Serialize>(format: &str, list: &str, rows: &[T], unseen: &Unseen) -> String {
    let value = |row: &T| serde_json::to_value(row).unwrap_or_default();
    let rows = rows.iter().map(value);
    let text = if format == "json" {
        let mut document = serde_json::json!({"schema": SCHEMA});
        document[list] = rows.collect();
        document["not_visible"] = serde_json::json!(unseen.not_visible);
        document["not_assessed"] = serde_json::json!(unseen.not_assessed);
        format!("{document:#}\n")
    } else {
        let head = std::iter::once(serde_json::json!({"schema": SCHEMA}));
        let all = head.chain(rows).chain(unseen.lines());
        all.fold(String::new(), |text, row| text + &format!("{row}\n"))
    };
    plain_json(&text).into_owned()
}
