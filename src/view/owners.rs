//! From a pod to the object that a person would call its workload.

use crate::model::{Kind, Meta, Object, ObjectKey, ObjectKind};

use super::world::World;

/// Owner chains are short (Pod, ReplicaSet, Deployment); a longer or circular one is hostile or broken.
const LONGEST_CHAIN: usize = 8;

/// The topmost owner: climbs controlling owner references as far as they are present.
///
/// An absent owner is named from the reference when the child has no template of its own (a pod, a ReplicaSet of which
/// only metadata is read). A pod whose owner is a Node (a static pod's mirror) is its own workload.
pub fn top_owner(world: &World, object: &Object) -> ObjectKey {
    let mut meta = object.meta();
    let mut templated = matches!(object, Object::Workload(_));
    for _ in 0..LONGEST_CHAIN {
        let Some(owner) = meta.controller() else {
            break;
        };
        if owner.kind == ObjectKind::Known(Kind::Node) {
            break;
        }
        let key = ObjectKey {
            namespace: meta.key.namespace.clone(),
            kind: owner.kind.clone(),
            name: owner.name.clone(),
        };
        match world.get(&key) {
            Some(present) => {
                meta = present.meta();
                templated = matches!(**present, Object::Workload(_));
            }
            None if templated => break,
            None => return deployment_of(world, meta, &key).unwrap_or(key),
        }
    }
    meta.key.clone()
}

/// A ReplicaSet that is not visible still tells its Deployment: the controller names it `<deployment>-<hash>` and puts
/// the hash on every pod (`pkg/controller/deployment/sync.go`).
fn deployment_of(world: &World, child: &Meta, replica_set: &ObjectKey) -> Option<ObjectKey> {
    if replica_set.known() != Some(Kind::ReplicaSet) {
        return None;
    }
    let hash = child.labels.get("pod-template-hash")?;
    let name = replica_set.name.strip_suffix(&**hash)?.strip_suffix('-')?;
    let key = ObjectKey {
        namespace: child.key.namespace.clone(),
        kind: Kind::Deployment.into(),
        name: name.into(),
    };
    world.get(&key).map(|_| key)
}
