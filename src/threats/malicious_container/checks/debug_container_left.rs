//! Debug container has more rights than its pod
//!
//! ## What
//! Live pods with an ephemeral container (`kubectl debug`) that is privileged, holds dangerous capabilities or may run as
//! root, where no other container of the pod does. What its settings let it do is told by their own checks, as of every
//! container; this one says that a session was left behind.
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

use crate::semantics::debugging::{Reach, left_behind};
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "debug-container-left",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "containers-unprivileged",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/privileged",
        "pss:baseline/capabilities_baseline",
        "attack:T1609",
        "attack:T1611",
        "owasp:2025/K01",
    ],
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
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
  ephemeralContainers:
  - name: tracer
    image: registry.example.com/tools:1.0.0
    securityContext: {capabilities: {add: [SYS_PTRACE]}}
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

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for (c, reach) in left_behind(pod.spec) {
        let why = match reach {
            Reach::Node => "a privileged shell waits in a pod that is not",
            Reach::Beyond => {
                "a shell with capabilities that reach beyond it waits in a pod that has none"
            }
            Reach::Root | Reach::User => "a shell that may be root waits in a pod that may not",
        };
        let weight = Weight::new(Severity::Low, why);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .in_container(pod, c, "image", &c.image, Origin::Live);
    }
}
