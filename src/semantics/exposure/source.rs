//! Whose address a policy sees when somebody comes in by a way: the client's own, that of a node, of a load balancer, of
//! the pods of a proxy. Source: the Service's `externalTrafficPolicy`, and what each controller puts in front of pods.

use std::fmt;

use ipnet::IpNet;

use super::backends::backends;
use super::ingress;
use super::way::{Door, WayKind};
use crate::model::objects::ingress::Ingress;
use crate::model::objects::service::Service;
use crate::model::{Kind, Labels, Object, ObjectKey};
use crate::semantics::images::ImageRef;
use crate::semantics::running;
use crate::view::View;

/// Whose address it is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Source {
    /// The client's own.
    Client,
    /// A node's, in place of the client's: of the pod's own node perhaps.
    Node,
    /// The client's or a node's, by how the plugin forwards the port.
    ClientOrNode,
    /// A load balancer's, which talks to pods itself. Its addresses where they are published, else they are not known.
    Balancer(Vec<IpNet>),
    /// That of pods of a proxy, by their workloads.
    Pods(Vec<ObjectKey>),
    /// That of a proxy which was not found.
    Proxy,
    /// None: the pod calls outside itself, and callers come back by its connection.
    Own,
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::Client => f.write_str("client address"),
            Source::Node => f.write_str("node address (rewritten)"),
            Source::ClientOrNode => f.write_str("client or node address"),
            Source::Balancer(_) => f.write_str("address of the load balancer"),
            Source::Proxy => f.write_str("a proxy that was not found"),
            Source::Own => f.write_str("its own connection to outside"),
            Source::Pods(all) => {
                f.write_str("pods of ")?;
                for (at, key) in all.iter().enumerate() {
                    let comma = if at == 0 { "" } else { ", " };
                    let namespace = key.namespace.as_deref().unwrap_or("");
                    write!(f, "{comma}{}/{namespace}/{}", key.kind.short(), key.name)?;
                }
                Ok(())
            }
        }
    }
}

/// Addresses from which Google's front ends reach pods (cloud.google.com/load-balancing/docs, firewall rules).
const GOOGLE: [&str; 2] = ["35.191.0.0/16", "130.211.0.0/22"];

/// Names of controllers, and the repository of the image that each runs as, without its vendor's host.
const CONTROLLERS: &[(&str, &[&str])] = &[
    (
        "k8s.io/ingress-nginx",
        &[
            "ingress-nginx/controller",
            "ingress-nginx/controller-chroot",
        ],
    ),
    ("nginx.org/ingress-controller", &["nginx/nginx-ingress"]),
    ("traefik.io/ingress-controller", &["traefik"]),
    ("haproxy-ingress.github.io/controller", &["haproxy-ingress"]),
    (
        "haproxy.org/ingress-controller",
        &["haproxytech/kubernetes-ingress"],
    ),
    ("caddyserver.com/ingress-controller", &["caddy/ingress"]),
];

/// Whose address policies see of what comes through a door.
pub(super) fn of(view: &View<'_>, door: &Door, service: Option<&Service>) -> Source {
    match door.kind {
        WayKind::LoadBalancer => service.map_or(Source::Client, by_load_balancer),
        WayKind::NodePort | WayKind::ExternalIp => {
            service.map_or(Source::Node, |service| by_node(service.local_only))
        }
        WayKind::HostPort => Source::ClientOrNode,
        WayKind::HostNetwork | WayKind::HealthCheck => Source::Client,
        // The tunnel's own pod fetches from outside: nobody calls it.
        WayKind::Tunnel => Source::Own,
        _ => match &door.front {
            Some(front) => by_proxy(view, front),
            None => by_controller(view, &door.entry, service),
        },
    }
}

fn by_node(local_only: bool) -> Source {
    if local_only {
        Source::Client
    } else {
        Source::Node
    }
}

fn by_load_balancer(service: &Service) -> Source {
    const TYPE: &str = "service.beta.kubernetes.io/aws-load-balancer-type";
    const TARGET: &str = "service.beta.kubernetes.io/aws-load-balancer-nlb-target-type";
    const ATTRIBUTES: &str = "service.beta.kubernetes.io/aws-load-balancer-target-group-attributes";
    let annotation = |key: &str| value(&service.meta.annotations, key);
    // Targets that are pods: the client's address is kept for UDP, and for TCP only where an attribute asks for it
    // (aws-load-balancer-controller docs/guide/service/nlb.md).
    if annotation(TYPE) == "nlb-ip" || annotation(TARGET) == "ip" {
        let kept = "preserve_client_ip.enabled=true";
        let mut attributes = annotation(ATTRIBUTES).split(',');
        return if attributes.any(|a| a.trim() == kept) {
            Source::Client
        } else {
            Source::Balancer(Vec::new())
        };
    }
    by_node(service.local_only)
}

