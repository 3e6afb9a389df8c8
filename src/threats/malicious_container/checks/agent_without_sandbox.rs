//! Sandbox for untrusted code shares the node's kernel
//!
//! ## What
//! Pods that the agent-sandbox controller made (label `agents.x-k8s.io/sandbox-name-hash`) without a `runtimeClassName`.
//! Any class is silent: `RuntimeClass` objects are not read.
//!
//! ## Why
//! Such a pod is there to run code that nobody has looked at, written by a model or sent by a stranger. In the default
//! runtime it talks to the same kernel as every other pod of the node: one flaw of the kernel is the way out.
//!
//! ## Fix
//! None is offered: which sandboxed runtimes the nodes have is not known here. Name one (gVisor, Kata Containers) in the
//! pod template of the `Sandbox` or its `SandboxTemplate`.
//!
//! ## References
//! - kubernetes-sigs/agent-sandbox
//! - kubernetes.io, Runtime Class

use crate::threats::prelude::*;

const SANDBOX: &str = "agents.x-k8s.io/sandbox-name-hash";

/// The check.
pub static CHECK: Check = Check {
    id: "agent-without-sandbox",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1611", "owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "which sandboxed runtimes the nodes have is not known here: name one in the pod template of the Sandbox",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: runner, namespace: ci, labels: {agents.x-k8s.io/sandbox-name-hash: 5f1c2a7b}}
spec:
  containers:
  - {name: runner, image: 'registry.example.com/runner:1.0.0'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: desk, namespace: lab, labels: {agents.x-k8s.io/sandbox-name-hash: 0b9e44d1, app: desk}}
spec:
  hostUsers: false
  containers:
  - {name: desk, image: 'registry.example.com/desk:2.1.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: runner, namespace: ci, labels: {agents.x-k8s.io/sandbox-name-hash: 5f1c2a7b}}
spec:
  runtimeClassName: gvisor
  containers:
  - {name: runner, image: 'registry.example.com/runner:1.0.0'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop, labels: {app: web}}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if pod.spec.runtime_class.is_some() {
        return;
    }
    let Some(hash) = pod.labels.get(SANDBOX) else {
        return;
    };
    let (severity, why) = if pod.spec.host_users == Some(false) {
        let why = "it runs code that nobody has looked at, held back by a user namespace alone (hostUsers: false)";
        (Severity::Low, why)
    } else {
        let why = "it runs code that nobody has looked at, in the kernel of its node";
        (Severity::Medium, why)
    };
    let path = pod.meta_path(&format!("labels['{SANDBOX}']"));
    out.fires(Part::Whole, severity, why)
        .because(Evidence::explicit(pod.holder, path, hash))
        .in_pod(pod, "runtimeClassName", "unset", Origin::Default);
}
