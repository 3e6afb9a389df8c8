//! OpenShift's Routes: a router of the platform proxies a host to a Service of the same namespace. How far the router is
//! reached is told by its own Service in `openshift-ingress`. Source: openshift/api `route/v1/types.go`.

use super::load_balancer;
use super::target::Target;
use super::way::{Confidence, Door, Level, WayKind};
use crate::model::objects::openshift_route::OpenShiftRoute;
use crate::model::objects::service::{Service, ServicePort};
use crate::model::{Evidence, Kind, Object, ObjectKey, Origin, Str};
use crate::view::View;

/// Doors of the Routes of the Service's namespace that lead to it. Blindness is noted.
pub fn doors(view: &View<'_>, service: &Service) -> Vec<Door> {
    let all = view.list(Kind::Route, service.meta.namespace());
    let doors = all.filter_map(|object| match &**object {
        Object::OpenShiftRoute(route) => door(view, route, service),
        _ => None,
    });
    doors.collect()
}

fn door(view: &View<'_>, route: &OpenShiftRoute, service: &Service) -> Option<Door> {
    let at = route
        .services
        .iter()
        .position(|name| *name == service.meta.key.name)?;
    let is_meant = |port: &&ServicePort| match &route.target {
        Some(target) => port.name == *target || port.target == *target,
        None => true,
    };
    let ports: Vec<Target> = service
        .ports
        .iter()
        .filter(is_meant)
        .map(Target::from)
        .collect();
    let key = &route.meta.key;
    if ports.is_empty() {
        return None;
    }
    let admitted = route.routers.iter().position(|router| router.admitted);
    let name = admitted
        .and_then(|at| route.routers.get(at))
        .map(|router| &router.name);
    let front = name.and_then(|name| router(view, name));
    let balancer = front.and_then(load_balancer::door);
    let mut hops = Vec::new();
    let (level, confidence) = match (&balancer, admitted) {
        (Some(door), _) => {
            hops.extend(door.hops.iter().cloned());
            (door.level, door.confidence)
        }
        (None, Some(_)) => (Level::Unknown, Confidence::Medium),
        (None, None) if route.meta.created.is_some() => (Level::Pending, Confidence::Medium),
        (None, None) => (Level::Unknown, Confidence::Low),
    };
    if let (Some(at), Some(name)) = (admitted, name) {
        let path = format!("status.ingress[{at}].routerName");
        hops.push(Evidence::new(key, path, name, Origin::Live));
    }
    let path = if at == 0 {
        "spec.to.name".to_owned()
    } else {
        "spec.alternateBackends".to_owned()
    };
    hops.push(Evidence::explicit(key, path, &service.meta.key.name));
    let host = route
        .routers
        .first()
        .map_or(&route.host, |router| &router.host);
    Some(Door {
        kind: WayKind::OpenShiftRoute,
        level,
        confidence,
        entry: key.clone(),
        at: if host.is_empty() {
            "a host that the router chooses".to_owned()
        } else {
            host.to_string()
        },
        hops,
        ports,
        front: front.map(|service| service.meta.key.clone()),
    })
}

/// The Service of a router: that of its load balancer or node ports, else the one inside. It only colours the answer.
fn router<'a>(view: &View<'a>, name: &Str) -> Option<&'a Service> {
    view.context(|view| {
        ["router-", "router-internal-"].iter().find_map(|prefix| {
            let name = format!("{prefix}{name}");
            let key = ObjectKey::namespaced(Kind::Service, "openshift-ingress", &name);
            match &**view.get(&key).seen()? {
                Object::Service(service) => Some(service),
                _ => None,
            }
        })
    })
}
