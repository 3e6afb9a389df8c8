//! Which changes of an object the graph can feel: most of what a cluster tells all day is status.

use crate::model::objects::pod::Pod;
use crate::model::objects::workload::Workload;
use crate::model::{Meta, Object};

/// The graph is the same with either of these. (Only then: where in doubt, it is not.)
pub fn is_same(old: &Object, new: &Object) -> bool {
    match (old, new) {
        (Object::Pod(old), Object::Pod(new)) => {
            pod(old) == pod(new) && is_owned_alike(&old.meta, &new.meta)
        }
        (Object::Workload(old), Object::Workload(new)) => {
            workload(old) == workload(new) && is_owned_alike(&old.meta, &new.meta)
        }
        (Object::Node(old), Object::Node(new)) => is_named_alike(&old.meta, &new.meta),
        (Object::Namespace(old), Object::Namespace(new)) => {
            old.terminating == new.terminating && is_named_alike(&old.meta, &new.meta)
        }
        _ => old == new,
    }
}

fn pod(pod: &Pod) -> impl PartialEq + use<'_> {
    (&pod.spec, &pod.node, pod.phase.is_finished())
}

fn workload(workload: &Workload) -> impl PartialEq + use<'_> {
    let asleep = workload.replicas == Some(0) || workload.suspended;
    (
        &workload.template.spec,
        &workload.template.annotations,
        asleep,
    )
}

fn is_owned_alike(old: &Meta, new: &Meta) -> bool {
    let meta = |meta: &Meta| {
        (
            meta.key.clone(),
            meta.annotations.clone(),
            meta.owners.clone(),
        )
    };
    meta(old) == meta(new)
}

fn is_named_alike(old: &Meta, new: &Meta) -> bool {
    old.labels == new.labels && is_owned_alike(old, new)
}
