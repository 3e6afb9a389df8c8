//! Ingresses that lead to a Service: which class serves them, and from where.

use super::filter;
use super::front;
use super::load_balancer::{self, addresses};
use super::provider::{self, annotation};
use super::target::Target;
use super::way::{Confidence, Door, Level, WayKind};
use crate::model::objects::ingress::{Backend, Ingress, IngressClass};
use crate::model::objects::service::{Service, ServiceKind, ServicePort};
use crate::model::{Evidence, Kind, Object, ObjectKey, Origin};
use crate::view::{Look, View};

/// Who serves an Ingress.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Class {
    /// The controller, when the class is known.
    pub controller: Option<String>,
    /// The field that names the class; `None` when nothing does and no class is the default.
    pub says: Option<Evidence>,
}

/// Resolves the class: the field, else the old annotation, else the default class of the cluster, else nobody claims it.
/// Classes that are hidden leave the controller unknown.
pub fn class(view: &View<'_>, ingress: &Ingress) -> Class {
    const OLD: &str = "kubernetes.io/ingress.class";
    let key = &ingress.meta.key;
    let named = |name: &str, path: String| Class {
        controller: view.context(|view| controller(view, name)),
        says: Some(Evidence::explicit(key, path, name.to_owned())),
    };
    if let Some(name) = &ingress.class {
        return named(name, "spec.ingressClassName".to_owned());
    }
    if let Some(name) = ingress.meta.annotations.get(OLD) {
        return named(name, annotation(OLD));
    }
    let default = view.context(|view| classes(view).into_iter().find(|class| class.default));
    Class {
        controller: default.map(|class| class.controller.to_string()),
        says: default.map(|class| {
            let path = annotation("ingressclass.kubernetes.io/is-default-class");
            Evidence::new(&class.meta.key, path, true, Origin::Inherited)
        }),
    }
}

/// Doors of the Ingresses of the Service's namespace that lead to it. Blindness is noted.
pub fn doors(view: &View<'_>, service: &Service) -> Vec<Door> {
    let all = view.list(Kind::Ingress, service.meta.namespace());
    let doors = all.filter_map(|object| match &**object {
        Object::Ingress(ingress) => door(view, ingress, service),
        _ => None,
    });
    doors.collect()
}

fn door(view: &View<'_>, ingress: &Ingress, service: &Service) -> Option<Door> {
    let routes = routes(ingress, service);
    let first = routes.first()?.says.clone();
    let key = &ingress.meta.key;
    let (front, (mut level, confidence, mut hops)) = carried(view, ingress);
    if let Some(list) = filter::of_ingress(ingress) {
        hops.push(list);
        level = load_balancer::restricted(level);
    }
    hops.push(first);
    let mut ports: Vec<Target> = routes.iter().map(|route| route.port.clone()).collect();
    ports.sort_unstable();
    ports.dedup();
    let mut hosts: Vec<_> = routes.into_iter().map(|route| route.host).collect();
    hosts.dedup();
    Some(Door {
        kind: WayKind::Ingress,
        level,
        confidence,
        entry: key.clone(),
        at: hosts.join(", "),
        hops,
        ports,
        front,
    })
}

/// From where an Ingress is reached, with what says so: the addresses of its status, and where these are those of a load
/// balancer of the cluster (the controller's own), what is known of that one.
pub fn reach(view: &View<'_>, ingress: &Ingress) -> (Level, Confidence, Vec<Evidence>) {
    carried(view, ingress).1
}

/// The same, with the Service whose load balancer carries the address.
fn carried(view: &View<'_>, ingress: &Ingress) -> (Option<ObjectKey>, Reached) {
    let key = &ingress.meta.key;
    let mut hops: Vec<_> = addresses(key, &ingress.addresses).collect();
    let class = class(view, ingress);
    let scheme = provider::ingress_scheme(ingress, class.controller.as_deref());
    let asked = scheme.as_ref().map(|(scheme, _)| *scheme);
    hops.extend(class.says);
    hops.extend(scheme.map(|(_, says)| says));
    if let Some(front) = front::with_address(view, &ingress.addresses) {
        hops.splice(0..0, front.hops);
        return (Some(front.entry), (front.level, front.confidence, hops));
    }
    let on_server = ingress.meta.created.is_some();
    let (level, confidence) = load_balancer::reach(&ingress.addresses, asked, on_server);
    (None, (level, confidence.min(Confidence::Medium), hops))
}

type Reached = (Level, Confidence, Vec<Evidence>);

struct Route {
    host: String,
    port: Target,
    says: Evidence,
}

/// Rules of an Ingress that lead to a port that the Service has.
fn routes(ingress: &Ingress, service: &Service) -> Vec<Route> {
    let key = &ingress.meta.key;
    let mut found = Vec::new();
    for (at, rule) in ingress.rules.iter().enumerate() {
        for (to, (path, backend)) in rule.paths.iter().enumerate() {
            if let Some(port) = leads_to(backend, service) {
                let host = rule
                    .host
                    .as_deref()
                    .filter(|h| !h.is_empty())
                    .unwrap_or("any host");
                let field = format!("spec.rules[{at}].http.paths[{to}].backend.service.name");
                let says = Evidence::explicit(
                    key,
                    field,
                    format!("{} (for {host}{path})", service.meta.name()),
                );
                found.push(Route {
                    host: host.to_owned(),
                    port,
                    says,
                });
            }
        }
    }
    let default = ingress.default_backend.as_ref();
    if let Some(port) = default.and_then(|backend| leads_to(backend, service)) {
        let name = &service.meta.key.name;
        let says = Evidence::explicit(key, "spec.defaultBackend.service.name", name);
        found.push(Route {
            host: "any host".to_owned(),
            port,
            says,
        });
    }
    found
}

fn leads_to(backend: &Backend, service: &Service) -> Option<Target> {
    let Backend::Service(name, port) = backend else {
        return None;
    };
    let is_meant = |p: &&ServicePort| *p.name == **port || p.port.to_string() == **port;
    let mut ports = service.ports.iter();
    let found = ports.find(is_meant).map(Target::from);
    // A name for something outside needs no port of its own.
    let outside = service.kind == ServiceKind::ExternalName && service.ports.is_empty();
    let named = || port.parse().ok().filter(|_| outside).map(Target::of);
    found
        .or_else(named)
        .filter(|_| *name == service.meta.key.name)
}

fn controller(view: &View<'_>, name: &str) -> Option<String> {
    match view.get(&ObjectKey::cluster(Kind::IngressClass, name)) {
        Look::Seen(object) => match &**object {
            Object::IngressClass(class) => Some(class.controller.to_string()),
            _ => None,
        },
        Look::Absent | Look::Blind(_) => None,
    }
}

fn classes<'a>(view: &View<'a>) -> Vec<&'a IngressClass> {
    let all = view.list(Kind::IngressClass, "");
    all.filter_map(|object| match &**object {
        Object::IngressClass(class) => Some(class),
        _ => None,
    })
    .collect()
}
