//! Applies deltas to the world and says what they touched.

use std::sync::Arc;

use super::touch::Touch;
use crate::model::sight::State;
use crate::model::{Delta, Kind, Object, ObjectKey, Str};
use crate::view::World;

/// Applies one delta. Facts that did not change touch nothing: a status heartbeat is not an event.
pub fn apply(world: &mut World, delta: Delta, touched: &mut Vec<Touch>) {
    match delta {
        Delta::Put(object) => put(world, object, touched),
        Delta::Gone(key) => gone(world, &key, touched),
        Delta::Broken { key, why } => {
            let old = world.get(&key).cloned();
            // Beside the object's own touch: one that came and broke in the same batch is as it was, but now it is there.
            if !world.broken().contains_key(&key) {
                unread(&key, touched);
            }
            world.put_broken(key.clone(), why);
            if old.is_some() {
                touched.push(Touch::Object {
                    key,
                    old,
                    new: None,
                });
            }
        }
        Delta::Listed {
            kind,
            namespace,
            keep,
        } => {
            for key in unlisted(world, kind, namespace.as_deref(), &keep) {
                gone(world, &key, touched);
            }
        }
        Delta::State {
            kind,
            namespace,
            state,
        } => {
            if blinding(&state) {
                forget(world, kind, namespace.as_deref(), touched);
            }
            if world.sight().state(kind, namespace.as_deref()) != &state {
                world.sight_mut().set(kind, namespace.as_deref(), state);
                touched.push(Touch::Sight(kind, namespace));
            }
        }
        Delta::Cluster(cluster) => {
            let (old, new) = (world.cluster(), &*cluster);
            if old.version != new.version || old.source != new.source {
                touched.push(Touch::Everything);
            }
            world.set_cluster(*cluster);
        }
        Delta::Reset => {
            *world = World::default();
            touched.push(Touch::Everything);
        }
        Delta::Loading { .. } | Delta::Note(_) => {}
    }
}

fn put(world: &mut World, object: Arc<Object>, touched: &mut Vec<Touch>) {
    let key = object.key().clone();
    if world.broken().contains_key(&key) {
        unread(&key, touched);
    } else if world.get(&key).is_some_and(|old| *old == object) {
        return;
    }
    let old = world.put(object.clone());
    touched.push(Touch::Object {
        key,
        old,
        new: Some(object),
    });
}

fn gone(world: &mut World, key: &ObjectKey, touched: &mut Vec<Touch>) {
    let known = world.broken().contains_key(key);
    if let Some(old) = world.take(key) {
        touched.push(Touch::Object {
            key: key.clone(),
            old: Some(old),
            new: None,
        });
    } else if known {
        unread(key, touched);
    }
}

/// An object that could not be read came or went: who looked for it knew that it is not there, and now does not, or the
/// other way round.
fn unread(key: &ObjectKey, touched: &mut Vec<Touch>) {
    if let Some(kind) = key.known() {
        touched.push(Touch::Sight(kind, key.namespace.clone()));
    }
}

/// A right that was lost takes the facts with it: what may no longer be seen is not known to be true.
fn blinding(state: &State) -> bool {
    use crate::model::Reason;
    matches!(
        state,
        State::Blind(Reason::Forbidden | Reason::NotServed | Reason::NotInSource)
    )
}

fn forget(world: &mut World, kind: Kind, namespace: Option<&str>, touched: &mut Vec<Touch>) {
    for key in unlisted(world, kind, namespace, &[]) {
        // A namespace that is still followed on its own keeps its objects when the cluster-wide right is denied.
        let own = key.namespace.as_deref().is_some_and(|ns| {
            namespace.is_none()
                && world
                    .sight()
                    .narrow(kind)
                    .any(|(name, s)| **name == *ns && *s == State::Live)
        });
        if !own {
            gone(world, &key, touched);
        }
    }
}

/// Objects of a kind in a place that are not in a sorted list.
fn unlisted(
    world: &World,
    kind: Kind,
    namespace: Option<&str>,
    keep: &[ObjectKey],
) -> Vec<ObjectKey> {
    let in_space = |name: &Str| match namespace {
        Some(namespace) => **name == *namespace,
        None => true,
    };
    let keys = world
        .spaces()
        .filter(|(name, _)| in_space(name))
        .flat_map(|(_, s)| s.table(kind).values());
    let mut gone: Vec<ObjectKey> = keys
        .map(|o| o.key())
        .filter(|k| keep.binary_search(k).is_err())
        .cloned()
        .collect();
    let inside = |k: &&ObjectKey| namespace.is_none() || k.namespace.as_deref() == namespace;
    let broken = world.broken().keys().filter(inside);
    let broken = broken.filter(|k| k.known() == Some(kind) && keep.binary_search(k).is_err());
    gone.extend(broken.cloned());
    gone
}
