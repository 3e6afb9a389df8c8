//! Load balancer takes traffic from every address
//!
//! ## What
//! Services of type LoadBalancer without a list of the addresses that may connect (`loadBalancerSourceRanges`, or the
//! annotation of the provider that does the same), or with a list that contains the whole internet. Load balancers that
//! are internal, by their address or by the provider's annotation, are silent.
//!
//! ## Why
//! A load balancer filters before a packet reaches the cluster: nothing else between the internet and the application does
//! so by itself. Without a list, scanners find the port within hours.
//!
//! ## Fix
//! Sets `loadBalancerSourceRanges`. Which networks need the service is for a person to say: the fix holds a placeholder
//! (a block for documentation, which nobody has) that must be replaced. The node ports of the same Service are not filtered
//! by the list (kubernetes/kubernetes#33586), and some providers ignore it.
//!
//! ## References
//! - Kubernetes documentation, Service, "Load balancers with source ranges"
//! - kubernetes/kubernetes#33586, node ports are not filtered

use crate::semantics::exposure::{
    Level, Scheme, backends, load_balancer, service_filter, service_scheme,
};
use crate::threats::external_attacker::behind;
use crate::threats::prelude::*;

/// Nobody has an address in it (RFC 5737), so a fix that is applied as it stands lets nobody in rather than everybody.
const PLACEHOLDER: &str = "192.0.2.0/24";

/// The check.
pub static CHECK: Check = Check {
    id: "load-balancer-open-to-all",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker],
    control: "load-balancers-restricted",
    needs: behind::SERVICE_NEEDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1133", "attack:T1190", "owasp:2025/K05"],
    scope: Scope::Object(&[Kind::Service], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 443}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        )
        .with_status(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
status: {loadBalancer: {ingress: [{ip: 34.1.2.3}]}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [10.0.0.0/8, 0.0.0.0/0]
  selector: {app: web}
  ports: [{port: 443}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [198.51.100.0/28]
  selector: {app: web}
  ports: [{port: 443}]
",
        )
        .with_status(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
status: {loadBalancer: {ingress: [{ip: 34.1.2.3}]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata:
  name: web
  namespace: shop
  annotations: {service.beta.kubernetes.io/azure-load-balancer-internal: 'true'}
spec:
  type: LoadBalancer
  selector: {app: web}
  ports: [{port: 443}]
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Service(service) = object else {
        return;
    };
    let Some(door) = load_balancer(service) else {
        return;
    };
    let internal = door.level == Level::Network
        || door.level == Level::Pending
            && service_scheme(service).is_some_and(|(scheme, _)| scheme == Scheme::Internal);
    if internal || service_filter(service).is_some() {
        return;
    }
    let behind = view.context(|view| backends(view, service));
    let weight = if behind.hidden {
        let why = format!(
            "no list of addresses, reached {}; what stands behind it is not visible",
            door.level.who()
        );
        (behind::by_level(door.level), why)
    } else if behind.is_empty() {
        let why = "no list of addresses; nothing stands behind it now";
        (Severity::Low, why.to_owned())
    } else {
        let names = behind::names(behind.workloads.keys());
        let why = format!(
            "no list of addresses: {names} is reached {}",
            door.level.who()
        );
        (behind::by_level(door.level), why)
    };
    let (severity, why) = behind::raise(view, behind.workloads.keys(), weight);
    let finding = out.fires(Part::Whole, severity, why);
    finding.because(if service.source_ranges.is_empty() {
        Evidence::new(
            object.key(),
            "spec.loadBalancerSourceRanges",
            "unset",
            Origin::Default,
        )
    } else {
        Evidence::explicit(
            object.key(),
            "spec.loadBalancerSourceRanges",
            service.source_ranges.join(", "),
        )
    });
    for hop in door.hops {
        finding.because(hop);
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    view.get(&finding.id.object).seen()?;
    let ranges = ServiceEdit::SourceRanges(Box::new([PLACEHOLDER.into()]));
    let change = Change::new(&finding.id.object, Edit::Service(ranges));
    let remedy = Remedy::review([change], "every client whose address is not on the list");
    Some(remedy.ask(format!(
        "replace {PLACEHOLDER}, which nobody has, by the networks that may connect"
    )))
}
