//! A privileged container owns its node
//!
//! ## What
//! A workload runs a container with `privileged: true`. Whoever takes that container over mounts the node's disk.
//!
//! ## Why
//! Root on a node is every pod on it: their tokens, their Secrets, their traffic.
//!
//! ## References
//! - MITRE ATT&CK T1611, Escape to Host
//! - Kubernetes Pod Security Standards, Baseline

use crate::threats::prelude::*;

const CUTS: &[&str] = &["containers-unprivileged"];

/// The story.
pub static STORY: Story = Story {
    id: "privileged-owns-node",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "node-root",
    steps: &[StoryStep {
        title: "the container is privileged",
        cut_by: &["containers-unprivileged", "pod-security-enforced"],
    }],
    needs: &[Kind::Pod],
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
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: pay}
spec:
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Scenes) {
    for c in pod
        .spec
        .containers
        .iter()
        .filter(|c| c.security.privileged == Some(true))
    {
        let path = pod.in_container(c, "securityContext.privileged");
        let says = format!(
            "A container taken over in {} is privileged and owns its node.",
            pod.workload
        );
        out.works(Actor::Object(pod.workload.clone()), says)
            .step(
                format!("{} is privileged", c.name),
                CUTS,
                vec![Evidence::explicit(pod.holder, path, true)],
            )
            .cut(Change::container(
                pod.workload,
                &c.name,
                ContainerEdit::Privileged(false),
            ));
    }
}
