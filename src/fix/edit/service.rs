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
    let mut marks = Marks::default();
    if !service.addresses.is_empty() {
        marks
            .lost
            .push("the address that the load balancer has now".into());
    }
    let mut numbers: Vec<u16> = service.ports.iter().map(|p| p.port).collect();
    numbers.sort_unstable();
    let all = numbers.len();
    numbers.dedup();
    if numbers.len() < all {
        marks.ops.push(by_place(service));
    } else {
        marks.touches = by_port(service);
    }
    marks
}

fn word(kind: ServiceKind) -> Value {
    write::text(kind.word())
}

fn by_port(service: &Service) -> Vec<Touch> {
    let kind = touch(
        fields("spec.type"),
        word(service.kind),
        word(ServiceKind::ClusterIp),
    );
    let mut touches = vec![kind];
    for (name, now) in dependent(service) {
        touches.push(touch(fields(&format!("spec.{name}")), now, Value::Null));
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

/// Ports merge by number alone: where one is repeated (53 TCP and UDP) they are named by their place.
fn by_place(service: &Service) -> Op {
    let mut op = Op::default();
    op.expect("/spec/type", word(service.kind));
    op.replace(
        "/spec/type",
        word(ServiceKind::ClusterIp),
        word(service.kind),
    );
    for (name, now) in dependent(service)
        .into_iter()
        .filter(|(_, now)| !now.is_null())
    {
        op.remove(&format!("/spec/{name}"), now);
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
