//! What a host in a value means to a pod: its resolver tries the pod's own namespace first, then the cluster
//! (`pkg/kubelet/network/dns`: `NAMESPACE.svc.DOMAIN svc.DOMAIN DOMAIN`, `ndots:5`; records by the DNS specification of
//! Services and Pods).

use std::net::IpAddr;

use crate::model::objects::service::{Service, ServiceKind};
use crate::model::{Kind, Object, ObjectKey};
use crate::view::View;

/// What a host means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Named<'a> {
    /// A Service.
    Service(&'a Service),
    /// An address of no Service.
    Address(IpAddr),
    /// The pod itself.
    Itself,
    /// By its form a name of a Service, and none is visible there.
    Missing,
    /// A name of something outside, or of nothing.
    Outside,
}

/// Host and port of `host:port`, `[::1]:80` or `host`.
pub(super) fn split(target: &str) -> (&str, Option<u16>) {
    let (host, port) = match target.rsplit_once(':') {
        Some((host, port)) if !host.contains(':') || host.ends_with(']') => {
            (host, port.parse().ok())
        }
        _ => (target, None),
    };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    (host.trim_end_matches('.'), port)
}

/// What a host means to the pods of a namespace.
pub(super) fn resolve<'a>(view: &View<'a>, home: &str, host: &str) -> Named<'a> {
    if let Ok(address) = host.parse::<IpAddr>() {
        return by_address(view, address);
    }
    if host == "localhost" {
        return Named::Itself;
    }
    let labels: Vec<&str> = host.split('.').collect();
    let found = match labels[..] {
        [name] => service(view, home, name),
        // Of a pod behind a headless Service, or of a Service.
        [first, second] => headless(view, home, second).or_else(|| service(view, second, first)),
        [name, namespace, "svc", ..] | [_, name, namespace, "svc", ..] => {
            service(view, namespace, name)
        }
        [_, name, namespace] => headless(view, namespace, name),
        _ => None,
    };
    let inside = labels.len() == 1 || labels.iter().skip(2).take(2).any(|l| *l == "svc");
    match found {
        Some(service) => Named::Service(service),
        None if inside => Named::Missing,
        None => Named::Outside,
    }
}

fn by_address<'a>(view: &View<'a>, address: IpAddr) -> Named<'a> {
    if address.is_loopback() || address.is_unspecified() {
        return Named::Itself;
    }
    let has_it = |service: &&Service| service.cluster_ip.parse() == Ok(address);
    let mut services = view.list_all(Kind::Service).filter_map(as_service);
    services
        .find(has_it)
        .map_or(Named::Address(address), Named::Service)
}

fn as_service(object: &std::sync::Arc<Object>) -> Option<&Service> {
    match &**object {
        Object::Service(service) => Some(service),
        _ => None,
    }
}

fn service<'a>(view: &View<'a>, namespace: &str, name: &str) -> Option<&'a Service> {
    let key = ObjectKey::namespaced(Kind::Service, namespace, name);
    view.get(&key).seen().and_then(as_service)
}

fn headless<'a>(view: &View<'a>, namespace: &str, name: &str) -> Option<&'a Service> {
    service(view, namespace, name).filter(|service| is_headless(service))
}

/// Its name resolves to the pods themselves: no port is translated.
pub(super) fn is_headless(service: &Service) -> bool {
    service.kind == ServiceKind::ClusterIp && &*service.cluster_ip == "None"
}
