//! A privileged container owns its node
//!
//! ## What
//! A container is privileged, or has a capability that is as good: `ALL` and `SYS_MODULE` by themselves, `SYS_ADMIN`, and
//! `SYS_PTRACE` in a pod that shares the node's processes, unless an AppArmor profile is asked for by name. Whoever takes it
//! over mounts the node's disk, loads a module or puts code into a process of the node.
//!
//! A user namespace stops it: capabilities then count inside the pod only. So does a container that never is root and cannot
//! become it, for added capabilities come into force for root alone. A runtime class that is named like a sandbox leaves it
//! open: what the class really is the API does not tell this program.
//!
//! ## Why
//! Root on a node is every pod on it: their tokens, their Secrets, their traffic.
//!
//! ## References
//! - MITRE ATT&CK T1611, Escape to Host
//! - Kubernetes Pod Security Standards, Baseline, "Privileged Containers" and "Capabilities"
//! - Linux `capabilities(7)`, `ptrace(2)`; KEP-127, User Namespaces

use crate::model::Reason;
use crate::semantics::effective::{is_privileged, may_be_root, root_evidence};
use crate::semantics::escape::privileged::{Power, power};
use crate::semantics::isolation::{has_user_namespace, is_windows, sandbox};
use crate::threats::prelude::*;

const POWER: &[&str] = &["containers-unprivileged", "pod-security-enforced"];
const ROOT: &[&str] = &["processes-least-privilege"];

/// The story.
pub static STORY: Story = Story {
    id: "privileged-owns-node",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "node-root",
    steps: &[
        StoryStep {
            title: "a container is privileged, or as good as that",
            cut_by: POWER,
        },
        StoryStep {
            title: "its root is root on the node",
            cut_by: ROOT,
        },
    ],
    needs: POD_KINDS,
    scope: Scope::Pods(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: pay}
spec:
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: DaemonSet
metadata: {name: tracer, namespace: monitoring}
spec:
  selector: {matchLabels: {app: tracer}}
  template:
    metadata: {labels: {app: tracer}}
    spec:
      hostPID: true
      containers:
      - name: tracer
        image: registry.example.com/tracer:0.3.0
        securityContext: {capabilities: {add: [SYS_PTRACE]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: pay}
spec:
  hostUsers: false
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {capabilities: {add: [ALL]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: tracer, namespace: pay}
spec:
  hostPID: true
  containers:
  - name: tracer
    image: registry.example.com/tracer:0.3.0
    securityContext:
      capabilities: {add: [SYS_PTRACE]}
      appArmorProfile: {type: RuntimeDefault}
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Scenes) {
    if is_windows(pod.spec) {
        return;
    }
    let powers: Vec<Power<'_>> = pod
        .spec
        .containers
        .iter()
        .filter_map(|c| power(pod, c))
        .collect();
    let strongest = powers.iter().find(|p| may_be_root(pod.spec, p.container));
    let Some(power) = strongest.or(powers.first()) else {
        return;
    };
    if sandbox(pod.spec).is_some() {
        // A name proves nothing: neither that it works nor that it does not.
        view.note_blind(Missing {
            kind: Kind::Node,
            namespace: None,
            reason: Reason::OutsideApi,
        });
        return;
    }
    let actor = Actor::Object(pod.workload.clone());
    let kept = if has_user_namespace(pod.spec) {
        Some("the pod has users of its own (hostUsers: false)")
    } else if strongest.is_none() {
        Some("it never is root")
    } else {
        None
    };
    let instance = if let Some(why) = kept {
        let says = format!("{} in {}, but {why}.", power.says, pod.workload);
        out.stopped(actor, 1, ROOT, says)
    } else {
        let says = format!(
            "A container taken over in {}: {}, and owns its node.",
            pod.workload, power.says
        );
        out.works(actor, says)
    };
    instance.step(power.says.clone(), POWER, power.evidence.clone());
    if let [only] = &powers[..] {
        instance.cut(only.cut.clone());
    }
    let says = kept.unwrap_or("its root is root on the node");
    instance.step(says, ROOT, why_root(pod, power.container));
}

/// What decides whether root in the container is root on the node.
fn why_root(pod: &PodLike<'_>, c: &Container) -> Vec<Evidence> {
    let (value, origin) = match pod.spec.host_users {
        Some(value) => (value.to_string(), Origin::Explicit),
        None => ("unset".to_owned(), Origin::Default),
    };
    let mut evidence = vec![Evidence::new(
        pod.holder,
        pod.path("hostUsers"),
        value,
        origin,
    )];
    if !is_privileged(c) {
        evidence.extend(root_evidence(pod, c));
    }
    evidence
}
