//! One tag runs two images
//!
//! ## What
//! Workloads whose live pods report different digests for one container and one image reference without a digest. Only
//! digests of the registry are compared, and only among nodes with the same kind of runtime: a bare image id is made on the
//! node and says nothing.
//!
//! ## Why
//! The tag was pushed again between two starts: some pods run code that the others do not, a fix is not everywhere, and nobody
//! decided it. Where nobody pushed on purpose it is how a poisoned image looks.
//!
//! ## Fix
//! Pins the digest that the youngest pod runs. Which of them is right must be decided first.
//!
//! ## References
//! - Kubernetes API, `ContainerStatus.imageID`
//! - Trend Micro 2020, Guidance on Kubernetes Threat Modeling, "Vulnerable applications"

use std::collections::BTreeMap;

use crate::model::objects::pod::Pod;
use crate::semantics::images::{ImageRef, running};
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::image_users::pin;
use crate::threats::vulnerable_applications::live_pods::statuses;

/// The check.
pub static CHECK: Check = Check {
    id: "tag-runs-two-digests",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "one-tag-one-image",
    needs: &[
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::Pod,
        Kind::Node,
    ],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1525", "owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: web, namespace: shop}
spec:
  serviceName: web
  replicas: 2
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec: {containers: [{name: web, image: 'registry.example.com/web:stable'}]}
---
apiVersion: v1
kind: Pod
metadata:
  {name: web-0, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: a1, controller: true}]}
spec: {containers: [{name: web, image: 'registry.example.com/web:stable'}]}
---
apiVersion: v1
kind: Pod
metadata:
  {name: web-1, namespace: shop, labels: {app: web}, ownerReferences: [{apiVersion: apps/v1, kind: StatefulSet, name: web, uid: a1, controller: true}]}
spec: {containers: [{name: web, image: 'registry.example.com/web:stable'}]}
",
        )
        .with_status(
            "apiVersion: v1
kind: Pod
metadata: {name: web-0, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: registry.example.com/web:stable
    imageID: registry.example.com/web@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
---
apiVersion: v1
kind: Pod
metadata: {name: web-1, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: registry.example.com/web:stable
    imageID: registry.example.com/web@sha256:0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef4b3c1a
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata:
  {name: probe-a, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Probe, name: probe, uid: b2, controller: true}]}
spec: {containers: [{name: probe, image: probe}]}
---
apiVersion: v1
kind: Pod
metadata:
  {name: probe-b, namespace: shop, ownerReferences: [{apiVersion: example.com/v1, kind: Probe, name: probe, uid: b2, controller: true}]}
spec: {containers: [{name: probe, image: probe}]}
",
        )
        .with_status(
            "apiVersion: v1
kind: Pod
metadata: {name: probe-a, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: probe
    image: docker.io/library/probe:latest
    imageID: docker.io/library/probe@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
---
apiVersion: v1
kind: Pod
metadata: {name: probe-b, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: probe
    image: docker.io/library/probe:latest
    imageID: docker-pullable://probe@sha256:0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef4b3c1a
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: one, namespace: shop}
spec: {containers: [{name: web, image: 'registry.example.com/web:stable'}]}
---
apiVersion: v1
kind: Pod
metadata: {name: two, namespace: shop}
spec: {containers: [{name: web, image: 'registry.example.com/web:stable'}]}
",
        )
        .with_status(
            "apiVersion: v1
kind: Pod
metadata: {name: one, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: registry.example.com/web:stable
    imageID: registry.example.com/web@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
---
apiVersion: v1
kind: Pod
metadata: {name: two, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: registry.example.com/web:stable
    imageID: registry.example.com/web@sha256:0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef4b3c1a
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
    spec: {containers: [{name: web, image: 'registry.example.com/web:stable'}]}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    // A container has one digest for each report: equal reports have no two.
    let alike = |two: &[&Pod]| two[0].images == two[1].images;
    if !pod.first || pod.pods.windows(2).all(alike) {
        return;
    }
    for (container, image) in unpinned(pod.pods) {
        let pods = pods_of_one_runtime(pod.pods, view);
        let split = pods.into_values().find_map(|pods| {
            let found = running(pods.iter().copied(), container, image).digests;
            (found.len() > 1).then_some((pods, found))
        });
        let Some((pods, digests)) = split else {
            continue;
        };
        let why = format!("{} images run under {image}", digests.len());
        let draft = out.fires(Part::Container(container.into()), Severity::Medium, why);
        for digest in digests {
            let runs = |p: &&&Pod| running([**p], container, image).digests.contains(&digest);
            if let Some(pod) = pods.iter().find(runs) {
                let path = format!(
                    "status.{}[?(@.name=='{container}')].imageID",
                    statuses(pod, container)
                );
                draft.because(Evidence::new(&pod.meta.key, path, digest, Origin::Live));
            }
        }
    }
}

/// Containers of the live pods with an image that no digest pins, each pair once, in order.
fn unpinned<'a>(pods: &[&'a Pod]) -> Vec<(&'a str, &'a str)> {
    let containers = pods.iter().flat_map(|p| p.spec.containers.iter());
    let mut pairs: Vec<(&str, &str)> = containers
        .map(|c| (&*c.name, &*c.image))
        .filter(|(_, image)| !ImageRef::parse(image).is_pinned())
        .collect();
    pairs.sort_unstable();
    pairs.dedup();
    pairs
}

/// The live pods, apart for each kind of runtime: two runtimes may name one image by different digests.
fn pods_of_one_runtime<'a>(pods: &[&'a Pod], view: &View<'a>) -> BTreeMap<&'a str, Vec<&'a Pod>> {
    let mut all: BTreeMap<&str, Vec<&Pod>> = BTreeMap::new();
    for pod in pods {
        let node = pod.node.as_deref().and_then(|name| {
            let key = ObjectKey::cluster(Kind::Node, name);
            view.context(|v| v.get(&key).seen())
        });
        let runtime = match node.map(|o| &**o) {
            Some(Object::Node(node)) => node.runtime.split("://").next().unwrap_or_default(),
            _ => "",
        };
        all.entry(runtime).or_default().push(pod);
    }
    all
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let remedy = pin(finding, view, |workload, c| {
        let youngest = workload
            .pods
            .iter()
            .max_by_key(|p| (p.meta.created, &p.meta.key))?;
        running([*youngest], &c.name, &c.image).digests.pop_first()
    })?;
    Some(remedy.ask("which of the digests is the right one: this is what the youngest pod runs"))
}
