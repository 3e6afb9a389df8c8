//! `metav1.LabelSelector`.

use super::fields::wire;
use super::lenient::{List, Pairs, Text};
use super::pool::Pool;
use crate::model::objects::selector::{Requirement, Selector};

wire! {
    pub(super) struct LabelSelector<'a> {
        match_labels: Pairs<'a> = "matchLabels",
        match_expressions: List<Expression<'a>> = "matchExpressions",
    }
}

wire! {
    struct Expression<'a> {
        key: Text<'a> = "key",
        operator: Text<'a> = "operator",
        values: List<Text<'a>> = "values",
    }
}

impl LabelSelector<'_> {
    pub(super) fn fact(&self, pool: &mut Pool) -> Selector {
        Selector {
            labels: pool.labels(&self.match_labels, |_| true),
            expressions: self
                .match_expressions
                .iter()
                .map(|expression| Requirement {
                    key: pool.text(&expression.key),
                    operator: pool.text(&expression.operator),
                    values: pool.texts(&expression.values),
                })
                .collect(),
        }
    }
}

/// An absent selector is not an empty one.
pub(super) fn optional(selector: Option<&LabelSelector<'_>>, pool: &mut Pool) -> Option<Selector> {
    selector.map(|s| s.fact(pool))
}
