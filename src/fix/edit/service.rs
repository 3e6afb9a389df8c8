//! Edits of a Service.

use serde_json::{Value, json};

use super::{Marks, Op, field, option, touch};
use crate::fix::touch::{Seg, Touch, fields};
use crate::fix::write;
use crate::model::change::ServiceEdit;
use crate::model::objects::service::{Service, ServiceKind};

pub(super) fn marks(edit: &ServiceEdit, service: &Service) -> Marks {
    match edit {
        ServiceEdit::ClusterIp => cluster_ip(service),
        ServiceEdit::SourceRanges(ranges) => field(
            "spec.loadBalancerSourceRanges",
            write::texts(&service.source_ranges),
            write::texts(ranges),
        ),
        ServiceEdit::RemoveExternalIps => field(
            "spec.externalIPs",
            write::texts(&service.external_ips),
            Value::Null,
        ),
        // Ports that are left out are given back: the server copies them from the old object only while it allocates
        // (`patchAllocatedValues` in kubernetes/pkg/registry/core/service/storage).
        ServiceEdit::NoNodePorts => ports(
            service,
            vec![(
                "allocateLoadBalancerNodePorts",
                option(service.node_ports),
                json!(false),
            )],
        ),
    }
}

/// Fields that only a load balancer or a node port may have. The server drops some of them by itself when the type
/// changes (`dropTypeDependentFields` in kubernetes/pkg/registry/core/service), but refuses leftover source ranges.
fn dependent(service: &Service) -> [(&'static str, Value); 4] {
    let local = if service.local_only {
        json!("Local")
    } else {
        Value::Null
    };
    [
        ("externalTrafficPolicy", local),
        (
            "loadBalancerSourceRanges",
            write::texts(&service.source_ranges),
        ),
        (
            "loadBalancerClass",
            service.class.as_deref().map_or(Value::Null, write::text),
        ),
        ("allocateLoadBalancerNodePorts", option(service.node_ports)),
    ]
}

fn cluster_ip(service: &Service) -> Marks {
    let word = |kind: ServiceKind| write::text(kind.word());
    let mut head = vec![("type", word(service.kind), word(ServiceKind::ClusterIp))];
    head.extend(dependent(service).map(|(name, now)| (name, now, Value::Null)));
    let mut marks = ports(service, head);
    if !service.addresses.is_empty() {
        marks
            .lost
            .push("the address that the load balancer has now".into());
    }
    marks
}

/// Fields of the spec, now and then, and every node port taken away. Ports merge by number alone: where one is repeated
/// (53 TCP and UDP) they are named by their place.
fn ports(service: &Service, head: Vec<(&'static str, Value, Value)>) -> Marks {
    let mut numbers: Vec<u16> = service.ports.iter().map(|p| p.port).collect();
    numbers.sort_unstable();
    let all = numbers.len();
    numbers.dedup();
    let mut marks = Marks::default();
    if numbers.len() < all {
        marks.ops.push(by_place(service, head));
    } else {
        marks.touches = by_port(service, head);
    }
    marks
}

fn by_port(service: &Service, head: Vec<(&'static str, Value, Value)>) -> Vec<Touch> {
    let mut touches = Vec::new();
    for (name, now, then) in head {
        touches.push(touch(fields(&format!("spec.{name}")), now, then));
    }
    for (at, port) in service
        .ports
        .iter()
        .enumerate()
        .filter(|(_, p)| p.node_port != 0)
    {
        let mut path = fields("spec.ports");
        path.push(Seg::Item("port", json!(port.port), at as u16));
        path.push(Seg::Field("nodePort".into()));
        touches.push(touch(path, json!(port.node_port), Value::Null));
    }
    touches
}

fn by_place(service: &Service, head: Vec<(&'static str, Value, Value)>) -> Op {
    let mut op = Op::default();
    for (name, now, then) in head {
        let path = format!("/spec/{name}");
        match (now.is_null(), then.is_null()) {
            (true, true) => {}
            (true, false) => {
                op.ops
                    .push(json!({"op": "add", "path": path, "value": then}));
                op.undo.push(json!({"op": "remove", "path": path}));
            }
            (false, true) => {
                op.remove(&path, now);
            }
            (false, false) => {
                op.expect(&path, now.clone());
                op.replace(&path, then, now);
            }
        }
    }
    for (at, port) in service
        .ports
        .iter()
        .enumerate()
        .filter(|(_, p)| p.node_port != 0)
    {
        let path = format!("/spec/ports/{at}/nodePort");
        op.expect(&path, json!(port.node_port));
        op.remove(&path, json!(port.node_port));
    }
    op
}
