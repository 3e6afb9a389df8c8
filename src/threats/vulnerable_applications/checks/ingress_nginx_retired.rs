//! Ingress controller is retired: ingress-nginx
//!
//! ## What
//! Containers that run the controller of `kubernetes/ingress-nginx`, told by the name of its image: by its own name, in a
//! mirror too, or by a vendor's. The controller of the NGINX company (`nginx/nginx-ingress`) is another program.
//!
//! ## Why
//! Maintenance ended in March 2026: no flaw found since is mended, and its repository is read-only. It stands where the
//! internet comes in, and its account reads the Secrets that hold certificates: in 2025 one request was enough to take
//! it over (CVE-2025-1974).
//!
//! ## Fix
//! None here: another controller or a Gateway must be chosen, and each Ingress moved and tried.
//!
//! ## References
//! - kubernetes.io/blog, 2025-11-11, "Ingress NGINX Retirement: What You Need to Know"
//! - CVE-2025-1974

use crate::semantics::exposure::{Level, ways_to};
use crate::semantics::images::{ImageRef, Retired, retired};
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::image_users::image_users;

/// The check.
pub static CHECK: Check = Check {
    id: "ingress-nginx-retired",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications, ThreatId::ExternalAttacker],
    control: "components-maintained",
    needs: &[
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::Service,
        Kind::EndpointSlice,
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
    standards: &["attack:T1190", "owasp:2025/K07", "kubescape:C-0292"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "another controller or a Gateway must be chosen, and each Ingress moved to it and tried",
    ),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: ingress-nginx-controller, namespace: ingress}
spec:
  selector: {matchLabels: {app: ingress}}
  template:
    metadata: {labels: {app: ingress}}
    spec:
      containers:
      - {name: controller, image: 'registry.k8s.io/ingress-nginx/controller:v1.14.3'}
---
apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: ingress}
spec:
  type: LoadBalancer
  selector: {app: ingress}
  ports: [{port: 443}]
",
        )
        .with_status(
            "apiVersion: v1
kind: Service
metadata: {name: ingress, namespace: ingress}
status: {loadBalancer: {ingress: [{ip: 203.0.113.7}]}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: ingress, namespace: ingress}
spec:
  containers:
  - {name: controller, image: 'rancher/nginx-ingress-controller:v1.12.4'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: ingress, namespace: ingress}
spec:
  containers:
  - {name: controller, image: 'nginx/nginx-ingress:5.2.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: certgen, namespace: ingress}
spec:
  containers:
  - {name: certgen, image: 'registry.k8s.io/ingress-nginx/kube-webhook-certgen:v1.6.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let of_vendor = |image: &ImageRef<'_>| match retired(image) {
        Some(Retired::IngressNginx) => Some(false),
        Some(Retired::IngressNginxOfVendor) => Some(true),
        _ => None,
    };
    for found in image_users(pod.spec, |image| of_vendor(image).is_some()) {
        let ways = view.context(|view| ways_to(view, pod));
        let farthest = ways.first().map(|way| way.door.level);
        let (severity, mut why) = match farthest {
            Some(level) if level >= Level::Network => (
                Severity::High,
                format!(
                    "no flaw in it is mended since March 2026, and it is reached {}",
                    level.who()
                ),
            ),
            _ => (
                Severity::Medium,
                "no flaw in it is mended since March 2026; no way to it from outside is seen"
                    .to_owned(),
            ),
        };
        let severity = if of_vendor(&found.parsed) == Some(true) {
            why.push_str("; its vendor may keep up a build of his own");
            severity.lowered()
        } else {
            severity
        };
        let draft = out.fires(Part::Container(found.first.name.clone()), severity, why);
        for c in found.all {
            draft.in_container(pod, c, "image", found.image, Origin::Explicit);
        }
    }
}
