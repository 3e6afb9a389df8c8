//! HTTPRoutes that lead to a Service through a Gateway. Which listener takes a route, and whether another namespace grants
//! its Service, is decided by fields that are not read yet: such a way is never surer than low.

use super::front;
use super::load_balancer::{place, reach};
use super::target::Target;
use super::way::{Confidence, Door, WayKind};
use crate::model::objects::gateway::{Gateway, HttpRoute};
use crate::model::objects::service::Service;
use crate::model::{Evidence, Kind, Object, ObjectKey, Origin, Str};
use crate::view::{Look, View};

/// Doors of the routes of any namespace that lead to the Service. Blindness is noted.
pub fn doors(view: &View<'_>, service: &Service) -> Vec<Door> {
    let all = view
        .list_all(Kind::HTTPRoute)
        .filter_map(|object| match &**object {
            Object::HttpRoute(route) => Some(route),
            _ => None,
        });
    let mut found = Vec::new();
    for route in all {
        if let Some((backend, ports)) = backend(route, service) {
            found.extend(
                route
                    .parents
                    .iter()
                    .filter_map(|parent| door(view, route, parent, (&backend, &ports))),
            );
        }
    }
    found
}

fn backend(route: &HttpRoute, service: &Service) -> Option<(Evidence, Vec<Target>)> {
    let at = route.backends.iter().position(|(namespace, name, port)| {
        **namespace == *service.meta.namespace()
            && *name == service.meta.key.name
            && service.ports.iter().any(|p| p.port == *port)
    })?;
    let value = format!("{}/{}", service.meta.namespace(), service.meta.name());
    let path = format!("spec.rules[*].backendRefs[{at}]");
    let here = |(namespace, name, _): &&(Str, Str, u16)| {
        **namespace == *service.meta.namespace() && *name == service.meta.key.name
    };
    let wanted: Vec<u16> = route.backends.iter().filter(here).map(|b| b.2).collect();
    let ports = service.ports.iter().filter(|p| wanted.contains(&p.port));
    let ports = ports.map(Target::from).collect();
    Some((Evidence::explicit(&route.meta.key, path, value), ports))
}

fn door(
    view: &View<'_>,
    route: &HttpRoute,
    (namespace, name): &(Str, Str),
    (backend, ports): (&Evidence, &[Target]),
) -> Option<Door> {
    let key = ObjectKey::namespaced(Kind::Gateway, namespace, name);
    let gateway = match view.get(&key) {
        Look::Seen(object) => match &**object {
            Object::Gateway(gateway) => gateway,
            _ => return None,
        },
        // A route whose gateway does not exist is served by nobody; one that is hidden leaves the view blind.
        Look::Absent | Look::Blind(_) => return None,
    };
    let carrier = front::with_address(view, &gateway.addresses);
    let front = carrier.as_ref().map(|door| door.entry.clone());
    let (level, mut hops) = match carrier {
        Some(front) => (front.level, front.hops),
        None => (
            reach(&gateway.addresses, None, gateway.meta.created.is_some()).0,
            Vec::new(),
        ),
    };
    hops.extend(addresses(gateway));
    let parent = format!("{namespace}/{name}");
    hops.push(Evidence::explicit(
        &route.meta.key,
        "spec.parentRefs",
        parent,
    ));
    hops.push(backend.clone());
    let hosts = route.hostnames.join(", ");
    Some(Door {
        kind: WayKind::HttpRoute,
        level,
        confidence: Confidence::Low,
        entry: route.meta.key.clone(),
        at: if hosts.is_empty() {
            place(&gateway.addresses, "any host")
        } else {
            hosts
        },
        hops,
        ports: ports.to_vec(),
        front,
    })
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
