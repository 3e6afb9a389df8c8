//! Image is not pinned by digest
//!
//! ## What
//! Container images without `@sha256:...`.
//!
//! ## Why
//! A tag is a name that its registry can give to another image: what runs after the next restart is not what was tested.
//!
//! ## Fix
//! Adds the digest that the running pods report for this image, when they all report one and the same.
//!
//! ## References
//! - OCI Image Specification, descriptor digests

use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "image-not-pinned",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "images-pinned",
    needs: &[Kind::Pod, Kind::Deployment],
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K02", "kubescape:C-0306"],
    scope: Scope::Pods(run),
    fix: Fix::None("the digest must be looked up in the registry"),
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
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for c in pod
        .spec
        .containers
        .iter()
        .filter(|c| !c.image.contains("@sha256:"))
    {
        out.fires(
            Part::Container(c.name.clone()),
            Severity::Low,
            "the tag can be given to another image",
        )
        .in_container(pod, c, "image", &c.image, Origin::Explicit);
    }
}
