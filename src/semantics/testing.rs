//! Worlds from YAML, for the unit tests of this layer and of the rules above it.

#[cfg(test)]
use crate::model::objects::access::ServiceAccount;
use crate::model::objects::namespace::Namespace;
use crate::model::{Kind, Meta, Object, ObjectKey, ObjectKind, Str};
use crate::source::wire::{Pool, decode_value};
use crate::view::World;

/// A closed world of these documents. Namespaces that they use exist, and so do their `default` accounts.
pub(crate) fn world(yaml: &str) -> World {
    let mut world = World::closed([]);
    let mut pool = Pool::new();
    for document in yaml.split("\n---") {
        let value: serde_json::Value = serde_saphyr::from_str(document).unwrap();
        let (Some(version), Some(kind)) = (value["apiVersion"].as_str(), value["kind"].as_str())
        else {
            continue;
        };
        let kind = ObjectKind::from_manifest(version, kind).known().unwrap();
        let object =
            decode_value(kind, &value, &mut pool).unwrap_or_else(|e| panic!("{e}: {document}"));
        if let Some(namespace) = object.key().namespace.clone() {
            assume(&mut world, &namespace);
        }
        world.put(std::sync::Arc::new(object));
    }
    world
}

fn assume(world: &mut World, namespace: &Str) {
    let namespace_key = ObjectKey::of_namespace(namespace);
    let account = ObjectKey::namespaced(Kind::ServiceAccount, namespace, "default");
    if world.get(&namespace_key).is_none() {
        let object = Namespace {
            meta: Meta::bare(namespace_key),
            terminating: false,
            assumed: true,
        };
        world.put(std::sync::Arc::new(Object::Namespace(object)));
    }
    if world.get(&account).is_none() {
        let object = ServiceAccount {
            meta: Meta::bare(account),
            automount: None,
            secrets: Box::default(),
            pull_secrets: Box::default(),
            assumed: true,
        };
        world.put(std::sync::Arc::new(Object::ServiceAccount(object)));
    }
}
