//! Every fact, by namespace. Cloning shares all namespaces; writing copies only the one that is written.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use super::space::Space;
use super::workload::pods_of;
use crate::model::change::{Applied, Change, Edit};
use crate::model::{ClusterInfo, Kind, Object, ObjectKey, Sight, Str, Subject};

/// The facts, what is visible of them, and what is known of the cluster as a whole.
#[derive(Clone, Debug, Default)]
pub struct World {
    spaces: BTreeMap<Str, Arc<Space>>,
    sight: Arc<Sight>,
    cluster: Arc<ClusterInfo>,
    /// Objects that could not be decoded, with the reason.
    broken: Arc<BTreeMap<ObjectKey, String>>,
    /// Subject -> namespaces (`""`: the cluster scope) with bindings that name it.
    bound: Arc<BTreeMap<Subject, BTreeSet<Str>>>,
}

/// The space that holds an object: its namespace, or the empty name.
fn home(key: &ObjectKey) -> Str {
    key.namespace.clone().unwrap_or_else(|| Str::from(""))
}

impl World {
    /// A closed world of these objects: everything is visible.
    pub fn closed(objects: impl IntoIterator<Item = Object>) -> World {
        let mut world = World {
            sight: Arc::new(Sight::complete()),
            ..World::default()
        };
        for object in objects {
            world.put(Arc::new(object));
        }
        world
    }

    /// The space of a namespace; `""` is the cluster scope.
    pub fn space(&self, namespace: &str) -> Option<&Arc<Space>> {
        self.spaces.get(namespace)
    }

    /// Every space with its name, the cluster scope first.
    pub fn spaces(&self) -> impl Iterator<Item = (&Str, &Arc<Space>)> {
        self.spaces.iter()
    }

    /// One object.
    pub fn get(&self, key: &ObjectKey) -> Option<&Arc<Object>> {
        self.space(key.namespace.as_deref().unwrap_or(""))?
            .get(key.known()?, &key.name)
    }

    /// Every binding that names a subject, the cluster scope first, then by namespace.
    pub fn bound(&self, subject: &Subject) -> impl Iterator<Item = &ObjectKey> {
        let spaces = self.bound.get(subject).into_iter().flatten();
        spaces
            .filter_map(|name| self.space(name))
            .flat_map(|space| space.bound(subject))
    }

    /// What is visible.
    pub fn sight(&self) -> &Sight {
        &self.sight
    }

    /// What is visible, to edit.
    pub fn sight_mut(&mut self) -> &mut Sight {
        Arc::make_mut(&mut self.sight)
    }

    /// The cluster as a whole.
    pub fn cluster(&self) -> &Arc<ClusterInfo> {
        &self.cluster
    }

    /// Replaces what is known of the cluster as a whole.
    pub fn set_cluster(&mut self, cluster: ClusterInfo) {
        self.cluster = Arc::new(cluster);
    }

    /// Objects that could not be decoded.
    pub fn broken(&self) -> &BTreeMap<ObjectKey, String> {
        &self.broken
    }

    /// Marks an object as one that could not be decoded; its older facts, if any, are dropped: they are not true now.
    pub fn put_broken(&mut self, key: ObjectKey, why: String) {
        self.take(&key);
        Arc::make_mut(&mut self.broken).insert(key, why);
    }

    /// Puts an object; the one before it is returned.
    pub fn put(&mut self, object: Arc<Object>) -> Option<Arc<Object>> {
        if self.broken.contains_key(object.key()) {
            Arc::make_mut(&mut self.broken).remove(object.key());
        }
        let name = home(object.key());
        let now = object.clone();
        let space = self.spaces.entry(name.clone()).or_default();
        let old = Arc::make_mut(space).put(object);
        self.index(&name, old.as_deref(), Some(&now));
        old
    }

    /// Keeps the index of subjects: `name`'s space has lost one object and gained another.
    fn index(&mut self, name: &Str, old: Option<&Object>, now: Option<&Object>) {
        let subjects = |object: Option<&Object>| match object {
            Some(Object::Binding(binding)) => binding.subjects.to_vec(),
            _ => Vec::new(),
        };
        for subject in subjects(now) {
            let known = self.bound.get(&subject);
            if !known.is_some_and(|spaces| spaces.contains(name)) {
                let bound = Arc::make_mut(&mut self.bound);
                bound.entry(subject).or_default().insert(name.clone());
            }
        }
        for subject in subjects(old) {
            let space = self.spaces.get(name);
            if space.is_some_and(|space| space.bound(&subject).next().is_some()) {
                continue;
            }
            let bound = Arc::make_mut(&mut self.bound);
            if let Some(spaces) = bound.get_mut(&subject) {
                spaces.remove(name);
                if spaces.is_empty() {
                    bound.remove(&subject);
                }
            }
        }
    }

