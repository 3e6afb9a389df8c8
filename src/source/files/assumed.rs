//! What a closed world assumes: the namespaces that its objects name, and an account `default` in each.

use std::collections::BTreeSet;

use crate::model::objects::access::ServiceAccount;
use crate::model::objects::namespace::Namespace;
use crate::model::{Kind, Labels, Meta, Object, ObjectKey, Str};

/// The Namespaces and `default` accounts that are not among the objects.
pub fn assumed(objects: &[Object]) -> Vec<Object> {
    let present: BTreeSet<&ObjectKey> = objects.iter().map(Object::key).collect();
    let written = objects
        .iter()
        .filter(|o| o.kind() == Kind::Namespace)
        .map(|o| o.key().name.clone());
    let named = objects.iter().filter_map(|o| o.key().namespace.clone());
    let all: BTreeSet<Str> = written.chain(named).collect();
    let mut assumed = Vec::new();
    for name in all {
        let key = ObjectKey::of_namespace(&name);
        if !present.contains(&key) {
            let meta = Meta {
                labels: Labels::of(&[("kubernetes.io/metadata.name", &name)]),
                ..Meta::bare(key)
            };
            assumed.push(Object::Namespace(Namespace {
                meta,
                terminating: false,
                assumed: true,
            }));
        }
        let key = ObjectKey::namespaced(Kind::ServiceAccount, &name, "default");
        if !present.contains(&key) {
            let account = ServiceAccount {
                meta: Meta::bare(key),
                automount: None,
                secrets: Box::default(),
                pull_secrets: Box::default(),
                assumed: true,
            };
            assumed.push(Object::ServiceAccount(account));
        }
    }
    assumed
}
