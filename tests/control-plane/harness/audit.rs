//! The audit log of the API server: who really asked what.

use std::collections::BTreeSet;
use std::fs;

use anyhow::Context;
use serde_json::Value;

use super::{Cluster, Result};

/// One request. A watch is one line however long it lasts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AuditLine {
    /// Who asked, before any impersonation.
    pub user: String,
    /// As whom, if `--as` was used.
    pub impersonated: Option<String>,
    /// `get`, `list`, `watch`, `create` and so on; of a path outside the resources, the HTTP method.
    pub verb: String,
    /// The API group; empty for the core group.
    pub group: String,
    /// The resource, in the plural; empty for other paths.
    pub resource: String,
    /// What follows the name, such as `log`; mostly empty.
    pub subresource: String,
    /// Empty where the request was for the whole cluster.
    pub namespace: String,
    /// The name asked for; empty in lists and watches.
    pub name: String,
    /// Path and query.
    pub uri: String,
    /// What the client calls itself.
    pub user_agent: String,
    /// The status of the answer.
    pub code: u64,
}

impl Cluster {
    /// Every request so far, oldest first. The server writes a line before it answers.
    pub fn audit(&self) -> Result<Vec<AuditLine>> {
        let log = fs::read_to_string(self.directory.join("audit.log"))
            .context("reading the audit log")?;
        let mut seen = BTreeSet::new();
        let mut lines = Vec::new();
        let written = log.rfind('\n').map_or("", |end| &log[..end]); // the last line may still be on its way
        for line in written.lines() {
            let event: Value =
                serde_json::from_str(line).with_context(|| format!("an audit line: {line}"))?;
            // The start and the end of a watch are two events of one request.
            if seen.insert(text(&event["auditID"])) {
                lines.push(AuditLine::from_event(&event));
            }
        }
        Ok(lines)
    }
}

impl AuditLine {
    fn from_event(event: &Value) -> Self {
        let object = &event["objectRef"];
        Self {
            user: text(&event["user"]["username"]),
            impersonated: event["impersonatedUser"]["username"]
                .as_str()
                .map(str::to_owned),
            verb: text(&event["verb"]),
            group: text(&object["apiGroup"]),
            resource: text(&object["resource"]),
            subresource: text(&object["subresource"]),
            namespace: text(&object["namespace"]),
            name: text(&object["name"]),
            uri: text(&event["requestURI"]),
            user_agent: text(&event["userAgent"]),
            code: event["responseStatus"]["code"].as_u64().unwrap_or_default(),
        }
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}
