//! Probe makes the node call another host
//!
//! ## What
//! Probes and lifecycle handlers (`httpGet`, `tcpSocket`) that name a `host`: unset, they go to the pod itself. A pod in
//! the network of its node that names its own loopback or its own address is left out.
//!
//! ## Why
//! The kubelet makes the call, from the node: whoever may write the pod makes the node knock at addresses that pods
//! cannot reach, loopback services of the node and the cloud's metadata among them.
//!
//! ## Fix
//! Takes `host` away, so that the probe goes to the pod.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Host Probes / Lifecycle Hooks" (pod-security-admission `policy/check_hostProbesAndhostLifecycle.go`)
//! - kubernetes/kubernetes issue 99425

use std::net::IpAddr;

use crate::semantics::editable::{editable, editable_container};
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "probe-names-host",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "host-namespaces-closed",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostProbesAndHostLifecycle",
        "attack:T1046",
        "owasp:2025/K01",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    livenessProbe: {httpGet: {host: 169.254.169.254, port: 80, path: /latest/meta-data/}}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        readinessProbe: {tcpSocket: {host: 127.0.0.1, port: 10255}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    lifecycle: {preStop: {httpGet: {host: 10.0.0.7, port: 8080, path: /drain}}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    startupProbe: {httpGet: {host: db.example.com, port: 5432}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: proxy, namespace: shop}
spec:
  hostNetwork: true
  containers:
  - name: proxy
    image: registry.example.com/proxy:1.4.2
    livenessProbe: {httpGet: {host: 127.0.0.1, port: 10256, path: /healthz}}
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
    livenessProbe: {httpGet: {port: 8080, path: /healthz}}
",
        ),
    ],
};

/// In the node's network a pod's own addresses are the node's: that probe goes to the pod itself.
fn is_itself(pod: &PodLike<'_>, host: &str) -> bool {
    let own = pod
        .pod
        .is_some_and(|p| p.ips.iter().any(|ip| **ip == *host));
    own || pod.spec.host_network && is_loopback(host)
}

fn is_loopback(host: &str) -> bool {
    host == "localhost" || host.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for c in &pod.spec.containers {
        let named = c.probe_hosts.iter();
        let named: Vec<_> = named.filter(|(_, host)| !is_itself(pod, host)).collect();
        let Some((_, host)) = named.first() else {
            continue;
        };
        let weight = if is_loopback(host) {
            let why = "the kubelet calls services of the node that listen on loopback only";
            Weight::new(Severity::Medium, why)
        } else {
            let why =
                format!("the kubelet calls {host} from the node, past every policy of the pod");
            Weight::new(Severity::Medium, why)
        };
        let draft = out.fires(Part::Container(c.name.clone()), weight.severity, weight.why);
        for (path, host) in named {
            draft.in_container(pod, c, path, host, Origin::Explicit);
        }
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let paths = c.probe_hosts.iter().map(|(path, _)| path.clone());
    let changes = paths.map(|path| {
        let edit = ContainerEdit::RemoveProbeHost(path);
        Change::container(&finding.id.object, &c.name, edit)
    });
    let breaks = "a probe that watched something else than its own container: it asks the pod now, and fails where nothing answers";
    (!c.probe_hosts.is_empty()).then(|| Remedy::review(changes, breaks))
}
