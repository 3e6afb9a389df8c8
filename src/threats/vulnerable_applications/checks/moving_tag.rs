//! Image is named by a tag that moves
//!
//! ## What
//! Images of containers and image volumes without a tag, with `latest`, or with another word that has no digit (`main`,
//! `stable`), and without a digest. The port of a registry is no tag: `registry:5000/app` has none. Containers of a pod that
//! name the same image are one finding, on the first of them. It weighs more where anybody may publish in the registry and
//! the container owns its node, or holds the token of a strong account.
//!
//! ## Why
//! Such a name means another image each time somebody pushes: two pods of one workload can run different code, a rollback
//! brings nothing back, and whoever can push to the registry decides what runs after the next restart.
//!
//! ## Fix
//! Adds the digest that the running pods report for this image, when all of them report one and the same. Which version
//! tag it has only the registry knows.
//!
//! ## References
//! - kubernetes.io, Images, "Image names" and "Image pull policy"
//! - distribution/reference, grammar of image references

use crate::semantics::images::{ImageRef, is_public, running};
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::image_users::{
    ImageUsers, image_users, image_volumes, in_volume, pin,
};
use crate::threats::vulnerable_applications::prize::{PRIZE_KINDS, prize};

/// The check.
pub static CHECK: Check = Check {
    id: "moving-tag",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "tags-fixed",
    needs: PRIZE_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "attack:T1525",
        "attack:T1195.002",
        "owasp:2025/K01",
        "trivy:KSV-0013",
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
  - {name: web, image: 'registry.example.com/web:latest'}
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
    image: registry.example.com/web:latest
    imageID: registry.example.com/web@sha256:4b3c1a0d2e5f60718293a4b5c6d7e8f90123456789abcdef0123456789abcdef
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
      - {name: web, image: 'registry:5000/web'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry:5000/web:1.4.2
    volumeMounts: [{name: model, mountPath: /model}]
  volumes:
  - {name: model, image: {reference: 'registry:5000/model:main'}}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: default, namespace: ops}
---
apiVersion: v1
kind: Pod
metadata: {name: tools, namespace: ops}
spec:
  containers:
  - {name: tools, image: somebody/tools}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry:5000/web:1.4.2'}
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

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    for found in image_users(pod.spec, ImageRef::is_moving) {
        let (severity, why) = weigh(pod, &found, view);
        let draft = out.fires(Part::Container(found.first.name.clone()), severity, why);
        for c in found.all {
            draft.in_container(pod, c, "image", found.image, Origin::Explicit);
        }
    }
    for (volume, image, _) in image_volumes(pod.spec) {
        let parsed = ImageRef::parse(image);
        if parsed.is_moving() {
            let part = Part::Volume(volume.name.clone());
            let draft = out.fires(part, Severity::Medium, why(&parsed));
            draft.in_pod(
                pod,
                &in_volume(volume, "reference"),
                image,
                Origin::Explicit,
            );
        }
    }
}

/// Where anybody may publish, what the container holds is as safe as its publisher's login.
fn weigh(pod: &PodLike<'_>, found: &ImageUsers<'_>, view: &View<'_>) -> (Severity, String) {
    let public = is_public(&found.parsed);
    let prize = public.then(|| prize(pod, &found.all, view)).flatten();
    let why = why(&found.parsed);
    match prize {
        Some(prize) => {
            let host = found.parsed.host();
            let why = format!("{why}; {host} is open to everybody, and {prize}");
            (Severity::High, why)
        }
        None => (Severity::Medium, why),
    }
}

fn why(image: &ImageRef<'_>) -> String {
    match image.tag {
        None => "it has no tag, which means latest: another image after each push".to_owned(),
        Some("latest") => "latest is another image after each push".to_owned(),
        Some(tag) => format!("{tag} names no version: another image after each push"),
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    pin(finding, view, |workload, c| {
        running(workload.pods.iter().copied(), &c.name, &c.image)
            .agreed()
            .map(str::to_owned)
    })
}
