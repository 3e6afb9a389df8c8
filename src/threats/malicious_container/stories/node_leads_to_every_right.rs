//! A container leaves for its node and rules the cluster
//!
//! ## What
//! A container that nothing keeps from its node runs on a node where something more is to be had: a token of an account
//! with every right, the keys of the control plane, or what leads there.
//!
//! ## Why
//! Root on a node is not the end. The kubelet's neighbours pay: the node hands out a token of every account that has a
//! pod on it, and a control-plane node signs for anybody.
//!
//! ## References
//! - MITRE ATT&CK T1611, Escape to Host
//! - kubernetes.io, API Server Bypass Risks
//! - KubeHound, attack paths over nodes

use crate::threats::malicious_container::taken_over;
use crate::threats::prelude::*;

const LEAVES: &[&str] = &["containers-unprivileged", "host-paths-closed"];
const LEADS: &[&str] = &["account-rights-restricted", "admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "node-leads-to-every-right",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the container leaves for its node",
            cut_by: LEAVES,
        },
        StoryStep {
            title: "what the node holds leads to every right",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: disk, namespace: shop}
spec:
  nodeName: one
  containers:
  - {name: disk, image: 'registry.example.com/disk:1.4.2', securityContext: {privileged: true}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: admin, namespace: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: admin, namespace: ops}
---
apiVersion: v1
kind: Pod
metadata: {name: admin, namespace: ops}
spec:
  serviceAccountName: admin
  nodeName: one
  containers:
  - {name: admin, image: 'registry.example.com/admin:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Node
metadata: {name: first, labels: {node-role.kubernetes.io/control-plane: ''}}
---
apiVersion: v1
kind: Pod
metadata: {name: disk, namespace: shop}
spec:
  nodeName: first
  containers:
  - {name: disk, image: 'registry.example.com/disk:1.4.2', securityContext: {privileged: true}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: disk, namespace: shop}
spec:
  nodeName: two
  containers:
  - {name: disk, image: 'registry.example.com/disk:1.4.2', securityContext: {privileged: true}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: admin, namespace: ops}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: admin, namespace: ops}
---
apiVersion: v1
kind: Pod
metadata: {name: admin, namespace: ops}
spec:
  serviceAccountName: admin
  nodeName: one
  containers:
  - {name: admin, image: 'registry.example.com/admin:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Node
metadata: {name: first, labels: {node-role.kubernetes.io/control-plane: ''}}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  nodeName: first
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    taken_over::walk(survey, out, how, &Goal::ClusterAdmin, &["escape-container"]);
}
