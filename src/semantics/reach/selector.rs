//! Label selectors with numbers for their words, so that equal ones are one and matching is a few comparisons.
//!
//! The meaning is that of [`selectors`](crate::semantics::selectors), which a test holds them to.

use super::names::{NameId, Names};
use crate::model::objects::selector::Selector;
use crate::semantics::selectors;

/// Labels as numbers, sorted by key.
pub type Pairs = Box<[(NameId, NameId)]>;

/// The value of a key.
pub fn value(pairs: &[(NameId, NameId)], key: NameId) -> Option<NameId> {
    let at = pairs.binary_search_by_key(&key, |(key, _)| *key).ok()?;
    pairs.get(at).map(|(_, value)| *value)
}

/// What one requirement asks of a key's value.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Operator {
    /// One of the values.
    In,
    /// None of the values, or no such key.
    NotIn,
    /// The key is there.
    Exists,
    /// The key is not there.
    DoesNotExist,
}

/// One requirement.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Wanted {
    /// Key.
    pub key: NameId,
    /// What is asked.
    pub operator: Operator,
    /// Values, sorted.
    pub values: Box<[NameId]>,
}

impl Wanted {
    /// True when labels meet it.
    pub fn holds(&self, pairs: &[(NameId, NameId)]) -> bool {
        let value = value(pairs, self.key);
        let among = |value| self.values.binary_search(&value).is_ok();
        match self.operator {
            Operator::In => value.is_some_and(among),
            Operator::NotIn => !value.is_some_and(among),
            Operator::Exists => value.is_some(),
            Operator::DoesNotExist => value.is_none(),
        }
    }
}

/// A selector: every requirement must hold.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Chosen {
    /// Requirements, sorted; none selects everything.
    All(Box<[Wanted]>),
    /// The API would refuse it: it selects nothing.
    Nothing,
}

impl Chosen {
    /// A selector as written, in canonical form.
    pub fn new(selector: &Selector, names: &mut Names) -> Chosen {
        if !selector.expressions.iter().all(selectors::is_valid) {
            return Chosen::Nothing;
        }
        let mut wanted: Vec<Wanted> = Vec::new();
        for (key, value) in selector.labels.iter() {
            wanted.push(Wanted {
                key: names.id(key),
                operator: Operator::In,
                values: Box::new([names.id(value)]),
            });
        }
        for expression in &selector.expressions {
            let mut values: Vec<NameId> = expression.values.iter().map(|v| names.id(v)).collect();
            values.sort_unstable();
            values.dedup();
            wanted.push(Wanted {
                key: names.id(&expression.key),
                operator: match &*expression.operator {
                    "In" => Operator::In,
                    "NotIn" => Operator::NotIn,
                    "Exists" => Operator::Exists,
                    _ => Operator::DoesNotExist,
                },
                values: values.into(),
            });
        }
        wanted.sort_unstable();
        wanted.dedup();
        Chosen::All(wanted.into())
    }

    /// Selects everything.
    pub fn everything() -> Chosen {
        Chosen::All(Box::default())
    }

    /// The requirements.
    pub fn wanted(&self) -> &[Wanted] {
        match self {
            Chosen::All(wanted) => wanted,
            Chosen::Nothing => &[],
        }
    }

    /// True when it selects an object with these labels.
    pub fn matches(&self, pairs: &[(NameId, NameId)]) -> bool {
        match self {
            Chosen::All(wanted) => wanted.iter().all(|w| w.holds(pairs)),
            Chosen::Nothing => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::objects::selector::Requirement;
    use crate::model::{Labels, Str};
    use proptest::prelude::*;

    fn selector() -> impl Strategy<Value = Selector> {
        let text = |of: &'static [&'static str]| prop::sample::select(of).prop_map(Str::from);
        let requirement = (
            text(&["a", "b", "c", "-bad"]),
            text(&["In", "NotIn", "Exists", "DoesNotExist", "in"]),
            prop::collection::vec(text(&["", "x", "y"]), 0..3),
        );
        let requirement = requirement.prop_map(|(key, operator, values)| Requirement {
            key,
            operator,
            values: values.into(),
        });
        let expressions = prop::collection::vec(requirement, 0..3);
        (labels(), expressions).prop_map(|(labels, expressions)| Selector {
            labels,
            expressions: expressions.into(),
        })
    }

    fn labels() -> impl Strategy<Value = Labels> {
        let pair = (
            prop::sample::select(&["a", "b", "c"][..]),
            prop::sample::select(&["", "x", "y"][..]),
        );
        prop::collection::vec(pair, 0..3).prop_map(|pairs| Labels::of(&pairs))
    }

    proptest! {
        #[test]
        fn numbers_match_as_words_do(selector in selector(), labels in labels()) {
            let mut names = Names::default();
            let chosen = Chosen::new(&selector, &mut names);
            let mut pairs: Vec<_> = labels.iter().map(|(k, v)| (names.id(k), names.id(v))).collect();
            pairs.sort_unstable();
            prop_assert_eq!(chosen.matches(&pairs), selectors::matches(&selector, &labels));
        }
    }
}
