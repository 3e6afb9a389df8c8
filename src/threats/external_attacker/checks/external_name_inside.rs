//! Service is another name for an address inside
//!
//! ## What
//! Services of type ExternalName whose `externalName` is `localhost`, an address that is not of the internet (loopback,
//! private, link-local), or the name of a cloud's metadata service. Names of other hosts, and of Services of the cluster,
//! are silent.
//!
//! ## Why
//! Whoever calls the Service is led there by its own resolver: an ingress controller that follows it connects to its own
//! loopback, to the node's network or to the metadata service, for a caller who could never reach these. Whoever may edit
//! Services in one namespace so borrows the place in the network of a component that is shared by all.
//!
//! ## Fix
//! None is offered: what the name is for is known to its maker alone. Name a host, or make a Service with a selector; an
//! EndpointSlice made by hand publishes an address without lending it a name.
//!
//! ## References
//! - CVE-2020-8554, and kubernetes.io, Service, "Type `ExternalName`"
//! - Kyverno policies, `disallow-localhost-services`

use crate::model::objects::service::ServiceKind;
use crate::semantics::exposure::{AddressClass, Level, address_class, doors};
use crate::threats::external_attacker::behind;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "external-name-inside",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker, ThreatId::Misconfiguration],
    control: "services-closed",
    needs: &[
        Kind::Service,
        Kind::Ingress,
        Kind::IngressClass,
        Kind::Gateway,
        Kind::HTTPRoute,
        Kind::GRPCRoute,
        Kind::TLSRoute,
        Kind::TCPRoute,
        Kind::UDPRoute,
        Kind::ListenerSet,
        Kind::ReferenceGrant,
        Kind::Route,
        Kind::Node,
    ],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1090", "attack:T1552.005", "owasp:2025/K05"],
    scope: Scope::Object(&[Kind::Service], run),
    fix: Fix::None(
        "what the name is for is known to its maker alone: name a host of the outside, or make it a Service with a selector",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: admin, namespace: shop}
spec:
  type: ExternalName
  externalName: localhost
  ports: [{port: 8080}]
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: admin, namespace: shop}
spec:
  rules:
  - host: admin.example.com
    http:
      paths:
      - {path: /, pathType: Prefix, backend: {service: {name: admin, port: {number: 8080}}}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: meta, namespace: shop}
spec:
  type: ExternalName
  externalName: 169.254.169.254
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: meta, namespace: shop}
spec:
  type: ExternalName
  externalName: metadata.google.internal
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: billing, namespace: shop}
spec:
  type: ExternalName
  externalName: billing.example.com
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
",
        ),
    ],
};

/// Host names by which clouds publish the credentials of a machine.
const METADATA: &[&str] = &["metadata.google.internal", "metadata.goog", "instance-data"];

/// What lies at a name; `None` for hosts that are no matter of the cluster.
fn lies_at(name: &str) -> Option<&'static str> {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    if name == "localhost" || name.ends_with(".localhost") {
        return Some("the loopback of whoever calls it");
    }
    if METADATA.contains(&name.as_str()) || name == "169.254.169.254" {
        return Some("the metadata service of the machine, with its credentials");
    }
    match address_class(&name) {
        AddressClass::Loopback => Some("the loopback of whoever calls it"),
        AddressClass::Private => Some("an address of the private network"),
        AddressClass::Unknown | AddressClass::Public => None,
    }
}

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Service(service) = object else {
        return;
    };
    let name = &service.external_name;
    let Some(lies) = lies_at(name).filter(|_| service.kind == ServiceKind::ExternalName) else {
        return;
    };
    let doors = view.context(|view| doors(view, service));
    let door = doors
        .iter()
        .max_by_key(|door| (door.level, door.confidence));
    let (severity, who) = match door {
        Some(door) => {
            let severity = behind::by_level(door.level).raised();
            (
                severity,
                format!("who calls {} is led there {}", door.entry, door.level.who()),
            )
        }
        None => (
            Severity::Low,
            "no Ingress and no route leads to it".to_owned(),
        ),
    };
    let draft = out.fires(Part::Whole, severity, format!("{name} is {lies}; {who}"));
    draft.because(Evidence::explicit(object.key(), "spec.externalName", name));
    for hop in door
        .into_iter()
        .filter(|d| d.level > Level::Cluster)
        .flat_map(|d| &d.hops)
    {
        draft.because(hop.clone());
    }
}
