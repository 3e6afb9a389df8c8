//! Look-ups: seen, absent or blind; each one is remembered.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::sync::Arc;

use super::reads::Reads;
use super::world::World;
use crate::model::objects::access::{Binding, Role, ServiceAccount};
use crate::model::objects::namespace::Namespace;
use crate::model::objects::pod::Pod;
use crate::model::{ClusterInfo, Kind, Missing, Object, ObjectKey, Reason, Str, Subject};

/// The answer of a look-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Look<T> {
    /// It is there.
    Seen(T),
    /// It is known not to be there.
    Absent,
    /// It cannot be known, and why.
    Blind(Missing),
}

impl<T> Look<T> {
    /// What was seen, if anything.
    pub fn seen(self) -> Option<T> {
        match self {
            Look::Seen(it) => Some(it),
            Look::Absent | Look::Blind(_) => None,
        }
    }

    /// Applies a function to what was seen.
    pub fn map<U>(self, f: impl FnOnce(T) -> U) -> Look<U> {
        match self {
            Look::Seen(it) => Look::Seen(f(it)),
            Look::Absent => Look::Absent,
            Look::Blind(missing) => Look::Blind(missing),
        }
    }
}

/// One evaluation's view of the world. Make a new one for each evaluation, or [`View::forget`] between two.
#[derive(Debug)]
pub struct View<'a> {
    world: &'a World,
    reads: RefCell<Reads>,
    blind: RefCell<BTreeSet<Missing>>,
    /// Inside [`View::context`]: reads count, blindness does not.
    context: RefCell<usize>,
}

impl<'a> View<'a> {
    /// A view of a world, with nothing read yet.
    pub fn new(world: &'a World) -> Self {
        View {
            world,
            reads: RefCell::default(),
            blind: RefCell::default(),
            context: RefCell::new(0),
        }
    }

