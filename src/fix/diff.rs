//! What a fix changes in the live object, line by line, as it may be shown.

use serde_json::Value;
use similar::{ChangeTag, TextDiff};

use super::redact::redacted;
use super::yaml;

/// Lines around a change that are shown with it.
const AROUND: usize = 3;

/// One line of a difference.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum DiffLine {
    /// Lines in between that do not change are left out.
    Gap,
    /// In both.
    Same(String),
    /// Only in the live object.
    Removed(String),
    /// Only in the patched one.
    Added(String),
}

impl DiffLine {
    /// The line as `diff -u` writes it.
    pub fn text(&self) -> String {
        match self {
            DiffLine::Gap => "...".to_owned(),
            DiffLine::Same(line) => format!(" {line}"),
            DiffLine::Removed(line) => format!("-{line}"),
            DiffLine::Added(line) => format!("+{line}"),
        }
    }
}

/// The difference between two full objects. Empty when nothing shown differs.
pub fn between(live: &Value, patched: &Value) -> Vec<DiffLine> {
    let (before, after) = (shown(live), shown(patched));
    let diff = TextDiff::from_lines(&before, &after);
    let mut lines = Vec::new();
    for (at, group) in diff.grouped_ops(AROUND).iter().enumerate() {
        if at > 0 {
            lines.push(DiffLine::Gap);
        }
        for change in group.iter().flat_map(|op| diff.iter_changes(op)) {
            let text = change.value().trim_end_matches('\n').to_owned();
            lines.push(match change.tag() {
                ChangeTag::Equal => DiffLine::Same(text),
                ChangeTag::Delete => DiffLine::Removed(text),
                ChangeTag::Insert => DiffLine::Added(text),
            });
        }
    }
    lines
}

/// The status is not what a fix changes, nor what the server keeps of versions.
fn shown(manifest: &Value) -> String {
    let mut manifest = redacted(manifest);
    if let Value::Object(map) = &mut manifest {
        map.shift_remove("status");
    }
    if let Some(Value::Object(metadata)) = manifest.get_mut("metadata") {
        for field in ["resourceVersion", "uid", "generation", "creationTimestamp"] {
            metadata.shift_remove(field);
        }
    }
    yaml::print(&manifest)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn only_what_changes_is_shown_and_no_value() {
        let pod = |privileged: bool| {
            json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a", "uid": "1"}, "spec": {"containers": [
                {"name": "web", "env": [{"name": "A", "value": "hunter2"}], "securityContext": {"privileged": privileged}}]},
                "status": {"phase": "Running"}})
        };
        let lines: Vec<String> = between(&pod(true), &pod(false))
            .iter()
            .map(DiffLine::text)
            .collect();
        assert_eq!(
            lines,
            [
                "     - name: A",
                "       value: (not shown)",
                "     securityContext:",
                "-      privileged: true",
                "+      privileged: false",
            ]
        );
        assert_eq!(between(&pod(true), &pod(true)), []);
    }

    #[test]
    fn far_apart_changes_have_a_gap_between() {
        let object = |value: u8| {
            let mut fields: serde_json::Map<String, Value> =
                (0..20).map(|n| (format!("f{n}"), json!(0))).collect();
            fields.insert("f1".into(), json!(value));
            fields.insert("f18".into(), json!(value));
            Value::Object(fields)
        };
        let lines = between(&object(0), &object(1));
        assert_eq!(lines.iter().filter(|l| **l == DiffLine::Gap).count(), 1);
        assert_eq!(
            lines
                .iter()
                .filter(|l| matches!(l, DiffLine::Added(_)))
                .count(),
            2
        );
    }
}
