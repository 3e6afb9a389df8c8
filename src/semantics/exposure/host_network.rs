//! Pods in the network of their node: every port that a process of theirs listens on is one of the node, declared or not.
//! NetworkPolicies do nothing there with most plugins.

use super::nodes;
use super::way::{Confidence, Door, WayKind};
use crate::model::Evidence;
use crate::view::{PodLike, View};

/// The one door that all of them are; `None` for pods with a network of their own.
pub fn door(view: &View<'_>, pod: &PodLike<'_>) -> Option<Door> {
    if !pod.spec.host_network {
        return None;
    }
    let node = pod.pod.and_then(|p| p.node.as_deref());
    let (level, sure, address) = nodes::reach(view, node);
    let mut hops: Vec<Evidence> = address.into_iter().collect();
    hops.push(Evidence::explicit(
        pod.holder,
        pod.path("hostNetwork"),
        true,
    ));
    let mut declared = Vec::new();
    for container in &pod.spec.containers {
        for (at, port) in container.ports.iter().enumerate() {
            let path = pod.in_container(container, &format!("ports[{at}].containerPort"));
            hops.push(Evidence::explicit(pod.holder, path, port.port));
            declared.push(format!("{}/{}", port.port, port.protocol));
        }
    }
    let any = declared.is_empty();
    Some(Door {
        kind: WayKind::HostNetwork,
        level,
        // Whether anything listens at all is not known then.
        confidence: if any { Confidence::Low } else { sure },
        entry: pod.holder.clone(),
        at: if any {
            "whatever it listens on, at its node".to_owned()
        } else {
            let ports = declared.join(", ");
            format!("{ports} of its node, and whatever else it listens on")
        },
        hops,
        ports: Vec::new(),
        front: None,
    })
}
