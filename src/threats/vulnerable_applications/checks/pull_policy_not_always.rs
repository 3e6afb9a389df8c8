//! Moving tag is not asked for again
//!
//! ## What
//! Images of containers and image volumes whose tag moves (none, `latest`, a word without a digit) and that no digest pins,
//! while the pull policy in force is not `Always`. Unset, the server writes `Always` for `latest` or no tag and
//! `IfNotPresent` for every other tag.
//!
//! ## Why
//! A node that has any copy of the name runs that one: two pods of a workload run different code, and a fix that was pushed
//! does not arrive. The copy also runs for whoever may not pull it, where the kubelet does not check.
//!
//! ## Fix
//! Sets `imagePullPolicy: Always`. A digest is better: then every policy is right. None is offered for `Never`, which says
//! that the image is put on the node by hand.
//!
//! ## References
//! - kubernetes.io, Images, "Image pull policy" and "Default image pull policy"
//! - kubernetes/pkg/apis/core/v1/defaults.go, `SetDefaults_Container`

use crate::semantics::editable::{editable, editable_container};
use crate::semantics::images::{ImageRef, Pull, pull_policy};
use crate::threats::prelude::*;
use crate::threats::vulnerable_applications::image_users::{
    ImageUsers, image_users, image_volumes, in_volume,
};

/// The check.
pub static CHECK: Check = Check {
    id: "pull-policy-not-always",
    since: "0.1",
    threats: &[ThreatId::VulnerableApplications],
    control: "one-tag-one-image",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1525", "owasp:2025/K01", "kubescape:C-0075"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:main'}
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
      initContainers:
      - {name: prepare, image: 'registry:5000/web', imagePullPolicy: IfNotPresent}
      containers:
      - {name: web, image: 'registry:5000/web', imagePullPolicy: IfNotPresent}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry:5000/web'}
  - {name: side, image: 'registry:5000/side:main', imagePullPolicy: Always}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry:5000/web:1.4.2', imagePullPolicy: Never}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for ImageUsers { image, all, .. } in image_users(pod.spec, ImageRef::is_moving) {
        let stale = |c: &Container| stale(image, c.pull.as_deref());
        let Some(first) = all.iter().find(|c| stale(c).is_some()) else {
            continue;
        };
        let draft = out.fires(
            Part::Container(first.name.clone()),
            Severity::Low,
            "a node that has a copy runs that one, whatever the tag names today",
        );
        for c in &all {
            if let Some((pull, origin)) = stale(c) {
                draft.in_container(pod, c, "imagePullPolicy", pull.word(), origin);
            }
        }
        draft.in_container(pod, first, "image", image, Origin::Explicit);
    }
    for (volume, image, written) in image_volumes(pod.spec) {
        if let Some((pull, origin)) = stale(image, written) {
            out.fires(
                Part::Volume(volume.name.clone()),
                Severity::Low,
                "a node that has a copy mounts that one, whatever the tag names today",
            )
            .in_pod(pod, &in_volume(volume, "pullPolicy"), pull.word(), origin);
        }
    }
}

/// The policy in force, where it lets a node run an old copy of a name that moves.
fn stale(image: &str, written: Option<&str>) -> Option<(Pull, Origin)> {
    let (pull, origin) = pull_policy(image, written);
    (pull != Pull::Always && ImageRef::parse(image).is_moving()).then_some((pull, origin))
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let first = editable_container(spec, &finding.id.part)?;
    let same = spec.containers.iter().filter(|c| c.image == first.image);
    let wrong = same.filter(|c| stale(&c.image, c.pull.as_deref()).is_some());
    let change = |c: &Container| {
        let by_hand = c.pull.as_deref() == Some("Never") || c.list == List::Ephemeral;
        let edit = ContainerEdit::PullPolicy("Always".into());
        (!by_hand).then(|| Change::container(&finding.id.object, &c.name, edit))
    };
    let changes: Option<Vec<Change>> = wrong.map(change).collect();
    Some(Remedy::review(
        changes?,
        "starts while the registry does not answer: the kubelet asks it each time",
    ))
}