fn by_proxy(view: &View<'_>, front: &ObjectKey) -> Source {
    let service = view.get(front).seen().and_then(|object| match &**object {
        Object::Service(service) => Some(service),
        _ => None,
    });
    let behind = service.map(|service| backends(view, service));
    let pods: Vec<_> = behind
        .into_iter()
        .flat_map(|b| b.workloads.into_keys())
        .collect();
    if pods.is_empty() {
        Source::Proxy
    } else {
        Source::Pods(pods)
    }
}

fn by_controller(view: &View<'_>, entry: &ObjectKey, service: Option<&Service>) -> Source {
    let Some(object) = view.get(entry).seen() else {
        return Source::Proxy;
    };
    let Object::Ingress(found) = &**object else {
        return Source::Proxy;
    };
    let class = ingress::class(view, found);
    match class.controller.as_deref() {
        Some("ingress.k8s.aws/alb") => by_alb(found, service),
        Some(name) => running_controller(view, name),
        None => match value(&found.meta.annotations, "kubernetes.io/ingress.class") {
            "gce" => by_google(service, google()),
            "gce-internal" => by_google(service, Vec::new()),
            _ => Source::Proxy,
        },
    }
}

/// Targets of an ALB are node ports unless told otherwise; its own address is seen either way, or a node's.
fn by_alb(ingress: &Ingress, service: Option<&Service>) -> Source {
    const TARGET: &str = "alb.ingress.kubernetes.io/target-type";
    let own = service.map_or("", |service| value(&service.meta.annotations, TARGET));
    let target = if own.is_empty() {
        value(&ingress.meta.annotations, TARGET)
    } else {
        own
    };
    if target == "ip" {
        Source::Balancer(Vec::new())
    } else {
        Source::Node
    }
}

fn by_google(service: Option<&Service>, addresses: Vec<IpNet>) -> Source {
    let neg = service.map_or("", |s| value(&s.meta.annotations, "cloud.google.com/neg"));
    let spaceless: String = neg.split_whitespace().collect();
    if spaceless.contains(r#""ingress":true"#) {
        Source::Balancer(addresses)
    } else {
        Source::Node
    }
}

fn google() -> Vec<IpNet> {
    GOOGLE.iter().filter_map(|net| net.parse().ok()).collect()
}

/// The one workload that runs a controller; where there are two, which of them serves this class is not known.
fn running_controller(view: &View<'_>, name: &str) -> Source {
    let Some((_, images)) = CONTROLLERS
        .iter()
        .find(|(controller, _)| *controller == name)
    else {
        return Source::Proxy;
    };
    let is_it = |image: &str| {
        let parts: Vec<&str> = ImageRef::parse(image).repository.split('/').collect();
        images.iter().any(|known| {
            let known: Vec<&str> = known.split('/').collect();
            parts.ends_with(&known)
        })
    };
    let mut found = view.context(|view| {
        let all = view.namespaces();
        let running = all.iter().flat_map(|namespace| {
            let live = running::live(view, namespace).into_iter();
            live.chain(running::wanted(view, namespace))
        });
        let running = running.filter(|r| r.spec.containers.iter().any(|c| is_it(&c.image)));
        running.map(|r| r.workload(view)).collect::<Vec<_>>()
    });
    found.sort_unstable();
    found.dedup();
    match found.as_slice() {
        [_] => Source::Pods(found),
        _ => Source::Proxy,
    }
}

fn value<'a>(annotations: &'a Labels, key: &str) -> &'a str {
    annotations.get(key).map_or("", |value| &**value)
}

/// The Service of a way.
pub(super) fn service<'a>(view: &View<'a>, key: Option<&ObjectKey>) -> Option<&'a Service> {
    let key = key.filter(|key| key.known() == Some(Kind::Service))?;
    match &**view.get(key).seen()? {
        Object::Service(service) => Some(service),
        _ => None,
    }
}
