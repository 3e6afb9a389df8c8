//! The load balancer of a Service.

use super::address::{self, AddressClass};
use super::filter;
use super::provider::{Scheme, service_scheme};
use super::target::Target;
use super::way::{Confidence, Door, Level, WayKind};
use crate::model::objects::service::{Service, ServiceKind};
use crate::model::{Evidence, ObjectKey, Origin, Str};

/// The door that the load balancer is; `None` for Services of another type.
pub fn door(service: &Service) -> Option<Door> {
    if service.kind != ServiceKind::LoadBalancer {
        return None;
    }
    let key = &service.meta.key;
    let scheme = service_scheme(service);
    let asked = scheme.as_ref().map(|(scheme, _)| *scheme);
    let (mut level, confidence) = reach(&service.addresses, asked, service.meta.created.is_some());
    let mut hops: Vec<_> = addresses(key, &service.addresses).collect();
    hops.push(Evidence::explicit(key, "spec.type", service.kind.word()));
    hops.extend(scheme.map(|(_, says)| says));
    if let Some(list) = filter::of_service(service) {
        hops.push(list);
        level = restricted(level);
    }
    Some(Door {
        kind: WayKind::LoadBalancer,
        level,
        confidence,
        entry: key.clone(),
        at: place(&service.addresses, "a load balancer"),
        hops,
        ports: service.ports.iter().map(Target::from).collect(),
        front: None,
    })
}

/// From where addresses of a status are reached, the farthest of them; without one, what is asked for. An object that no
/// server has seen (a manifest) has no status: it is not pending, it is not known.
pub(super) fn reach(
    addresses: &[Str],
    asked: Option<Scheme>,
    on_server: bool,
) -> (Level, Confidence) {
    let level_of = |address: &Str| match (address::class(address), asked) {
        (AddressClass::Public, _) => (Level::Internet, Confidence::High),
        (AddressClass::Private | AddressClass::Loopback, _) => (Level::Network, Confidence::High),
        (AddressClass::Unknown, Some(Scheme::Facing)) => (Level::Internet, Confidence::Medium),
        (AddressClass::Unknown, Some(Scheme::Internal)) => (Level::Network, Confidence::Medium),
        (AddressClass::Unknown, None) => (Level::Unknown, Confidence::Medium),
    };
    addresses.iter().map(level_of).max().unwrap_or(match asked {
        _ if on_server => (Level::Pending, Confidence::Medium),
        Some(Scheme::Facing) => (Level::Internet, Confidence::Low),
        Some(Scheme::Internal) => (Level::Network, Confidence::Low),
        None => (Level::Unknown, Confidence::Low),
    })
}

/// The level behind a list of addresses that may come in.
pub(super) fn restricted(level: Level) -> Level {
    match level {
        Level::Internet | Level::Unknown => Level::Restricted,
        level => level,
    }
}

/// One hop for each address of a status.
pub(super) fn addresses(key: &ObjectKey, all: &[Str]) -> impl Iterator<Item = Evidence> {
    all.iter().enumerate().map(move |(at, address)| {
        let field = if address::is_ip(address) {
            "ip"
        } else {
            "hostname"
        };
        let path = format!("status.loadBalancer.ingress[{at}].{field}");
        Evidence::new(key, path, address, Origin::Live)
    })
}

/// Where callers connect to, in words.
pub(super) fn place(addresses: &[Str], without: &str) -> String {
    if addresses.is_empty() {
        without.to_owned()
    } else {
        addresses.join(", ")
    }
}
