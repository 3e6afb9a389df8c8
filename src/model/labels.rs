//! Label and annotation maps: sorted, shared, small.

use std::sync::Arc;

use super::Str;

/// A sorted map of strings. Clones share it; two objects with equal labels may share one.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub struct Labels(Arc<[(Str, Str)]>);

impl Default for Labels {
    fn default() -> Self {
        Labels(Arc::from([]))
    }
}

impl Labels {
    /// From pairs in any order; of duplicate keys the last wins, as in JSON.
    pub fn new(pairs: impl IntoIterator<Item = (Str, Str)>) -> Self {
        let mut map = std::collections::BTreeMap::new();
        map.extend(pairs);
        Labels(map.into_iter().collect())
    }

    /// From literals, for tests and tables.
    pub fn of(pairs: &[(&str, &str)]) -> Self {
        Labels::new(pairs.iter().map(|(k, v)| (Str::from(*k), Str::from(*v))))
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Str> {
        self.0
            .binary_search_by(|(k, _)| (**k).cmp(key))
            .ok()
            .and_then(|at| self.0.get(at))
            .map(|(_, v)| v)
    }

    /// All pairs in order of key.
    pub fn iter(&self) -> impl Iterator<Item = (&Str, &Str)> {
        self.0.iter().map(|(k, v)| (k, v))
    }

    /// Number of pairs.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// True without pairs.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The same map with one key set (`Some`) or taken away (`None`).
    #[must_use]
    pub fn with(&self, key: &str, value: Option<&str>) -> Self {
        let rest = self.0.iter().filter(|(k, _)| **k != *key).cloned();
        Labels::new(rest.chain(value.map(|v| (Str::from(key), Str::from(v)))))
    }
}
