//! Ports of a Service on every node: of type `NodePort`, and of load balancers too unless they were told otherwise.

use super::nodes;
use super::target::Target;
use super::way::{Door, WayKind};
use crate::model::objects::service::{Service, ServiceKind, ServicePort};
use crate::model::{Evidence, Origin};
use crate::view::View;

/// The ports that are open on every node, with their index. The fields decide, not `allocateLoadBalancerNodePorts`:
/// setting that to false frees no port that is allocated. A manifest that no server has seen yet will get its ports.
pub fn ports(service: &Service) -> impl Iterator<Item = (usize, &ServicePort)> {
    let will_get = service.meta.created.is_none()
        && match service.kind {
            ServiceKind::NodePort => true,
            ServiceKind::LoadBalancer => service.node_ports != Some(false),
            ServiceKind::ClusterIp | ServiceKind::ExternalName => false,
        };
    let typed = matches!(
        service.kind,
        ServiceKind::NodePort | ServiceKind::LoadBalancer
    );
    let numbered = service.ports.iter().enumerate();
    numbered.filter(move |(_, port)| typed && (port.node_port != 0 || will_get))
}

/// The evidence of one such port.
fn evidence(service: &Service, at: usize, port: &ServicePort) -> Evidence {
    let path = format!("spec.ports[{at}].nodePort");
    if port.node_port == 0 {
        Evidence::new(
            &service.meta.key,
            path,
            "allocated by the server",
            Origin::Default,
        )
    } else {
        Evidence::explicit(&service.meta.key, path, port.node_port)
    }
}

/// One door for all node ports of a Service; `None` without any.
pub fn door(view: &View<'_>, service: &Service) -> Option<Door> {
    let open: Vec<_> = ports(service).collect();
    let numbers: Vec<_> = open.iter().filter(|(_, p)| p.node_port != 0).collect();
    let numbers: Vec<_> = numbers
        .iter()
        .map(|(_, p)| p.node_port.to_string())
        .collect();
    if open.is_empty() {
        return None;
    }
    let (level, confidence, node) = nodes::reach(view, None);
    let ports = open.iter().map(|(at, port)| evidence(service, *at, port));
    Some(Door {
        kind: WayKind::NodePort,
        level,
        confidence,
        entry: service.meta.key.clone(),
        at: if numbers.is_empty() {
            "a port of every node, which the server will choose".to_owned()
        } else {
            let word = if numbers.len() == 1 { "port" } else { "ports" };
            format!("{word} {} of every node", numbers.join(", "))
        },
        hops: node.into_iter().chain(ports).collect(),
        ports: open.iter().map(|(_, port)| Target::from(*port)).collect(),
        front: None,
    })
}
