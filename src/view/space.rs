//! All facts of one namespace (or of the cluster scope), with the indexes that look-ups need.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use crate::model::kind::KINDS;
use crate::model::{Kind, Object, ObjectKey, ObjectKind, Str, Subject};

/// Tables of one namespace. Cluster-scoped objects live in the space of the empty name.
#[derive(Clone, Debug)]
pub struct Space {
    tables: Box<[BTreeMap<Str, Arc<Object>>]>,
    /// Controlling owner -> what it owns, pods and ReplicaSets and Jobs alike.
    owned: BTreeMap<(ObjectKind, Str), BTreeSet<ObjectKey>>,
    /// Subject -> names of bindings of this space that name it.
    bound: BTreeMap<Subject, BTreeSet<ObjectKey>>,
    len: usize,
}

impl Default for Space {
    fn default() -> Self {
        let tables = vec![BTreeMap::new(); KINDS.len()].into_boxed_slice();
        Space {
            tables,
            owned: BTreeMap::new(),
            bound: BTreeMap::new(),
            len: 0,
        }
    }
}

impl Space {
    /// Objects of a kind, by name.
    pub fn table(&self, kind: Kind) -> &BTreeMap<Str, Arc<Object>> {
        &self.tables[kind as usize]
    }

    /// One object.
    pub fn get(&self, kind: Kind, name: &str) -> Option<&Arc<Object>> {
        self.table(kind).get(name)
    }

    /// What an owner controls in this namespace, in order.
    pub fn owned(&self, kind: &ObjectKind, name: &Str) -> impl Iterator<Item = &ObjectKey> {
        self.owned
            .get(&(kind.clone(), name.clone()))
            .into_iter()
            .flatten()
    }

    /// Bindings of this space that name a subject, in order.
    pub fn bound(&self, subject: &Subject) -> impl Iterator<Item = &ObjectKey> {
        self.bound.get(subject).into_iter().flatten()
    }

    /// Every subject that a binding of this space names.
    pub fn subjects(&self) -> impl Iterator<Item = &Subject> {
        self.bound.keys()
    }

    /// Number of objects.
    pub fn len(&self) -> usize {
        self.len
    }

    /// True without objects.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Puts an object; the one before it is returned.
    pub fn put(&mut self, object: Arc<Object>) -> Option<Arc<Object>> {
        let old = self.take(object.key());
        self.index(&object, true);
        self.tables[object.kind() as usize].insert(object.key().name.clone(), object);
        self.len += 1;
        old
    }

    /// Takes an object out.
    pub fn take(&mut self, key: &ObjectKey) -> Option<Arc<Object>> {
        let kind = key.known()?;
        let old = self.tables[kind as usize].remove(&key.name)?;
        self.index(&old, false);
        self.len -= 1;
        Some(old)
    }

    fn index(&mut self, object: &Arc<Object>, add: bool) {
        let key = object.key();
        if let Some(owner) = object.meta().controller() {
            edit(
                &mut self.owned,
                (owner.kind.clone(), owner.name.clone()),
                key,
                add,
            );
        }
        if let Object::Binding(binding) = &**object {
            for subject in &binding.subjects {
                edit(&mut self.bound, subject.clone(), key, add);
            }
        }
    }
}

/// Adds `key` under `at`, or takes it away; empty sets are dropped.
fn edit<K: Ord>(index: &mut BTreeMap<K, BTreeSet<ObjectKey>>, at: K, key: &ObjectKey, add: bool) {
    use std::collections::btree_map::Entry;
    match index.entry(at) {
        Entry::Vacant(slot) if add => {
            slot.insert(BTreeSet::from([key.clone()]));
        }
        Entry::Occupied(mut slot) if add => {
            slot.get_mut().insert(key.clone());
        }
        Entry::Occupied(mut slot) => {
            slot.get_mut().remove(key);
            if slot.get().is_empty() {
                slot.remove();
            }
        }
        Entry::Vacant(_) => {}
    }
}
