//! The kubectl line that shows the same fact: so that a person can check a verdict without trusting it.

use super::facts;
use super::row::RowId;
use crate::engine::Snapshot;
use crate::model::ObjectKey;
use crate::model::text::is_hostile;

/// The line for a row: the field that the verdict rests on, or the whole object. `None` where a name holds characters
/// that no shell word should hold.
pub fn shows(row: &RowId, snapshot: &Snapshot) -> Option<String> {
    match row {
        RowId::Finding(id) => {
            let finding = facts::finding(snapshot, id)?;
            let first = finding.evidence.iter().find(|e| !e.path.is_empty());
            first.map_or_else(|| get(&id.object, None), |e| get(&e.object, Some(&e.path)))
        }
        _ => get(row.object()?, None),
    }
}

fn get(key: &ObjectKey, path: Option<&str>) -> Option<String> {
    let kind = match key.known() {
        Some(kind) if kind.is_custom() => {
            format!("{}.{}", kind.info().plural, kind.info().group)
        }
        _ => key.kind.short(),
    };
    let mut line = format!("kubectl get {} {}", word(&kind)?, word(&key.name)?);
    if let Some(namespace) = &key.namespace {
        line += &format!(" -n {}", word(namespace)?);
    }
    match path.map(json_path) {
        Some(Some(path)) => line += &format!(" -o jsonpath={}", word(&format!("{{{path}}}"))?),
        Some(None) | None => line += " -o yaml",
    }
    Some(line)
}

/// A field path as kubectl's JSONPath reads it; `None` where it is more than fields and indexes.
fn json_path(path: &str) -> Option<String> {
    let plain = path
        .chars()
        .all(|c| c.is_ascii_alphanumeric() || "._[]-".contains(c));
    plain.then(|| format!(".{path}"))
}

/// One shell word that cannot be taken for a flag.
pub fn word(text: &str) -> Option<String> {
    if text.is_empty() || text.starts_with('-') || text.chars().any(is_hostile) {
        return None;
    }
    let safe = |c: char| c.is_ascii_alphanumeric() || "-_./:@%+=,".contains(c);
    if text.chars().all(safe) {
        Some(text.to_owned())
    } else {
        Some(format!("'{}'", text.replace('\'', r"'\''")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Kind;

    #[test]
    fn the_line_names_object_and_field() {
        let key = ObjectKey::namespaced(Kind::Deployment, "shop", "cart");
        assert_eq!(
            get(
                &key,
                Some("spec.template.spec.containers[0].securityContext.privileged")
            )
            .unwrap(),
            "kubectl get deploy cart -n shop -o jsonpath='{.spec.template.spec.containers[0].securityContext.privileged}'"
        );
        assert_eq!(
            get(&ObjectKey::cluster(Kind::ClusterRole, "it's"), None).unwrap(),
            r"kubectl get clusterrole 'it'\''s' -o yaml"
        );
        assert_eq!(
            get(&key, Some("metadata.labels[\"a b\"]")).unwrap(),
            "kubectl get deploy cart -n shop -o yaml"
        );
    }

    #[test]
    fn names_that_could_be_something_else_get_no_line() {
        for name in ["--all", "a\u{1b}[2J", "\u{202e}x", ""] {
            assert_eq!(
                get(&ObjectKey::cluster(Kind::ClusterRole, name), None),
                None
            );
        }
    }
}
