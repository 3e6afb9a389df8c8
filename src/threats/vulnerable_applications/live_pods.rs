//! What is judged on all live pods of a workload at once is said once, wherever its pods are looked at.

use crate::model::Object;
use crate::model::objects::container::List;
use crate::model::objects::pod::Pod;
use crate::view::{PodLike, View};

/// Once a workload: on its template, or on its first pod where the owner has none in view.
pub fn speaks_for_all(pod: &PodLike<'_>, view: &View<'_>) -> bool {
    if pod.pod.is_none() || pod.holder == pod.workload {
        return true;
    }
    let world = view.world();
    if let Some(Object::Workload(_)) = world.get(pod.workload).map(|o| &**o) {
        return false;
    }
    let first = pod.pods.first();
    first.is_some_and(|first| first.meta.key == *pod.holder)
}

/// The list of `status` in which the container's state stands.
pub fn statuses(pod: &Pod, container: &str) -> &'static str {
    match pod.spec.container(container).map(|c| c.list) {
        Some(List::Init | List::Sidecar) => "initContainerStatuses",
        Some(List::Ephemeral) => "ephemeralContainerStatuses",
        _ => "containerStatuses",
    }
}
