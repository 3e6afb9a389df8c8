//! Service opens a port on every node
//!
//! ## What
//! Services with node ports behind which something stands: type NodePort, and type LoadBalancer as well, which gets node
//! ports unless `allocateLoadBalancerNodePorts` is false.
//!
//! ## Why
//! The port is open on each address of each node, whatever the node is there for. The source ranges of a load balancer do
//! not filter it (kubernetes/kubernetes#33586), and an internal load balancer does not make it internal: where a node has
//! a public address, only a firewall that the API does not show stands in between.
//!
//! ## Fix
//! Makes a NodePort Service type ClusterIP. A load balancer stops asking for node ports; that works only where it sends
//! traffic to pods or nodes without them (MetalLB, Cilium, `ip` targets of AWS, NEGs of GKE).
//!
//! ## References
//! - Kubernetes documentation, Service, "type: NodePort", "Disabling load balancer NodePort allocation"
//! - kubernetes/kubernetes#33586, node ports are not filtered

use crate::model::objects::service::{Service, ServiceKind};
use crate::semantics::exposure::{Level, backends, load_balancer, node_port};
use crate::threats::external_attacker::behind;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "node-port",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker],
    control: "services-closed",
    needs: behind::SERVICE_NEEDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1133", "owasp:2025/K05"],
    scope: Scope::Object(&[Kind::Service], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80, nodePort: 30080}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  loadBalancerSourceRanges: [198.51.100.0/28]
  selector: {app: web}
  ports: [{port: 443, nodePort: 30443}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: LoadBalancer
  allocateLoadBalancerNodePorts: false
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
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: NodePort
  selector: {app: web}
  ports: [{port: 80}]
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Service(service) = object else {
        return;
    };
    let Some(door) = node_port(view, service) else {
        return;
    };
    let behind = backends(view, service);
    if behind.is_empty() {
        return;
    }
    let names = behind::names(behind.workloads.keys());
    let mut severity = behind::by_level(door.level);
    let mut why = door.leads_to(names);
    let balancer = load_balancer(service);
    match &balancer {
        // What the load balancer lets in anyway comes in here too: no more is lost.
        Some(open) if open.level >= door.level && open.level != Level::Restricted => {
            severity = Severity::Low;
        }
        Some(narrow) if door.level != Level::Network => {
            why = format!(
                "{why}, past the load balancer, which is reached {}",
                narrow.level.who()
            );
        }
        _ => {}
    }
    let (severity, why) = behind::raise(view, behind.workloads.keys(), (severity, why));
    let finding = out.fires(Part::Whole, severity, why);
    for hop in door.hops {
        finding.because(hop);
    }
    for joined in behind.workloads.values().chain(&behind.strangers).take(3) {
        finding.because(joined.clone());
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let object = view.get(&finding.id.object).seen()?;
    let Object::Service(Service { kind, .. }) = &**object else {
        return None;
    };
    let (edit, breaks) = match kind {
        ServiceKind::LoadBalancer => (
            ServiceEdit::NoNodePorts,
            "the load balancer itself, where it sends its traffic to node ports: most of the clouds do",
        ),
        _ => (
            ServiceEdit::ClusterIp,
            "everybody who connects to the node port",
        ),
    };
    Some(Remedy::review(
        [Change::new(&finding.id.object, Edit::Service(edit))],
        breaks,
    ))
}
