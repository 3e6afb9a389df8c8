//! `metav1.LabelSelector` as written. Matching lives in `semantics::selectors`.

use crate::model::{Labels, Str};

/// A label selector. `None` where the field is absent matters to its owner and is kept there as `Option<Selector>`.
#[derive(
    Clone,
    Debug,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    serde::Serialize,
    serde::Deserialize,
)]
pub struct Selector {
    /// `matchLabels`.
    pub labels: Labels,
    /// `matchExpressions`.
    pub expressions: Box<[Requirement]>,
}

/// One expression.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Requirement {
    /// Label key.
    pub key: Str,
    /// `In`, `NotIn`, `Exists`, `DoesNotExist`, as written: an unknown operator matches nothing.
    pub operator: Str,
    /// Values.
    pub values: Box<[Str]>,
}

impl Selector {
    /// Selects everything (empty, not absent).
    pub fn is_empty(&self) -> bool {
        self.labels.is_empty() && self.expressions.is_empty()
    }
}
