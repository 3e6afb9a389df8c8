//! Ports of containers on their node. A pod that shares the network of its node is another matter: there every port is.

use super::address::{AddressClass, class};
use super::nodes;
use super::target::Target;
use super::way::{Door, Level, WayKind};
use crate::model::Evidence;
use crate::model::objects::container::{Container, ContainerPort};
use crate::view::{PodLike, View};

/// The ports that a pod opens on its node, with container and index: none of `hostNetwork` pods (the API server copies
/// every port of theirs into `hostPort`), none bound to the node's loopback.
pub fn ports<'a>(pod: &PodLike<'a>) -> Vec<(&'a Container, usize, &'a ContainerPort)> {
    let spec = pod.spec;
    if spec.host_network {
        return Vec::new();
    }
    let all = spec
        .containers
        .iter()
        .flat_map(|c| c.ports.iter().enumerate().map(move |(at, p)| (c, at, p)));
    all.filter(|(_, _, p)| p.host_port != 0 && class(&p.host_ip) != AddressClass::Loopback)
        .collect()
}

/// Bound to a private address: the others of the node do not lead there. `0.0.0.0` and `::` are all of them.
fn is_private(host_ip: &str) -> bool {
    class(host_ip) == AddressClass::Private && !matches!(host_ip, "0.0.0.0" | "::")
}

/// One door for each of them.
pub fn doors(view: &View<'_>, pod: &PodLike<'_>) -> Vec<Door> {
    let node = pod.pod.and_then(|p| p.node.as_deref());
    let open = ports(pod);
    if open.is_empty() {
        return Vec::new();
    }
    let (level, confidence, address) = nodes::reach(view, node);
    let doors = open.into_iter().map(|(container, at, port)| {
        let path = pod.in_container(container, &format!("ports[{at}].hostPort"));
        let level = if is_private(&port.host_ip) {
            level.min(Level::Network)
        } else {
            level
        };
        let opened = Evidence::explicit(pod.holder, path, port.host_port);
        Door {
            kind: WayKind::HostPort,
            level,
            confidence,
            entry: pod.holder.clone(),
            at: format!("port {}/{} of its node", port.host_port, port.protocol),
            hops: address.iter().cloned().chain([opened]).collect(),
            ports: vec![Target {
                name: port.name.clone(),
                protocol: port.protocol.clone(),
                port: port.port.to_string().into(),
            }],
            front: None,
        }
    });
    doors.collect()
}
