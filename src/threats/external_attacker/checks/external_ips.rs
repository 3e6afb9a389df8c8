//! Service answers on external IPs
//!
//! ## What
//! Services of any type but ExternalName with addresses in `spec.externalIPs`.
//!
//! ## Why
//! Every node then takes the traffic that reaches it for these addresses, from inside the cluster and from outside, and no
//! controller owns them: whoever may edit a Service can take over the traffic to an address that is not theirs
//! (CVE-2020-8554). The field is deprecated since Kubernetes 1.36.
//!
//! ## Fix
//! Removes `externalIPs`. Traffic to these addresses stops; a load balancer or a Gateway is the way to publish a service.
//! The admission plugin DenyServiceExternalIPs keeps the field from being used again.
//!
//! ## References
//! - CVE-2020-8554, kubernetes/kubernetes#97076
//! - KEP-5707, deprecate Service externalIPs

use crate::semantics::exposure::{backends, external_ip};
use crate::threats::external_attacker::behind;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "external-ips",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker],
    control: "services-closed",
    needs: behind::SERVICE_NEEDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1133",
        "attack:T1557",
        "owasp:2025/K05",
        "trivy:KSV-0108",
    ],
    scope: Scope::Object(&[Kind::Service], run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: web, namespace: shop}
spec:
  selector: {app: web}
  ports: [{port: 80}]
  externalIPs: [198.51.100.32]
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: mail, namespace: shop}
spec:
  type: NodePort
  selector: {app: mail}
  ports: [{port: 25}]
  externalIPs: [10.0.0.25, 10.0.0.26]
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
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: billing, namespace: shop}
spec:
  type: ExternalName
  externalName: billing.example.com
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Service(service) = object else {
        return;
    };
    let Some(door) = external_ip(service) else {
        return;
    };
    let behind = view.context(|view| backends(view, service));
    let fate = if behind.hidden {
        "what stands behind it is not visible".to_owned()
    } else if behind.is_empty() {
        "it is dropped, nothing stands behind it".to_owned()
    } else {
        format!("it goes to {}", behind::names(behind.workloads.keys()))
    };
    let why = format!("every node takes the traffic for {}: {fate}", door.at);
    let finding = out.fires(Part::Whole, Severity::High, why);
    for hop in door.hops {
        finding.because(hop);
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    view.get(&finding.id.object).seen()?;
    let change = Change::new(
        &finding.id.object,
        Edit::Service(ServiceEdit::RemoveExternalIps),
    );
    Some(Remedy::review([change], "clients that use these addresses"))
}
