//! Nothing bounds what a namespace takes
//!
//! ## What
//! Namespaces outside Kubernetes' own without a ResourceQuota and without a LimitRange, in which a container that runs for
//! longer has no memory limit of its own or of its pod. Which containers these are is told by `memory-unlimited`. Where every
//! workload bounds itself the namespace is silent.
//!
//! ## Why
//! One team, or one stolen login that may make pods, takes the nodes from everybody else: no number of pods is too many and
//! no pod too large. A LimitRange gives limits to whoever forgets them, a quota ends the whole.
//!
//! ## Fix
//! None is printed: how much a namespace may take is a plan, not a patch. Begin with a LimitRange that holds a default, then
//! a ResourceQuota a good way above what `kubectl top pods` shows; both refuse new pods only.
//!
//! ## References
//! - NSA and CISA, Kubernetes Hardening Guide 1.2, "Resource policies"
//! - kubernetes.io, Resource Quotas; Limit Ranges

use crate::semantics::running;
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "namespace-unbounded",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration, ThreatId::MaliciousContainer],
    control: "resources-bounded",
    needs: &[
        Kind::Namespace,
        Kind::ResourceQuota,
        Kind::LimitRange,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Absence,
    standards: &[
        "nsa:1.2/resource-policies",
        "attack:T1496",
        "attack:T1499",
        "owasp:2025/K05",
        "trivy:KSV-0039",
        "trivy:KSV-0040",
    ],
    scope: Scope::Namespace(run),
    fix: Fix::None(
        "how much a namespace may take is a plan: begin with a LimitRange that holds a default, then a ResourceQuota above what its pods use",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: ResourceQuota
metadata: {name: pods, namespace: pay}
spec: {hard: {pods: '40'}}
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
      - name: web
        image: registry.example.com/web:1.4.2
        resources: {requests: {memory: 128Mi}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ResourceQuota
metadata: {name: pods, namespace: shop}
spec: {hard: {pods: '40'}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: LimitRange
metadata: {name: defaults, namespace: shop}
spec: {limits: [{type: Container, default: {memory: 512Mi}}]}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
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
    resources: {limits: {memory: 256Mi}}
",
        ),
    ],
};

fn run(name: &str, view: &View<'_>, out: &mut Sink) {
    if is_system(name) {
        return;
    }
    let all = running::workloads(view, name);
    let loose: Vec<_> = all.iter().filter(|w| unlimited(w).is_some()).collect();
    let Some(first) = loose.first() else {
        return;
    };
    let bounds = [Kind::ResourceQuota, Kind::LimitRange];
    // One that is seen is enough, though the other kind be hidden.
    let is_bounded = |view: &View<'_>| bounds.map(|kind| view.list(kind, name).next().is_some());
    if view.context(is_bounded).contains(&true) || is_bounded(view).contains(&true) {
        return;
    }
    let why = match loose.len() {
        1 => format!("{} has no limit for its memory", first.key),
        n => format!(
            "{n} workloads have no limit for their memory, {} first",
            first.key
        ),
    };
    let key = ObjectKey::of_namespace(name);
    let draft = out.fires(Part::Whole, Severity::Low, why);
    draft.on(&key).because(Evidence::new(
        &key,
        "",
        "no ResourceQuota and no LimitRange",
        Origin::Default,
    ));
    draft.evidence.extend(unlimited(first));
}

/// The first container that runs for longer without a memory limit. What pods that run have counts before their template:
/// a LimitRange that is gone since may have filled theirs in.
fn unlimited(workload: &Workload<'_>) -> Option<Evidence> {
    let mut likes = workload.pod_likes();
    if likes.len() > 1 {
        likes.retain(|(like, _)| like.pod.is_some());
    }
    likes.iter().find_map(|(like, _)| {
        if like.spec.resources.memory_limit {
            return None;
        }
        let long = |c: &&Container| matches!(c.list, List::Regular | List::Sidecar);
        let mut containers = like.spec.containers.iter().filter(long);
        let found = containers.find(|c| !c.resources.memory_limit)?;
        let path = like.in_container(found, "resources.limits.memory");
        Some(Evidence::new(like.holder, path, "unset", Origin::Default))
    })
}
