//! `externalIPs` of a Service: every node takes traffic that reaches it for these addresses. Whether any is routed to a
//! node is not in the API.

use super::address::{AddressClass, class};
use super::target::Target;
use super::way::{Confidence, Door, Level, WayKind};
use crate::model::Evidence;
use crate::model::objects::service::{Service, ServiceKind};

/// The door that they are; `None` without any, and for `ExternalName`, which forwards nothing.
pub fn door(service: &Service) -> Option<Door> {
    if service.kind == ServiceKind::ExternalName {
        return None;
    }
    let level = service.external_ips.iter().map(|ip| match class(ip) {
        AddressClass::Public => Level::Internet,
        AddressClass::Unknown => Level::Unknown,
        AddressClass::Private | AddressClass::Loopback => Level::Network,
    });
    let key = &service.meta.key;
    let hops = service.external_ips.iter().enumerate();
    let hops = hops.map(|(at, ip)| Evidence::explicit(key, format!("spec.externalIPs[{at}]"), ip));
    Some(Door {
        kind: WayKind::ExternalIp,
        level: level.max()?,
        confidence: Confidence::Low,
        entry: key.clone(),
        at: service.external_ips.join(", "),
        hops: hops.collect(),
        ports: service.ports.iter().map(Target::from).collect(),
        front: None,
    })
}
