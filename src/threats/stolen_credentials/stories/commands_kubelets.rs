//! A subject commands kubelets through the API server
//!
//! ## What
//! A subject may reach `nodes/proxy`, with any verb: the kubelet behind it runs commands in every container of its node,
//! also for a `get`, and one of those containers is as good as its node.
//!
//! ## Why
//! No admission control sees such a command, and the audit log names a proxied request, not what was run. Monitoring
//! agents are given this right to read metrics.
//!
//! ## References
//! - kubernetes/kubernetes issue 136550, nodes/proxy get runs commands
//! - KEP-2862, Fine-grained Kubelet API Authorization
//! - kubernetes.io, Role Based Access Control Good Practices, "Access to proxy subresource of Nodes"

use crate::threats::prelude::*;
use crate::threats::stolen_credentials::login_taken;

const REACHES: &[&str] = &["node-proxy-closed"];
const LEADS: &[&str] = &["containers-unprivileged"];

/// The story.
pub static STORY: Story = Story {
    id: "commands-kubelets",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "node-root",
    steps: &[
        StoryStep {
            title: "the subject reaches kubelets",
            cut_by: REACHES,
        },
        StoryStep {
            title: "a container there is as good as its node",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: proxy}
rules:
- {apiGroups: [''], resources: [nodes/proxy], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: proxy}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: proxy}
subjects:
- {kind: ServiceAccount, name: agent, namespace: watch}
---
apiVersion: v1
kind: Pod
metadata: {name: disk, namespace: shop}
spec:
  containers:
  - {name: disk, image: 'registry.example.com/disk:1.4.2', securityContext: {privileged: true}}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: proxy}
rules:
- {apiGroups: [''], resources: [nodes/metrics, nodes/stats], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: proxy}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: proxy}
subjects:
- {kind: ServiceAccount, name: agent, namespace: watch}
---
apiVersion: v1
kind: Pod
metadata: {name: disk, namespace: shop}
spec:
  containers:
  - {name: disk, image: 'registry.example.com/disk:1.4.2', securityContext: {privileged: true}}
",
        ),
    ],
};

/// What the first step does.
const FIRST: &[&str] = &["kubelet-exec"];

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "is root on a node",
    };
    login_taken::walk(survey, out, how, &Goal::NodeRoot, FIRST);
}
