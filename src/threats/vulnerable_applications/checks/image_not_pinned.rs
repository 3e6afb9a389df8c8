//! Image is not pinned by digest
//!
//! ## What
//! Images of containers and image volumes without `@sha256:...`. Those whose tag moves by intent are left to `moving-tag`.
//! Containers of a pod that name the same image are one finding, on the first of them. It weighs more where anybody may
//! publish in the registry and the container owns its node, or holds the token of a strong account.
//!
//! ## Why
//! A tag is a name that its registry can give to another image: what runs after the next restart is not what was tested.
//!
//! ## Fix
//! Adds the digest that the running pods report for this image, when all of them report one and the same.
//!
//! ## References
//! - OCI Image Specification, "Descriptors", digests
//! - distribution/reference, grammar of image references

use crate::semantics::images::{ImageRef, is_public, running};
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::image_users::{
    ImageUsers, image_users, image_volumes, in_volume, pin,
};
use crate::threats::vulnerable_applications::prize::{PRIZE_KINDS, prize};

/// The check.
pub static CHECK: Check = Check {
    id: "image-not-pinned",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "images-pinned",
    needs: PRIZE_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1525", "owasp:2025/K01", "kubescape:C-0306"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        )
        .with_status(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: registry.example.com/web:1.4.2
    imageID: registry.example.com/web@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: orders, namespace: data}
spec:
  serviceName: orders
  selector: {matchLabels: {app: orders}}
  template:
    metadata: {labels: {app: orders}}
    spec:
      initContainers:
      - {name: prepare, image: 'registry:5000/orders:17.6'}
      containers:
      - {name: orders, image: 'registry:5000/orders:17.6'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  containers:
  - name: agent
    image: docker.io/acme/agent:1.4.2
    securityContext: {privileged: true}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry:5000/web'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    let stands = |image: &ImageRef<'_>| !image.is_pinned() && !image.is_moving();
    for found in image_users(pod.spec, stands) {
        let ImageUsers { image, parsed, .. } = found;
        let tag = parsed.effective_tag().unwrap_or_default();
        let host = parsed.host();
        let public = is_public(&parsed);
        let prize = public.then(|| prize(pod, &found.all, view)).flatten();
        let (severity, why) = if public {
            let why = format!(
                "{host} is open to everybody: who gets its publisher's login gives {tag} to another image"
            );
            match prize {
                Some(prize) => (Severity::Medium, format!("{why}, and {prize}")),
                None => (Severity::Low, why),
            }
        } else {
            let why = format!("the registry can give {tag} to another image at any time");
            (Severity::Low, why)
        };
        let draft = out.fires(Part::Container(found.first.name.clone()), severity, why);
        for c in found.all {
            draft.in_container(pod, c, "image", image, Origin::Explicit);
        }
    }
    for (volume, image, _) in image_volumes(pod.spec) {
        let parsed = ImageRef::parse(image);
        if !parsed.is_pinned() && !parsed.is_moving() {
            let part = Part::Volume(volume.name.clone());
            let why = "what is mounted changes when the registry gives the tag to another image";
            let draft = out.fires(part, Severity::Low, why);
            draft.in_pod(
                pod,
                &in_volume(volume, "reference"),
                image,
                Origin::Explicit,
            );
        }
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    pin(finding, view, |workload, c| {
        running(workload.pods.iter().copied(), &c.name, &c.image)
            .agreed()
            .map(str::to_owned)
    })
}
