//! Subjects on which checks are clear: not stored, found when a report asks.

use super::evaluation::check_rules;
use super::state::{Engine, spaces};
use crate::model::{ObjectKey, Str};
use crate::threats::{Check, Scope};
use crate::view::{Workload, World};

impl Engine {
    /// Subjects on which checks are clear, for reports that list them: (check, object).
    pub fn clear(&self) -> Vec<(&'static str, ObjectKey)> {
        let mut clear = Vec::new();
        for (at, check) in check_rules() {
            for namespace in spaces(self.world()) {
                let said = self.evaluation().checks.get(at, &namespace);
                let spoken = |key: &ObjectKey| {
                    said.is_some_and(|c| c.outcomes.contains_key(&Some(key.clone())))
                };
                let subjects = subjects(self.world(), check, &namespace);
                clear.extend(
                    subjects
                        .into_iter()
                        .filter(|key| !spoken(key))
                        .map(|key| (check.id, key)),
                );
            }
        }
        clear
    }
}

/// Subjects of a check in a namespace.
fn subjects(world: &World, check: &Check, namespace: &Str) -> Vec<ObjectKey> {
    match &check.scope {
        Scope::Pods(_) => Workload::all(world, namespace)
            .into_iter()
            .map(|w| w.key)
            .collect(),
        Scope::Object(kinds, _) => {
            let tables = kinds
                .iter()
                .filter_map(|kind| world.space(namespace).map(|s| s.table(*kind)));
            tables
                .flat_map(|t| t.values())
                .map(|o| o.key().clone())
                .collect()
        }
        Scope::Namespace(_) if !namespace.is_empty() => vec![ObjectKey::of_namespace(namespace)],
        Scope::Namespace(_) | Scope::Cluster(_) | Scope::Paths(_) => Vec::new(),
    }
}
