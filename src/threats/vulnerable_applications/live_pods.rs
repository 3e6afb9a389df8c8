//! Where the status of a live pod says what runs in it.

use crate::model::objects::container::List;
use crate::model::objects::pod::Pod;

/// The list of `status` in which the container's state stands.
pub fn statuses(pod: &Pod, container: &str) -> &'static str {
    match pod.spec.container(container).map(|c| c.list) {
        Some(List::Init | List::Sidecar) => "initContainerStatuses",
        Some(List::Ephemeral) => "ephemeralContainerStatuses",
        _ => "containerStatuses",
    }
}
