//! Nothing tells whether a container still works
//!
//! ## What
//! Regular containers and sidecars outside `kube-system` without a liveness or without a readiness probe, in workloads
//! that are meant to run on: not Jobs and CronJobs.
//!
//! ## Why
//! Without a readiness probe traffic goes to what cannot answer; without a liveness probe what hangs stays. An outage
//! that an attacker causes then lasts until somebody looks.
//!
//! ## Fix
//! None is offered: what proves that an application works is known to its makers.
//!
//! ## References
//! - kubernetes.io, Configure Liveness, Readiness and Startup Probes
//! - kubescape C-0056, Configured liveness probe; C-0018, Configured readiness probe

use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "probes-missing",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "workloads-kept-well",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K01", "kubescape:C-0056", "kubescape:C-0018"],
    scope: Scope::Pods(run),
    fix: Fix::None("what proves that an application works is known to those who made it"),
    examples: &[
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
      - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: data}
spec:
  containers:
  - name: cache
    image: registry.example.com/cache:7.0.1
    readinessProbe: {tcpSocket: {port: 6379}}
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
    livenessProbe: {tcpSocket: {port: 8080}}
",
        ),
        Example::silent(
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
        resources: {limits: {memory: 256Mi}, requests: {cpu: 100m, memory: 256Mi}}
        livenessProbe: {tcpSocket: {port: 8080}}
        readinessProbe: {tcpSocket: {port: 8080}}
",
        ),
        Example::silent(
            "apiVersion: batch/v1
kind: Job
metadata: {name: migrate, namespace: shop}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - {name: migrate, image: 'registry.example.com/migrate:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    let ends = matches!(pod.workload.known(), Some(Kind::Job | Kind::CronJob));
    if ends || is_system(pod.namespace()) {
        return;
    }
    let long = |c: &&Container| matches!(c.list, List::Regular | List::Sidecar);
    for c in pod.spec.containers.iter().filter(long) {
        let probes = [
            ("livenessProbe", c.liveness),
            ("readinessProbe", c.readiness),
        ];
        if probes.iter().all(|(_, set)| *set) {
            continue;
        }
        let why = match (c.liveness, c.readiness) {
            (false, false) => "it may hang or refuse to answer, and nothing notices",
            (true, _) => "traffic reaches it before it can answer, and while it cannot",
            (_, true) => "what hangs is taken out of service but never started again",
        };
        let draft = out.fires(Part::Container(c.name.clone()), Severity::Low, why);
        for (field, _) in probes.iter().filter(|(_, set)| !set) {
            draft.in_container(pod, c, field, "unset", Origin::Default);
        }
    }
}
