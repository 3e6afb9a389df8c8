//! What whoever puts another image in place of this one wins beyond the application itself.

use crate::semantics::token_power::strong_token;
use crate::threats::prelude::*;

/// What a verdict on an image that is weighed by this can depend on.
pub(super) const PRIZE_KINDS: &[Kind] = &[
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
    Kind::Pod,
    Kind::ServiceAccount,
    Kind::ClusterRoleBinding,
    Kind::RoleBinding,
    Kind::ClusterRole,
    Kind::Role,
];

/// The node, or a strong account whose token is mounted; in words.
pub(super) fn prize(
    pod: &PodLike<'_>,
    containers: &[&Container],
    view: &View<'_>,
) -> Option<String> {
    if containers.iter().any(|c| owns_node(pod, c)) {
        return Some("it owns its node".to_owned());
    }
    let power = strong_token(view, pod)?;
    Some(format!("its token may {power}"))
}

/// It is privileged, or a path of the node is mounted in it for writing.
fn owns_node(pod: &PodLike<'_>, container: &Container) -> bool {
    let writes = container.mounts.iter().filter(|mount| !mount.read_only);
    let mut volumes = writes.filter_map(|mount| pod.spec.volume(&mount.volume));
    container.security.privileged == Some(true)
        || volumes.any(|volume| matches!(volume.source, VolumeSource::HostPath { .. }))
}
