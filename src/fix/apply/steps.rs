//! Whole plans: what the printed steps make of full objects, one after the other.

use std::collections::BTreeMap;

use serde_json::Value;

use super::{ApplyError, patched};
use crate::fix::plan::{Action, PatchKind, Step};
use crate::model::{ObjectKey, ObjectKind};

/// Full objects by identity.
pub type Objects = BTreeMap<ObjectKey, Value>;

/// Takes the steps of a plan on these objects. Documents are read as printed.
pub fn run(steps: &[Step], objects: &mut Objects) -> Result<(), ApplyError> {
    let mut deleted = Objects::new();
    for step in steps {
        match step.action {
            Action::Command => {}
            Action::Apply => {
                objects.insert(step.target.clone(), read(&step.yaml)?);
            }
            Action::Delete => {
                let object = objects.remove(&step.target);
                deleted.extend(object.map(|o| (step.target.clone(), o)));
            }
            Action::Create => {
                let object = deleted.remove(&step.target);
                objects.extend(object.map(|o| (step.target.clone(), o)));
            }
            Action::Patch(format) => {
                let document = read(&step.yaml)?;
                let object = objects.get_mut(&step.target);
                let object =
                    object.ok_or_else(|| ApplyError::NoSuchPath(step.target.to_string()))?;
                *object = match document.get("patches") {
                    Some(patches) => kustomized(object, &step.target.kind, patches)?,
                    None => patched(object, &step.target.kind, format, &document)?,
                };
            }
        }
    }
    Ok(())
}

/// The patches of a kustomization, each of the kind that its form shows.
fn kustomized(object: &Value, kind: &ObjectKind, patches: &Value) -> Result<Value, ApplyError> {
    let mut result = object.clone();
    for patch in patches.as_array().into_iter().flatten() {
        let text = patch.get("patch").and_then(Value::as_str);
        let document = read(text.unwrap_or_default())?;
        let format = match document {
            Value::Array(_) => PatchKind::Json,
            _ if super::takes_strategic(kind) => PatchKind::Strategic,
            _ => PatchKind::Merge,
        };
        result = patched(&result, kind, format, &document)?;
    }
    Ok(result)
}

/// Reads a document.
pub fn read(yaml: &str) -> Result<Value, ApplyError> {
    serde_saphyr::from_str(yaml).map_err(|e| ApplyError::Malformed(e.to_string()))
}
