//! Token is asked for a long time
//!
//! ## What
//! Projected volumes with a `serviceAccountToken` that is to last longer than a day (`expirationSeconds` over 86,400),
//! mounted by a container.
//!
//! ## Why
//! The token that leaks today works until it ends: the default of an hour limits what a copy is worth. The server may cap
//! the time, which the API does not show.
//!
//! ## Fix
//! None is offered: how long its reader keeps one token is for its makers to say. Leave `expirationSeconds` out, or set
//! an hour; the kubelet renews the file.
//!
//! ## References
//! - kubernetes.io, Configure Service Accounts for Pods, "Launch a Pod using service account token projection"
//! - KEP-1205, Bound service account tokens

use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "token-long-lived",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "token-not-mounted",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1528", "owasp:2025/K08"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "how long its reader keeps one token is for its makers to say: leave expirationSeconds out and the kubelet renews the file every hour",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    volumeMounts: [{name: vault, mountPath: /token, readOnly: true}]
  volumes:
  - {name: vault, projected: {sources: [{serviceAccountToken: {path: token, audience: vault, expirationSeconds: 31536000}}]}}
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
      - name: web
        image: registry.example.com/web:1.4.2
        volumeMounts: [{name: api, mountPath: /token, readOnly: true}]
      volumes:
      - {name: api, projected: {sources: [{serviceAccountToken: {path: token, expirationSeconds: 604800}}]}}
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
    volumeMounts: [{name: vault, mountPath: /token, readOnly: true}]
  volumes:
  - {name: vault, projected: {sources: [{serviceAccountToken: {path: token, audience: vault, expirationSeconds: 3600}}]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

/// One day.
const LONG: i64 = 86_400;

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for volume in &pod.spec.volumes {
        let VolumeSource::Projected { tokens, .. } = &volume.source else {
            continue;
        };
        let mut containers = pod.spec.containers.iter();
        if !containers.any(|c| c.mounts.iter().any(|m| m.volume == volume.name)) {
            continue;
        }
        let longest = tokens.iter().filter_map(|t| t.seconds).max();
        let Some(seconds) = longest.filter(|seconds| *seconds > LONG) else {
            continue;
        };
        let days = seconds / LONG;
        let why = format!("a copy of the token works for up to {days} days");
        let path = format!("volumes[{}].projected.sources", volume.index);
        let value = format!("expirationSeconds {seconds}");
        out.fires(Part::Volume(volume.name.clone()), Severity::Low, why)
            .in_pod(pod, &path, value, Origin::Explicit);
    }
}
