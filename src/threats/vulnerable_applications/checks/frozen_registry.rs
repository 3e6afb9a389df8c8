//! Image comes from a place that gets no new images
//!
//! ## What
//! Container images of `k8s.gcr.io` and its regional backends, frozen since April 2023, and of `docker.io/bitnamilegacy`,
//! where nothing is built any more.
//!
//! ## Why
//! No image there gets a fix again, whatever flaw is found in it, and one day the place itself may be gone: then a pod that is
//! moved to another node does not start.
//!
//! ## Fix
//! Names the same image at `registry.k8s.io`, which holds everything the old registry held. Where nothing took the place over,
//! another image must be chosen.
//!
//! ## References
//! - kubernetes.io/blog, 2023-02-06, "k8s.gcr.io Image Registry Will Be Frozen From the 3rd of April 2023"
//! - bitnami/containers issue 83267

use crate::semantics::editable::editable;
use crate::semantics::images::{ImageRef, frozen, moved};
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::image_users::{change_image, image_users};

/// The check.
pub static CHECK: Check = Check {
    id: "frozen-registry",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "registries-alive",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K07", "kubescape:C-0253"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: git-mirror, namespace: ci}
spec:
  selector: {matchLabels: {app: git-mirror}}
  template:
    metadata: {labels: {app: git-mirror}}
    spec:
      containers:
      - {name: sync, image: 'k8s.gcr.io/git-sync/git-sync:v3.6.1'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: shop}
spec:
  containers:
  - {name: redis, image: 'bitnamilegacy/redis:7.2.5'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: sync, namespace: ci}
spec:
  containers:
  - {name: sync, image: 'eu.gcr.io/k8s-artifacts-prod/git-sync/git-sync:v3.6.1'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: sync, namespace: ci}
spec:
  containers:
  - {name: sync, image: 'registry.k8s.io/git-sync/git-sync:v4.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: sync, namespace: ci}
spec:
  containers:
  - {name: sync, image: 'mirror.example.com/k8s.gcr.io/git-sync:v4.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for found in image_users(pod.spec, |image| frozen(image).is_some()) {
        let Some(place) = frozen(&found.parsed) else {
            continue;
        };
        let draft = out.fires(
            Part::Container(found.first.name.clone()),
            Severity::Low,
            format!("where it comes from is {}: it gets no fixes", place.since),
        );
        for c in found.all {
            draft.in_container(pod, c, "image", found.image, Origin::Explicit);
        }
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let changes = change_image(finding, spec, |c| moved(&ImageRef::parse(&c.image)))?;
    Some(Remedy::review(
        changes,
        "nodes that may pull from a list of registries only: registry.k8s.io must be on it",
    ))
}
