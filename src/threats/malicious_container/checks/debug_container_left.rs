//! Debug container has more rights than its pod
//!
//! ## What
//! Live pods with an ephemeral container (`kubectl debug`) that is privileged, holds dangerous capabilities or may run as
//! root, where no other container of the pod does.
//!
//! ## Why
//! An ephemeral container stays until its pod goes, with a shell and tools in it: a step up for whoever gets into the pod
//! or may exec into it. Nothing in the API says who added it, or when.
//!
//! ## Fix
//! None is offered: the API never lets an ephemeral container be taken out. Delete the pod; its owner makes a new one
//! without it.
//!
//! ## References
//! - kubernetes.io, Ephemeral Containers
//! - kubernetes `pkg/apis/core/validation` (`ValidatePodEphemeralContainersUpdate`)

use crate::semantics::capabilities::held;
use crate::semantics::effective::{is_privileged, may_be_root};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "debug-container-left",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "containers-unprivileged",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1609", "attack:T1611", "owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "an ephemeral container cannot be taken out of its pod: delete the pod, and its owner makes a new one without it",
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
    securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false}
  ephemeralContainers:
  - name: debugger
    image: registry.example.com/tools:1.0.0
    securityContext: {privileged: true}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {runAsNonRoot: true, allowPrivilegeEscalation: false}
  ephemeralContainers:
  - {name: debugger, image: 'registry.example.com/tools:1.0.0', targetContainerName: web}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 10001}
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    securityContext: {allowPrivilegeEscalation: false}
  ephemeralContainers:
  - name: debugger
    image: registry.example.com/tools:1.0.0
    securityContext: {allowPrivilegeEscalation: false}
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

/// How far code in a container gets, in steps, with what says so.
fn reach(pod: &PodLike<'_>, c: &Container) -> (u8, &'static str) {
    if is_privileged(c) {
        (3, "it is privileged: its node is open")
    } else if !held(&c.security).is_empty() {
        (2, "it holds capabilities that reach beyond it")
    } else if may_be_root(pod.spec, c) {
        (1, "it may be root, and the rest of its pod may not")
    } else {
        (0, "")
    }
}

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    let is_left = |c: &&Container| c.list == List::Ephemeral;
    let others = pod.spec.containers.iter().filter(|c| !is_left(c));
    let usual = others.map(|c| reach(pod, c).0).max().unwrap_or(0);
    for c in pod.spec.containers.iter().filter(is_left) {
        let (steps, why) = reach(pod, c);
        if steps <= usual {
            continue;
        }
        let severity = match steps {
            3 => Severity::High,
            2 => Severity::Medium,
            _ => Severity::Low,
        };
        out.fires(Part::Container(c.name.clone()), severity, why)
            .in_container(pod, c, "image", &c.image, Origin::Live);
    }
}
