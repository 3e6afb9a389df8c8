//! The port on which kube-proxy tells load balancers whether a node has endpoints of a Service (`externalTrafficPolicy:
//! Local`). It answers anybody with their number, and leads to no pod.

use super::nodes;
use super::way::{Door, WayKind};
use crate::model::Evidence;
use crate::model::objects::service::Service;
use crate::view::View;

/// The door that it is; `None` without one.
pub fn door(view: &View<'_>, service: &Service) -> Option<Door> {
    if service.health_check_port == 0 {
        return None;
    }
    let (level, confidence, node) = nodes::reach(view, None);
    let key = &service.meta.key;
    let port = Evidence::explicit(key, "spec.healthCheckNodePort", service.health_check_port);
    Some(Door {
        kind: WayKind::HealthCheck,
        level,
        confidence,
        entry: key.clone(),
        at: format!(
            "port {} of every node, which tells how many endpoints it has",
            service.health_check_port
        ),
        hops: node.into_iter().chain([port]).collect(),
        ports: Vec::new(),
        front: None,
    })
}