    /// Takes an object out. A namespace without objects leaves no space behind.
    pub fn take(&mut self, key: &ObjectKey) -> Option<Arc<Object>> {
        if self.broken.contains_key(key) {
            Arc::make_mut(&mut self.broken).remove(key);
        }
        let name = home(key);
        let space = self.spaces.get_mut(&name)?;
        space.get(key.known()?, &key.name)?;
        let space = Arc::make_mut(space);
        let old = space.take(key);
        if space.is_empty() {
            self.spaces.remove(&name);
        }
        self.index(&name, old.as_deref(), None);
        old
    }

    /// The world as it would be after these changes, with the changes that did not fit.
    ///
    /// A change of a pod template is applied to the workload's live pods too: the question is what holds once they are
    /// rolled. (Until then the old pods keep their own verdicts.)
    pub fn with(&self, changes: &[Change]) -> (World, Vec<Change>) {
        let mut world = self.clone();
        let mut misfits = Vec::new();
        for change in changes {
            let live: Vec<ObjectKey> = match &change.edit {
                Edit::Pod(_) | Edit::Container(..) => pods_of(&world, &change.object),
                _ => Vec::new(),
            };
            if !world.change(change) {
                misfits.push(change.clone());
                continue;
            }
            for pod in live {
                world.change(&Change {
                    object: pod,
                    edit: change.edit.clone(),
                });
            }
        }
        (world, misfits)
    }

    /// Applies one change; false when it does not fit.
    fn change(&mut self, change: &Change) -> bool {
        match change.apply(self.get(&change.object)) {
            Applied::Now(object) => drop(self.put(object)),
            Applied::Gone => drop(self.take(&change.object)),
            Applied::Misfit => return false,
        }
        true
    }

    /// A namespace exists when its object does, or when something lives in it.
    pub fn has_namespace(&self, name: &str) -> bool {
        let object = |space: &Arc<Space>| space.get(Kind::Namespace, name).is_some();
        self.space(name).is_some() || self.space("").is_some_and(object)
    }

    /// Names of all namespaces that exist or hold objects.
    pub fn namespaces(&self) -> Vec<Str> {
        let named = self
            .space("")
            .into_iter()
            .flat_map(|s| s.table(Kind::Namespace).keys());
        let mut all: Vec<Str> = named
            .chain(self.spaces.keys())
            .filter(|n| !n.is_empty())
            .cloned()
            .collect();
        all.sort();
        all.dedup();
        all
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::Meta;
    use crate::model::objects::access::{Binding, RoleRef};

    fn binding(namespace: &str, name: &str, subjects: &[&str]) -> Arc<Object> {
        Arc::new(Object::Binding(Binding {
            meta: Meta::bare(ObjectKey::namespaced(Kind::RoleBinding, namespace, name)),
            role: RoleRef {
                cluster: true,
                name: "view".into(),
            },
            subjects: subjects.iter().filter_map(|s| Subject::parse(s)).collect(),
            assumed: false,
        }))
    }

    fn bound(world: &World, subject: &str) -> Vec<String> {
        let subject = Subject::parse(subject).unwrap();
        world.bound(&subject).map(ToString::to_string).collect()
    }

    #[test]
    fn subjects_are_found_in_every_namespace_and_nowhere_after_they_left() {
        let mut world = World::closed([]);
        world.put(binding("shop", "a", &["user:jo", "user:mo"]));
        world.put(binding("shop", "b", &["user:jo"]));
        world.put(binding("pay", "a", &["user:jo"]));
        let before = world.clone();
        assert_eq!(
            bound(&world, "user:jo"),
            [
                "rolebinding pay/a",
                "rolebinding shop/a",
                "rolebinding shop/b"
            ]
        );
        world.put(binding("shop", "a", &["user:mo"]));
        assert_eq!(
            bound(&world, "user:jo"),
            ["rolebinding pay/a", "rolebinding shop/b"]
        );
        world.take(&ObjectKey::namespaced(Kind::RoleBinding, "shop", "b"));
        world.take(&ObjectKey::namespaced(Kind::RoleBinding, "pay", "a"));
        assert!(bound(&world, "user:jo").is_empty());
        assert_eq!(bound(&world, "user:mo"), ["rolebinding shop/a"]);
        assert_eq!(
            bound(&before, "user:jo").len(),
            3,
            "an older world keeps its own"
        );
    }
}
