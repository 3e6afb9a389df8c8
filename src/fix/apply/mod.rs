//! What a printed document does to a full object: the API server's three patch formats, on plain values.
//!
//! The fix pane compares the result with the change that the document was made from before it says "proven", and shows
//! the difference to the live object. Anything these formats allow but our documents never use is refused, not guessed.

mod json_patch;
mod merge_keys;
mod merge_patch;
mod steps;
mod strategic;

use serde_json::Value;
use thiserror::Error;

pub use steps::{Objects, read, run};

use super::PatchKind;
use super::draft::takes_strategic;
use crate::model::ObjectKind;

/// Why a document cannot be applied.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ApplyError {
    /// A `test` operation does not hold: the object is not the one that the patch was made for.
    #[error("{0} is not what the patch expects: the object has changed")]
    Changed(String),
    /// A path leads nowhere.
    #[error("the object has no {0}")]
    NoSuchPath(String),
    /// Two items of a merged list have the same key: a strategic merge patch would alter the wrong one.
    #[error("two items of {0} have the same {1}: a strategic merge patch is unsafe here")]
    Repeated(String, &'static str),
    /// The document is not a patch of its kind.
    #[error("not a patch: {0}")]
    Malformed(String),
    /// Custom resources know no strategic merge patch.
    #[error("{0} takes no strategic merge patch")]
    NoStrategic(String),
}

/// The object after the patch.
pub fn patched(
    object: &Value,
    kind: &ObjectKind,
    format: PatchKind,
    patch: &Value,
) -> Result<Value, ApplyError> {
    match format {
        PatchKind::Strategic => strategic::apply(object, patch, kind),
        PatchKind::Json => json_patch::apply(object, patch),
        PatchKind::Merge => Ok(merge_patch::apply(object, patch)),
    }
}
