//! Evidence: the object, the field, its value now, and where that value comes from.

use super::{ObjectKey, Origin};

/// One fact that a verdict or a story's step rests on.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Evidence {
    /// The object that holds the field.
    pub object: ObjectKey,
    /// Field path as `kubectl explain` and JSONPath write it, list indexes in brackets. Empty: the object's existence.
    pub path: Box<str>,
    /// The value in words or JSON; `unset` where nothing is written. Never a secret's value.
    pub value: Box<str>,
    /// Where the value comes from.
    pub origin: Origin,
}

impl Evidence {
    /// Evidence with an explicit value.
    pub fn explicit(object: &ObjectKey, path: impl Into<String>, value: impl ToString) -> Self {
        Evidence::new(object, path, value, Origin::Explicit)
    }

    /// Evidence of any origin.
    pub fn new(
        object: &ObjectKey,
        path: impl Into<String>,
        value: impl ToString,
        origin: Origin,
    ) -> Self {
        Evidence {
            object: object.clone(),
            path: path.into().into_boxed_str(),
            value: value.to_string().into_boxed_str(),
            origin,
        }
    }
}