    /// The world behind the view. Reading it directly is not remembered: only for what is the subject itself.
    pub fn world(&self) -> &'a World {
        self.world
    }

    /// What is known of the cluster as a whole. Not remembered as a read: when its version changes, everything runs again.
    pub fn cluster(&self) -> &'a ClusterInfo {
        self.world.cluster()
    }

    /// Looks that only colour a verdict (its severity, a sentence) but that it does not rest on: what is blind in here
    /// does not make the verdict unknown.
    pub fn context<T>(&self, look: impl FnOnce(&Self) -> T) -> T {
        *self.context.borrow_mut() += 1;
        let result = look(self);
        *self.context.borrow_mut() -= 1;
        result
    }

    /// Forgets what was blind and returns it; reads are kept.
    pub fn take_blind(&self) -> Vec<Missing> {
        std::mem::take(&mut *self.blind.borrow_mut())
            .into_iter()
            .collect()
    }

    /// What was blind since the last [`View::take_blind`].
    pub fn is_blind(&self) -> bool {
        !self.blind.borrow().is_empty()
    }

    /// Counts what was read so far as read everywhere: a look at most of the facts need not remember each place.
    pub fn widen_reads(&self) {
        self.reads.borrow_mut().widen();
    }

    /// What was read.
    pub fn take_reads(&self) -> Reads {
        std::mem::take(&mut *self.reads.borrow_mut())
    }

    fn note(&self, kind: Kind, namespace: Option<&str>) -> Option<Missing> {
        self.reads.borrow_mut().add(kind, namespace);
        let place = namespace.filter(|ns| !ns.is_empty());
        let missing = match place {
            Some(_) => self.world.sight().blind(kind, place),
            None if kind.info().namespaced && !self.world.sight().sees_all(kind) => {
                self.world.sight().blind(kind, None).or_else(|| {
                    self.world
                        .sight()
                        .all_blind()
                        .into_iter()
                        .find(|m| m.kind == kind)
                })
            }
            None => self.world.sight().blind(kind, None),
        }?;
        if *self.context.borrow() == 0 {
            self.blind.borrow_mut().insert(missing.clone());
        }
        Some(missing)
    }

    /// Records that something outside the facts cannot be known (a setting that the API does not show).
    pub fn note_blind(&self, missing: Missing) {
        if *self.context.borrow() == 0 {
            self.blind.borrow_mut().insert(missing);
        }
    }

    /// One object of a watched kind.
    pub fn get(&self, key: &ObjectKey) -> Look<&'a Arc<Object>> {
        let namespace = key.namespace.as_deref().unwrap_or("");
        match key.known() {
            Some(kind) => self.find(kind, namespace, &key.name),
            None => Look::Absent,
        }
    }

    /// The object of a name in a namespace (`""`: cluster scope).
    fn find(&self, kind: Kind, namespace: &str, name: &str) -> Look<&'a Arc<Object>> {
        let space = self.world.space(namespace);
        if let Some(object) = space.and_then(|space| space.get(kind, name)) {
            self.reads.borrow_mut().add(kind, Some(namespace));
            return Look::Seen(object);
        }
        let blind = self.note(kind, Some(namespace));
        // It is there, and nobody knows what it says.
        let unread = || {
            let broken = self.world.broken();
            if broken.is_empty() {
                return None;
            }
            let key = match namespace {
                "" => ObjectKey::cluster(kind, name),
                namespace => ObjectKey::namespaced(kind, namespace, name),
            };
            broken.contains_key(&key).then(|| self.unread(kind, &key))
        };
        match blind.or_else(unread) {
            Some(missing) => Look::Blind(missing),
            None => Look::Absent,
        }
    }

    fn unread(&self, kind: Kind, key: &ObjectKey) -> Missing {
        let missing = Missing {
            kind,
            namespace: key.namespace.clone(),
            reason: Reason::NotDecoded,
        };
        self.note_blind(missing.clone());
        missing
    }

    /// Everything seen of a kind in one namespace (`""`: cluster scope), in order of name. Blindness is noted: an empty
    /// answer proves absence only if the view is not blind afterwards.
    pub fn list(
        &self,
        kind: Kind,
        namespace: &str,
    ) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
        self.note(kind, Some(namespace));
        // A policy that could not be read may be the very one whose absence would be told. Subjects have rows of their own.
        if kind == Kind::NetworkPolicy {
            let here = |k: &&ObjectKey| k.known() == Some(kind) && k.home() == namespace;
            if let Some(key) = self.world.broken().keys().find(here) {
                self.unread(kind, key);
            }
        }
        self.world
            .space(namespace)
            .into_iter()
            .flat_map(move |s| s.table(kind).values())
    }

    /// Everything seen of a kind, everywhere, in order of namespace and name.
    pub fn list_all(&self, kind: Kind) -> impl Iterator<Item = &'a Arc<Object>> + use<'a> {
        self.note(kind, None);
        self.world
            .spaces()
            .flat_map(move |(_, s)| s.table(kind).values())
    }

    /// Bindings of a space that name a subject (`""`: ClusterRoleBindings). Blindness is noted.
    pub fn bindings(
        &self,
        subject: &Subject,
        namespace: &str,
    ) -> impl Iterator<Item = &'a Binding> + use<'a> {
        let kind = if namespace.is_empty() {
            Kind::ClusterRoleBinding
        } else {
            Kind::RoleBinding
        };
        self.note(kind, Some(namespace));
        let space = self.world.space(namespace);
        let keys: Vec<&'a ObjectKey> = space.into_iter().flat_map(|s| s.bound(subject)).collect();
        let world = self.world;
        keys.into_iter()
            .filter_map(move |key| match world.get(key).map(|o| &**o) {
                Some(Object::Binding(binding)) => Some(binding),
                _ => None,
            })
    }

    /// A service account.
    pub fn account(&self, namespace: &str, name: &str) -> Look<&'a ServiceAccount> {
        let found = self.find(Kind::ServiceAccount, namespace, name);
        narrow(found, |o| {
            if let Object::ServiceAccount(it) = o {
                Some(it)
            } else {
                None
            }
        })
    }

    /// A namespace.
    pub fn namespace(&self, name: &str) -> Look<&'a Namespace> {
        let found = self.find(Kind::Namespace, "", name);
        narrow(found, |o| {
            if let Object::Namespace(it) = o {
                Some(it)
            } else {
                None
            }
        })
    }

    /// A Role of a namespace, or a ClusterRole (`None`).
    pub fn role(&self, namespace: Option<&str>, name: &str) -> Look<&'a Role> {
        let found = match namespace {
            Some(namespace) => self.find(Kind::Role, namespace, name),
            None => self.find(Kind::ClusterRole, "", name),
        };
        narrow(found, |o| {
            if let Object::Role(it) = o {
                Some(it)
            } else {
                None
            }
        })
    }

    /// Pods of a namespace that are not finished, in order of name.
    pub fn live_pods(&self, namespace: &str) -> impl Iterator<Item = &'a Pod> + use<'a> {
        self.list(Kind::Pod, namespace).filter_map(|o| match &**o {
            Object::Pod(pod) if !pod.phase.is_finished() => Some(pod),
            _ => None,
        })
    }

    /// Names of all namespaces that exist or hold objects. Blindness of the list is noted.
    pub fn namespaces(&self) -> Vec<Str> {
        self.note(Kind::Namespace, Some(""));
        self.world.namespaces()
    }
}

fn narrow<'a, T>(
    found: Look<&'a Arc<Object>>,
    pick: impl FnOnce(&'a Object) -> Option<&'a T>,
) -> Look<&'a T> {
    match found {
        Look::Seen(object) => pick(object).map_or(Look::Absent, Look::Seen),
        Look::Absent => Look::Absent,
        Look::Blind(missing) => Look::Blind(missing),
    }
}
