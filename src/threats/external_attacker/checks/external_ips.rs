//! Service answers on external IPs
//!
//! ## What
//! Services with addresses in `spec.externalIPs`.
//!
//! ## Why
//! Every node then takes traffic for these addresses, and no controller owns them: whoever may edit a Service can take
//! over the traffic of an address that is not theirs (CVE-2020-8554).
//!
//! ## Fix
//! Removes `externalIPs`. Traffic to these addresses stops.
//!
//! ## References
//! - CVE-2020-8554, kubernetes/kubernetes#97076

use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "external-ips",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker],
    control: "services-closed",
    needs: &[Kind::Service],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1133", "trivy:KSV-0108"],
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
  externalIPs: [203.0.113.7]
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

fn run(object: &Object, _: &View<'_>, out: &mut Sink) {
    let Object::Service(service) = object else {
        return;
    };
    if !service.external_ips.is_empty() {
        let value = service.external_ips.join(", ");
        out.fires(
            Part::Whole,
            Severity::High,
            "every node takes traffic for these addresses",
        )
        .because(Evidence::explicit(object.key(), "spec.externalIPs", value));
    }
}

fn fix(finding: &Finding, _: &View<'_>) -> Option<Remedy> {
    let change = Change::new(
        &finding.id.object,
        Edit::Service(ServiceEdit::RemoveExternalIps),
    );
    Some(Remedy::review([change], "clients that use these addresses"))
}
