//! Container may take all memory of its node
//!
//! ## What
//! Containers without a memory limit, of their own or of their pod, that run for longer: regular ones and sidecars, outside
//! `kube-system`. Limits of
//! processor time and of local storage that are missing too, and requests, are named with it. Where live pods are there
//! they are judged instead of the template: a LimitRange, which is not read, may have filled limits in.
//!
//! ## Why
//! A container that is taken over, or leaks, takes the memory of its node until the kernel ends other pods. Without
//! requests the scheduler packs such pods beside those that need their share.
//!
//! ## Fix
//! None is offered: what a container needs is measured, not guessed. Set `resources.limits.memory` from what its pods use
//! at their worst.
//!
//! ## References
//! - kubernetes.io, Resource Management for Pods and Containers
//! - NSA and CISA, Kubernetes Hardening Guide 1.2, "Resource policies"

use crate::semantics::system_namespaces::is_system;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "memory-unlimited",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "resources-bounded",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1496",
        "attack:T1499",
        "owasp:2025/K01",
        "kubescape:C-0271",
        "trivy:KSV-0018",
        "trivy:KSV-0011",
        "trivy:KSV-0015",
        "trivy:KSV-0016",
    ],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "what a container needs is measured, not guessed: set resources.limits.memory from what its pods use at their worst",
    ),
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
    resources: {limits: {cpu: '1'}, requests: {memory: 1Gi}}
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
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  initContainers:
  - {name: wait, image: 'registry.example.com/tools:1.0.0'}
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    resources: {limits: {memory: 256Mi}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  resources: {limits: {memory: 512Mi}}
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
  - {name: side, image: 'registry.example.com/side:0.2.0'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    // What the pod as a whole may take is a limit for each of its containers.
    if pod.spec.resources.memory_limit || is_system(pod.namespace()) || is_spoken_for(pod) {
        return;
    }
    let long = |c: &&Container| matches!(c.list, List::Regular | List::Sidecar);
    for c in pod.spec.containers.iter().filter(long) {
        let set = c.resources;
        if set.memory_limit {
            continue;
        }
        let why = "nothing keeps it from taking the memory of every pod beside it";
        let weight = Weight::new(Severity::Low, why).faced(pod, view);
        let draft = out.fires(Part::Container(c.name.clone()), weight.severity, weight.why);
        let fields = [
            ("resources.limits.memory", set.memory_limit),
            ("resources.limits.cpu", set.cpu_limit),
            ("resources.limits.ephemeral-storage", set.storage_limit),
            ("resources.requests.memory", set.memory_request),
            ("resources.requests.cpu", set.cpu_request),
        ];
        for (field, _) in fields.iter().filter(|(_, set)| !set) {
            draft.in_container(pod, c, field, "unset", Origin::Default);
        }
    }
}

/// Live pods tell what a LimitRange made of the template.
fn is_spoken_for(pod: &PodLike<'_>) -> bool {
    pod.pod.is_none() && !pod.pods.is_empty()
}
