//! Routes of the Gateway API that lead to a Service: which listener takes them, whether another namespace grants its
//! Service, and from where the Gateway is reached. A route without hosts on a listener without one answers any host.

use super::attach::{Attached, attached};
use super::front;
use super::load_balancer::{self, place, reach};
use super::target::Target;
use super::way::{Confidence, Door, WayKind};
use crate::model::objects::gateway::{Gateway, Parent, Route, RouteBackend};
use crate::model::objects::service::{Service, ServiceKind};
use crate::model::{Evidence, Kind, Object, Origin};
use crate::view::View;

/// The kinds of routes, each with what its doors are called.
const ROUTES: [(Kind, WayKind); 5] = [
    (Kind::HTTPRoute, WayKind::HttpRoute),
    (Kind::GRPCRoute, WayKind::GrpcRoute),
    (Kind::TLSRoute, WayKind::TlsRoute),
    (Kind::TCPRoute, WayKind::TcpRoute),
    (Kind::UDPRoute, WayKind::UdpRoute),
];

/// Doors of the routes of any namespace that lead to the Service. Blindness is noted.
pub fn doors(view: &View<'_>, service: &Service) -> Vec<Door> {
    let mut found = Vec::new();
    for (kind, way) in ROUTES {
        for object in view.list_all(kind) {
            if let Object::Route(route) = &**object {
                let backends: Vec<_> = route
                    .backends
                    .iter()
                    .filter(|b| is_to(b, service))
                    .collect();
                if !backends.is_empty() {
                    add(view, (route, way), (&backends, service), &mut found);
                }
            }
        }
    }
    found
}

fn is_to(backend: &RouteBackend, service: &Service) -> bool {
    *backend.namespace == *service.meta.namespace()
        && backend.name == service.meta.key.name
        && !ports(backend, service).is_empty()
}

/// The ports of the Service that a reference means.
fn ports(backend: &RouteBackend, service: &Service) -> Vec<Target> {
    let same = service.ports.iter().filter(|p| p.port == backend.port);
    let mut ports: Vec<Target> = same.map(Target::from).collect();
    // A name for something outside needs no port of its own.
    if service.kind == ServiceKind::ExternalName && service.ports.is_empty() {
        ports.push(Target::of(backend.port));
    }
    ports
}

fn add(
    view: &View<'_>,
    (route, kind): (&Route, WayKind),
    (backends, service): (&[&RouteBackend], &Service),
    found: &mut Vec<Door>,
) {
    let Some((grant, granted)) = grant(view, route, service) else {
        return;
    };
    for parent in &route.parents {
        for listener in attached(view, route, parent) {
            let mut door = door(view, route, parent, &listener);
            door.kind = kind;
            if !granted {
                door.confidence = Confidence::Low;
            }
            door.hops.extend(grant.clone());
            for backend in backends {
                let value = format!("{}/{}", backend.namespace, backend.name);
                let path = backend.path.to_string();
                door.hops
                    .push(Evidence::explicit(&route.meta.key, path, value));
                door.ports.extend(ports(backend, service));
            }
            door.ports.sort_unstable();
            door.ports.dedup();
            found.push(door);
        }
    }
}

/// What lets a route refer to a Service of another namespace, and whether it is certain; `None` when nothing does. Of the
/// route's own namespace nothing is needed.
fn grant(view: &View<'_>, route: &Route, service: &Service) -> Option<(Option<Evidence>, bool)> {
    let (home, there) = (route.meta.namespace(), service.meta.namespace());
    if home == there {
        return Some((None, true));
    }
    let kind = route.meta.key.known()?.info().name;
    for object in view.list(Kind::ReferenceGrant, there) {
        let Object::ReferenceGrant(grant) = &**object else {
            continue;
        };
        let from = grant
            .from
            .iter()
            .position(|(k, ns)| **k == *kind && **ns == *home);
        let names = |name: &Option<_>| name.as_ref().is_none_or(|n| *n == service.meta.key.name);
        if let (Some(at), true) = (from, grant.services.iter().any(names)) {
            let path = format!("spec.from[{at}]");
            let value = format!("{kind} of {home}");
            return Some((Some(Evidence::explicit(&grant.meta.key, path, value)), true));
        }
    }
    let sight = view.world().sight();
    let hidden = sight.blind(Kind::ReferenceGrant, Some(there)).is_some();
    hidden.then_some((None, false))
}

fn door(view: &View<'_>, route: &Route, parent: &Parent, attached: &Attached<'_>) -> Door {
    let gateway = attached.gateway;
    let front = front(view, gateway);
    let (level, sure, mut hops) = if let Some(front) = &front {
        (front.level, front.confidence, front.hops.clone())
    } else {
        let on_server = gateway.meta.created.is_some();
        let (level, sure) = reach(&gateway.addresses, None, on_server);
        (level, sure, Vec::new())
    };
    hops.extend(addresses(gateway));
    let path = format!("spec.listeners[{}]", attached.at);
    let listener = attached.listener;
    let value = format!(
        "{}, {} on {}",
        listener.name, listener.protocol, listener.port
    );
    hops.push(Evidence::explicit(attached.holder, path, value));
    let at = route.parents.iter().position(|p| p == parent).unwrap_or(0);
    let path = format!("spec.parentRefs[{at}]");
    let value = format!("{}/{}", parent.namespace, parent.name);
    hops.push(Evidence::explicit(&route.meta.key, path, value));
    let sure = match (attached.unsure, parent.accepted) {
        (true, _) => Confidence::Low,
        (false, Some(_)) => sure,
        // No controller has said that it takes the route.
        (false, None) => sure.min(Confidence::Medium),
    };
    Door {
        kind: WayKind::HttpRoute,
        level,
        confidence: sure,
        entry: route.meta.key.clone(),
        at: called(gateway, attached),
        hops,
        ports: Vec::new(),
        front: front.map(|door| door.entry),
    }
}

/// The Service that carries the Gateway: the load balancer with its address, else the one that is labelled as made for it
/// (GEP-1762).
fn front(view: &View<'_>, gateway: &Gateway) -> Option<Door> {
    const MADE_FOR: &str = "gateway.networking.k8s.io/gateway-name";
    if let Some(front) = front::with_address(view, &gateway.addresses) {
        return Some(front);
    }
    view.context(|view| {
        let name = &gateway.meta.key.name;
        let services = super::services(view, gateway.meta.namespace());
        let mut made = services.filter(|s| s.meta.labels.get(MADE_FOR) == Some(name));
        let service = made.next()?;
        let doors = super::own_doors(view, service).into_iter();
        let mut best = doors.max_by_key(|door| (door.level, door.confidence))?;
        // An address of its own says more than ports of nodes do.
        if let (false, Some(balancer)) =
            (gateway.addresses.is_empty(), load_balancer::door(service))
        {
            best = balancer;
        }
        Some(best)
    })
}

fn called(gateway: &Gateway, attached: &Attached<'_>) -> String {
    if !attached.hosts.is_empty() {
        return attached.hosts.join(", ");
    }
    let port = attached.listener.port;
    match &*attached.listener.protocol {
        "TCP" | "UDP" | "TLS" => format!(
            "port {port} of {}",
            place(&gateway.addresses, "the gateway")
        ),
        _ => place(&gateway.addresses, "any host"),
    }
}

fn addresses(gateway: &Gateway) -> impl Iterator<Item = Evidence> {
    gateway.addresses.iter().enumerate().map(|(at, address)| {
        Evidence::new(
            &gateway.meta.key,
            format!("status.addresses[{at}].value"),
            address,
            Origin::Live,
        )
    })
}
