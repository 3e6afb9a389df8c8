//! A token that leads to root on a node is mounted
//!
//! ## What
//! A container holds the token of its account, and the account makes privileged pods where nothing that can be seen
//! refuses them, or comes to a node another way.
//!
//! ## Why
//! Whoever is root on a node has every pod on it, with their tokens and Secrets. The flaw that opens one container then
//! opens all its neighbours.
//!
//! ## References
//! - MITRE ATT&CK T1528, Steal Application Access Token
//! - MITRE ATT&CK T1610, Deploy Container
//! - MITRE ATT&CK T1611, Escape to Host

use crate::threats::malicious_container::taken_over;
use crate::threats::prelude::*;

const MOUNTED: &[&str] = &["token-not-mounted"];
const LEADS: &[&str] = &["account-rights-restricted", "pod-security-enforced"];

/// The story.
pub static STORY: Story = Story {
    id: "token-owns-node",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "node-root",
    steps: &[
        StoryStep {
            title: "the account's token is mounted",
            cut_by: MOUNTED,
        },
        StoryStep {
            title: "the account comes to a node",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: ci}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: ci}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: ci}
---
apiVersion: v1
kind: Pod
metadata: {name: runner, namespace: ci}
spec:
  serviceAccountName: runner
  containers:
  - {name: runner, image: 'registry.example.com/runner:1.4.2'}
",
        ),
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
kind: ServiceAccount
metadata: {name: agent, namespace: watch}
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: watch}
spec:
  serviceAccountName: agent
  containers:
  - {name: agent, image: 'registry.example.com/agent:1.4.2'}
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
            "apiVersion: v1
kind: Namespace
metadata: {name: ci, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: ci}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: ci}
---
apiVersion: v1
kind: Pod
metadata: {name: runner, namespace: ci}
spec:
  serviceAccountName: runner
  containers:
  - {name: runner, image: 'registry.example.com/runner:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: ci}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: ci}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: ci}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: runner, namespace: ci}
---
apiVersion: v1
kind: Pod
metadata: {name: runner, namespace: ci}
spec:
  serviceAccountName: runner
  automountServiceAccountToken: false
  containers:
  - {name: runner, image: 'registry.example.com/runner:1.4.2'}
",
        ),
    ],
};

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "is root on a node",
    };
    taken_over::by_token(survey, out, how, &Goal::NodeRoot);
}
