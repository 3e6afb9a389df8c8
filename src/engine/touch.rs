//! What a batch touched: the input of incremental evaluation.

use std::sync::Arc;

use crate::model::{Kind, Object, ObjectKey, Str};

/// One thing that changed.
#[derive(Clone, Debug)]
pub enum Touch {
    /// An object appeared, changed or went. At least one side is there, and they differ.
    Object {
        /// Its identity.
        key: ObjectKey,
        /// Before.
        old: Option<Arc<Object>>,
        /// Now.
        new: Option<Arc<Object>>,
    },
    /// What is visible of a kind changed; `None` is cluster-wide.
    Sight(Kind, Option<Str>),
    /// Version or source changed: everything runs again.
    Everything,
}

impl Touch {
    /// The kind that was touched; `None` for everything.
    pub fn kind(&self) -> Option<Kind> {
        match self {
            Touch::Object { key, .. } => key.known(),
            Touch::Sight(kind, _) => Some(*kind),
            Touch::Everything => None,
        }
    }
}
