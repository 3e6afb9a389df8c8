//! Container runs an SSH server
//!
//! ## What
//! Containers that declare TCP port 22, or 2222 where such servers listen when they are not root, and containers of pods
//! whose Service sends one of these ports to them.
//!
//! ## Why
//! A shell behind a password or a key of its own, past the API server: no role grants it, no audit log shows it, and what
//! it takes to log in lies in the image or in a Secret. `kubectl exec` does the same with the cluster's own logins.
//!
//! ## Fix
//! None is offered: a declared port opens nothing, and the server belongs to the image. A Git or file server that speaks
//! SSH by design is for a person to accept.
//!
//! ## References
//! - MITRE ATT&CK T1021.004, Remote Services: SSH
//! - Microsoft, Threat matrix for Kubernetes, "SSH server running inside container"

use crate::model::objects::service::{Service, ServiceKind};
use crate::semantics::exposure::services;
use crate::semantics::selectors::service_selects;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "ssh-server",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer, ThreatId::ExternalAttacker],
    control: "processes-least-privilege",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1021.004", "owasp:2025/K01", "kubescape:C-0042"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "a declared port opens nothing, and the server belongs to the image: take it out there, and use kubectl exec",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: jump, namespace: ops}
spec:
  containers:
  - name: jump
    image: registry.example.com/jump:1.0.0
    ports: [{containerPort: 22}]
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: upload, namespace: shop}
spec:
  containers:
  - name: sftp
    image: registry.example.com/sftp:2.1.0
    ports: [{containerPort: 2222, name: sftp}]
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Service
metadata: {name: desk, namespace: lab}
spec:
  selector: {app: desk}
  ports: [{port: 22, targetPort: 10022}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: desk, namespace: lab}
spec:
  selector: {matchLabels: {app: desk}}
  template:
    metadata: {labels: {app: desk}}
    spec:
      containers:
      - {name: desk, image: 'registry.example.com/desk:2.1.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    ports: [{containerPort: 8022}, {containerPort: 22, protocol: UDP}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Service
metadata: {name: desk, namespace: lab}
spec:
  selector: {app: desk}
  ports: [{port: 22}]
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: lab, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

const WHY: &str = "a shell of its own, past the roles and the audit log of the cluster";

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let mut declared = false;
    for c in &pod.spec.containers {
        let ports = c.ports.iter().enumerate();
        let found = ports.filter(|(_, p)| *p.protocol == *"TCP" && is_ssh(p.port));
        let found: Vec<_> = found.map(|(at, p)| (at, p.port)).collect();
        if found.is_empty() {
            continue;
        }
        declared = true;
        let weight = Weight::new(Severity::Low, WHY).faced(pod, view);
        let draft = out.fires(Part::Container(c.name.clone()), weight.severity, weight.why);
        for (at, port) in found {
            let path = format!("ports[{at}].containerPort");
            draft.in_container(pod, c, &path, port, Origin::Explicit);
        }
    }
    if declared {
        return;
    }
    // A port that is not declared is open all the same; then its Service tells.
    if let Some((service, at, port)) = sending(pod, view) {
        let weight = Weight::new(Severity::Low, WHY).faced(pod, view);
        let path = format!("spec.ports[{at}]");
        out.fires(Part::Whole, weight.severity, weight.why)
            .because(Evidence::explicit(&service.meta.key, path, port));
    }
}

fn is_ssh(port: u16) -> bool {
    matches!(port, 22 | 2222)
}

/// The first Service that sends such a port to the pod. Blindness is noted.
fn sending<'a>(pod: &PodLike<'_>, view: &View<'a>) -> Option<(&'a Service, usize, String)> {
    let all = services(view, pod.namespace());
    let mut all = all.filter(|service| service.kind != ServiceKind::ExternalName);
    all.find_map(|service| {
        let at = service.ports.iter().position(|p| {
            let to = p.target.parse().unwrap_or(p.port);
            *p.protocol == *"TCP" && (is_ssh(p.port) || is_ssh(to))
        });
        let at = at.filter(|_| service_selects(service.selector.as_ref(), pod.labels))?;
        let port = &service.ports[at];
        Some((service, at, format!("{} to {}", port.port, port.target)))
    })
}
