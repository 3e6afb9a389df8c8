//! What stands between a pod and its node besides the container's own settings, and who put the pod there.

use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Kind, Meta};
use crate::view::PodLike;

/// Names that runtime classes of sandboxed runtimes commonly have (gVisor, Kata Containers).
const SANDBOXES: &[&str] = &["gvisor", "runsc", "kata", "kata-containers"];

/// Declared for Windows: settings of Linux containers mean nothing in it (`spec.os.name`, as Pod Security reads it).
pub fn is_windows(spec: &PodSpec) -> bool {
    spec.os.as_deref() == Some("windows")
}

/// Users of the pod are not users of the node: its root and its capabilities count inside the pod only (KEP-127).
///
/// Mounted volumes are mapped back: root in the pod still is the owner of root's files in a `hostPath`.
pub fn has_user_namespace(spec: &PodSpec) -> bool {
    spec.host_users == Some(false)
}

/// The runtime class, where its name says that containers of it have a kernel of their own.
///
/// `RuntimeClass` objects are not read, so this is a hint by name: it may colour a severity, it never clears anything.
pub fn sandbox(spec: &PodSpec) -> Option<&str> {
    let class = spec.runtime_class.as_deref()?;
    let known = SANDBOXES.contains(&class) || class.starts_with("kata-");
    known.then_some(class)
}

/// A daemon that its author declared vital to every node (`system-node-critical`): network plugins, proxies, CSI drivers.
pub fn is_node_agent(pod: &PodLike<'_>) -> bool {
    pod.workload.known() == Some(Kind::DaemonSet)
        && pod.spec.priority.as_deref() == Some("system-node-critical")
}

/// A mirror of a pod that the kubelet runs from a file of its node. The API can show it and not change it.
pub fn is_mirror(meta: &Meta) -> bool {
    meta.annotations
        .get("kubernetes.io/config.mirror")
        .is_some()
}
