//! Containers of a pod share their processes
//!
//! ## What
//! `shareProcessNamespace: true` in a pod of two or more containers that are not equal: one is privileged, holds
//! dangerous capabilities or mounts Secrets, and another does not.
//!
//! ## Why
//! Each sees the processes of the others, their command lines, and through `/proc/PID/root` their files: what one
//! container keeps is open to the weakest of them.
//!
//! ## Fix
//! Sets `shareProcessNamespace: false`.
//!
//! ## References
//! - kubernetes.io, Share Process Namespace between Containers in a Pod
//! - KEP-495, Configurable Pod Process Namespace Sharing

use crate::model::objects::environment::ValueClass;
use crate::semantics::capabilities::held;
use crate::semantics::editable::editable;
use crate::semantics::effective::is_privileged;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "processes-shared",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1057", "attack:T1552.001", "owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  shareProcessNamespace: true
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    volumeMounts: [{name: key, mountPath: /key, readOnly: true}]
  - {name: helper, image: 'registry.example.com/helper:0.2.0'}
  volumes:
  - {name: key, secret: {secretName: web-key}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: tools, namespace: ci}
spec:
  shareProcessNamespace: true
  containers:
  - name: tools
    image: registry.example.com/tools:1.0.0
    securityContext: {privileged: true}
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  shareProcessNamespace: true
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {capabilities: {add: [SYS_PTRACE]}}
  - {name: helper, image: 'registry.example.com/helper:0.2.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  shareProcessNamespace: true
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    env: [{name: KEY, valueFrom: {secretKeyRef: {name: web-key, key: key, optional: true}}}]
  - {name: helper, image: 'registry.example.com/helper:0.2.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  shareProcessNamespace: true
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    volumeMounts: [{name: key, mountPath: /key, readOnly: true}]
  - {name: helper, image: 'registry.example.com/helper:0.2.0'}
  volumes:
  - {name: key, projected: {sources: [{secret: {name: web-key, optional: true}}]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  shareProcessNamespace: true
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
  - {name: helper, image: 'registry.example.com/helper:0.2.0'}
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

/// What a container has that its neighbours should not get at.
fn keeps(pod: &PodLike<'_>, c: &Container) -> Option<&'static str> {
    if is_privileged(c) {
        return Some("is privileged");
    }
    if !held(&c.security).is_empty() {
        return Some("holds dangerous capabilities");
    }
    let secret = |volume: &VolumeSource| match volume {
        VolumeSource::Secret(_) => true,
        VolumeSource::Projected { secrets, .. } => !secrets.is_empty(),
        _ => false,
    };
    let mut mounts = c.mounts.iter().filter_map(|m| pod.spec.volume(&m.volume));
    let by_variable = |value: &ValueClass| matches!(value, ValueClass::Secret(_));
    let reads = mounts.any(|v| secret(&v.source)) || c.env.iter().any(|v| by_variable(&v.value));
    reads.then_some("reads Secrets")
}

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if !pod.spec.share_processes {
        return;
    }
    let long = pod.spec.containers.iter().filter(|c| c.list != List::Init);
    let all: Vec<(&Container, Option<&str>)> = long.map(|c| (c, keeps(pod, c))).collect();
    let Some((strong, what)) = all.iter().find_map(|(c, keeps)| Some((c, (*keeps)?))) else {
        return;
    };
    let Some((weak, _)) = all.iter().find(|(_, keeps)| *keeps != Some(what)) else {
        return;
    };
    let why = format!(
        "{} {what}, and {} sees its processes and files",
        strong.name, weak.name
    );
    let severity = if is_privileged(strong) {
        Severity::Medium
    } else {
        Severity::Low
    };
    out.fires(Part::Whole, severity, why).in_pod(
        pod,
        "shareProcessNamespace",
        true,
        Origin::Explicit,
    );
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    Some(Remedy::review(
        [Change::pod(
            &finding.id.object,
            PodEdit::ShareProcesses(false),
        )],
        "helpers that signal or watch processes of another container (reloaders, debuggers)",
    ))
}
