//! What changes would do: the same evaluation over an overlay, compared with what is.

use std::collections::BTreeSet;

use super::diff::Diff;
use super::state::Engine;
use super::touch::Touch;
use crate::model::change::Change;
use crate::model::{Kind, ObjectKey};
use crate::view::World;

impl Engine {
    /// What these changes would open and close, and how many of them do not fit the facts.
    pub fn what_if(&self, changes: &[Change]) -> (Diff, usize) {
        let (world, misfits) = self.world().with(changes);
        let touched = touches(self.world(), &world, changes);
        let mut evaluation = self.evaluation().clone();
        let changed = evaluation.update(self.world(), &world, &touched);
        (Diff::of(&changed), misfits.len())
    }
}

/// What an overlay touches: the changed objects, and the pods that changed with their template.
fn touches(before: &World, after: &World, changes: &[Change]) -> Vec<Touch> {
    let mut keys: BTreeSet<ObjectKey> = changes.iter().map(|c| c.object.clone()).collect();
    for namespace in keys
        .iter()
        .filter_map(|k| k.namespace.clone())
        .collect::<BTreeSet<_>>()
    {
        let pods = |w: &World| -> Vec<ObjectKey> {
            w.space(&namespace)
                .into_iter()
                .flat_map(|s| s.table(Kind::Pod).values())
                .map(|o| o.key().clone())
                .collect()
        };
        keys.extend(
            pods(after)
                .into_iter()
                .filter(|k| before.get(k) != after.get(k)),
        );
    }
    let touched = keys.into_iter().filter(|k| before.get(k) != after.get(k));
    touched
        .map(|key| Touch::Object {
            old: before.get(&key).cloned(),
            new: after.get(&key).cloned(),
            key,
        })
        .collect()
}
