//! Service opens a way in from outside the cluster
//!
//! ## What
//! Services of type LoadBalancer or NodePort, or with `externalIPs`, behind which something stands: endpoints, or pods that
//! the selector selects. A Service with nothing behind it lets nobody in. What an Ingress or a Gateway forwards to counts
//! at the load balancer of its controller, not here.
//!
//! How far the way reaches is read from the address in the status, the provider's annotations, the list of source ranges
//! and the addresses of the nodes. A firewall of the cloud is not in the API: it is neither counted on nor denied.
//!
//! ## Why
//! Whoever can connect can try: a flaw of the application, a password that was guessed, a page that was meant for the
//! office. Each such Service should be one that somebody decided to open.
//!
//! ## Fix
//! Makes it type ClusterIP and takes `externalIPs` away; publish it through an Ingress or a Gateway if outsiders need it.
//! Where it has to stay open, restrict the addresses that may connect and accept the finding.
//!
//! ## References
//! - Kubernetes documentation, Service, "Publishing Services (ServiceTypes)"
//! - MITRE ATT&CK T1133, External Remote Services; T1190, Exploit Public-Facing Application

use crate::model::objects::service::{Service, ServiceKind};
use crate::semantics::exposure::{Door, backends, own_doors};
use crate::threats::external_attacker::behind;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "service-exposed",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker],
    control: "services-closed",
    needs: behind::SERVICE_NEEDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1133",
        "attack:T1190",
        "owasp:2025/K05",
        "kubescape:C-0256",
    ],
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
  ports: [{port: 80, targetPort: 8080}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
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
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  type: ClusterIP
  selector: {app: web}
  ports: [{port: 80}]
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
  selector: {app: web}
  ports: [{port: 80}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  replicas: 0
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Service(service) = object else {
        return;
    };
    let doors = own_doors(view, service);
    let Some(farthest) = doors.iter().reduce(farther) else {
        return;
    };
    let behind = backends(view, service);
    if behind.is_empty() {
        return;
    }
    let names = behind::names(behind.workloads.keys());
    let severity = behind::by_level(farthest.level);
    let why = farthest.leads_to(names);
    let (severity, why) = behind::raise(view, behind.workloads.keys(), (severity, why));
    let finding = out.fires(Part::Whole, severity, why);
    for hop in doors.iter().flat_map(|door| &door.hops) {
        finding.because(hop.clone());
    }
    for joined in behind.workloads.values().chain(&behind.strangers).take(3) {
        finding.because(joined.clone());
    }
}

fn farther<'d>(best: &'d Door, next: &'d Door) -> &'d Door {
    if (next.level, next.confidence) > (best.level, best.confidence) {
        next
    } else {
        best
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let object = view.get(&finding.id.object).seen()?;
    let Object::Service(service) = &**object else {
        return None;
    };
    let edit = |edit| Change::new(&finding.id.object, Edit::Service(edit));
    let mut changes = Vec::new();
    if service.kind != ServiceKind::ClusterIp {
        changes.push(edit(ServiceEdit::ClusterIp));
    }
    if !service.external_ips.is_empty() {
        changes.push(edit(ServiceEdit::RemoveExternalIps));
    }
    let places: Vec<String> = own_doors(view, service)
        .into_iter()
        .map(|door| door.at)
        .collect();
    let mut remedy = Remedy::review(
        changes,
        format!("everybody who connects to {}", places.join("; ")),
    );
    let carried = carried(service, view);
    if !carried.is_empty() {
        remedy = remedy.may_break(format!(
            "every Ingress that is served through it: {}",
            carried.join(", ")
        ));
    }
    Some(remedy)
}

/// Ingresses that carry the address of this load balancer: it is the front door of their controller.
fn carried(service: &Service, view: &View<'_>) -> Vec<String> {
    let all = view
        .list_all(Kind::Ingress)
        .filter_map(|object| match &**object {
            Object::Ingress(ingress) => Some(ingress),
            _ => None,
        });
    all.filter(|ingress| {
        ingress
            .addresses
            .iter()
            .any(|a| service.addresses.contains(a))
    })
    .map(|ingress| format!("{}/{}", ingress.meta.namespace(), ingress.meta.name()))
    .collect()
}
