//! Workloads as an update meets them: gathered once, not once for every rule.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use crate::model::{ObjectKey, Str};
use crate::view::{Workload, World, top_owner};

/// Workloads of one world.
#[derive(Debug)]
pub(super) struct Gathered<'a> {
    world: &'a World,
    one: RefCell<BTreeMap<ObjectKey, Option<Rc<Workload<'a>>>>>,
    all: RefCell<BTreeMap<Str, Rc<[Workload<'a>]>>>,
}

impl<'a> Gathered<'a> {
    /// Of this world; nothing is gathered yet.
    pub(super) fn new(world: &'a World) -> Self {
        Gathered {
            world,
            one: RefCell::default(),
            all: RefCell::default(),
        }
    }

    /// The workload of this key, if it is one: an object with an owner belongs to its owner's.
    pub(super) fn one(&self, key: &ObjectKey) -> Option<Rc<Workload<'a>>> {
        if let Some(known) = self.one.borrow().get(key) {
            return known.clone();
        }
        let object = self.world.get(key);
        let own = object.is_none_or(|object| top_owner(self.world, object) == *key);
        let workload = own
            .then(|| Workload::one(self.world, key))
            .flatten()
            .map(Rc::new);
        self.one.borrow_mut().insert(key.clone(), workload.clone());
        workload
    }

    /// Every workload of a namespace, in order of key.
    pub(super) fn all(&self, namespace: &Str) -> Rc<[Workload<'a>]> {
        if let Some(known) = self.all.borrow().get(namespace) {
            return known.clone();
        }
        let all: Rc<[Workload<'a>]> = Workload::all(self.world, namespace).into();
        self.all.borrow_mut().insert(namespace.clone(), all.clone());
        all
    }
}
