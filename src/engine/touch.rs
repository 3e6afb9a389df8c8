//! What a batch touched: the input of incremental evaluation.

use std::collections::BTreeMap;
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

/// One touch for each object: from what it was before the first to what it is after the last. What came and went again, or
/// is as it was, is left out.
pub fn merged(touches: Vec<Touch>) -> Vec<Touch> {
    let mut places: BTreeMap<ObjectKey, usize> = BTreeMap::new();
    let mut all: Vec<Touch> = Vec::with_capacity(touches.len());
    for touch in touches {
        if let Touch::Object { key, new, .. } = &touch {
            let known = places.get(key).and_then(|at| all.get_mut(*at));
            if let Some(Touch::Object { new: last, .. }) = known {
                last.clone_from(new);
                continue;
            }
            places.insert(key.clone(), all.len());
        }
        all.push(touch);
    }
    all.retain(|touch| !matches!(touch, Touch::Object { old, new, .. } if old == new));
    all
}
