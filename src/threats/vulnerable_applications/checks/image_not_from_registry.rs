//! Image was put on its node by hand
//!
//! ## What
//! Containers of live pods whose runtime reports a bare image id, or the name that containerd gives to an archive without
//! one (`import-2026-01-31`): built on the node or loaded into it. Pods that mirror a file of their node are left out: who
//! writes that file loads what he wants.
//!
//! ## Why
//! No registry vouches for this content: nothing tells who built it, another node cannot have it, no scan of a registry saw
//! it. It is how an image looks that somebody with a foothold on the node made there.
//!
//! ## Fix
//! None here: push the image to a registry, then name it there by its digest.
//!
//! ## References
//! - MITRE ATT&CK T1612, Build Image on Host
//! - Kubernetes API, `ContainerStatus.imageID`

use crate::semantics::images::ImageId;
use crate::semantics::isolation::is_mirror;
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::live_pods::statuses;

/// The check.
pub static CHECK: Check = Check {
    id: "image-not-from-registry",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "sources-trusted",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1612", "owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "the image must be pushed to a registry first, which only its builder can do; then name it by its digest",
    ),
    examples: &[
        Example::fires(WEB).with_status(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: docker.io/library/web:1.4.2
    imageID: sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
",
        ),
        Example::fires(WEB).with_status(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: docker.io/library/web:1.4.2
    imageID: docker.io/library/import-2026-01-31@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
",
        ),
        Example::silent(WEB).with_status(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
status:
  phase: Running
  containerStatuses:
  - name: web
    image: docker.io/library/web:1.4.2
    imageID: docker-pullable://web@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
",
        ),
        Example::silent(WEB),
    ],
};

const WEB: &str = "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'web:1.4.2'}
";

type Images = std::sync::Arc<[(Str, Str, Str)]>;

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if !pod.first || pod.pod.is_some_and(|pod| is_mirror(&pod.meta)) {
        return;
    }
    let mut said: Vec<&Str> = Vec::new();
    let mut before: Option<&Images> = None;
    for pod in pod.pods {
        // Replicas mostly run the same: what they share is read once.
        if before.replace(&pod.images) == Some(&pod.images) {
            continue;
        }
        for (container, _, id) in pod.images.iter() {
            let local = matches!(ImageId::parse(id), ImageId::Local(_));
            if !local || said.contains(&container) {
                continue;
            }
            said.push(container);
            let path = format!(
                "status.{}[?(@.name=='{container}')].imageID",
                statuses(pod, container)
            );
            out.fires(
                Part::Container(container.clone()),
                Severity::Low,
                "its runtime names no registry for it: nothing in the cluster tells where it comes from",
            )
            .because(Evidence::new(&pod.meta.key, path, id, Origin::Live));
        }
    }
}
