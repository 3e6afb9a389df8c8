//! What is judged on all live pods of a workload at once is said once, wherever its pods are looked at.

use crate::model::objects::container::List;
use crate::model::objects::pod::Pod;
use crate::model::{Kind, Object, ObjectKey};
use crate::view::{PodLike, View, Workload};

/// Once a workload: on its template, or on its first pod where the owner has none in view.
pub fn speaks_for_all(pod: &PodLike<'_>, view: &View<'_>) -> bool {
    if pod.pod.is_none() || pod.holder == pod.workload {
        return true;
    }
    let world = view.world();
    if let Some(Object::Workload(_)) = world.get(pod.workload).map(|o| &**o) {
        return false;
    }
    let owner = pod.workload;
    let space = world.space(pod.namespace());
    let owned = space
        .into_iter()
        .flat_map(|s| s.owned(&owner.kind, &owner.name));
    let mut direct = owned.filter(|key| key.known() == Some(Kind::Pod));
    let lives = |key: &&ObjectKey| matches!(world.get(key).map(|o| &**o), Some(Object::Pod(p)) if !p.phase.is_finished());
    match direct.find(lives) {
        Some(first) => first == pod.holder,
        // Something stands between owner and pods.
        None => Workload::one(world, owner)
            .and_then(|w| w.pods.first().map(|p| p.meta.key == *pod.holder))
            .unwrap_or(false),
    }
}

/// The list of `status` in which the container's state stands.
pub fn statuses(pod: &Pod, container: &str) -> &'static str {
    match pod.spec.container(container).map(|c| c.list) {
        Some(List::Init | List::Sidecar) => "initContainerStatuses",
        Some(List::Ephemeral) => "ephemeralContainerStatuses",
        _ => "containerStatuses",
    }
}
