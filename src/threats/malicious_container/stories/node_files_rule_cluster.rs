//! A container rules the cluster by logins in node files
//!
//! ## What
//! A container mounts a directory of its node, read-only or not, in which credentials of Kubernetes lie (the keys of a control
//! plane, the login of the kubelet, tokens of the pods beside it), and what it reads there leads to every right.
//!
//! ## Why
//! A mount that is read-only looks harmless: nothing can be changed on the node. But the token of a stronger neighbour is a
//! file, and a file that is read is a login. Agents that collect logs or metrics are given the whole node this way.
//!
//! ## References
//! - MITRE ATT&CK T1552.001, Credentials In Files
//! - kubernetes.io, API Server Bypass Risks
//! - KubeHound, EXPLOIT_HOST_READ and EXPLOIT_HOST_TRAVERSE

use crate::threats::malicious_container::taken_over;
use crate::threats::prelude::*;

const READS: &[&str] = &["host-paths-closed"];
const LEADS: &[&str] = &["account-rights-restricted", "admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "node-files-rule-cluster",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the container reads credentials in files of its node",
            cut_by: READS,
        },
        StoryStep {
            title: "what it reads leads to every right",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  nodeName: one
  automountServiceAccountToken: false
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
    volumeMounts: [{name: node, mountPath: /host, readOnly: true}]
  volumes:
  - {name: node, hostPath: {path: /var/lib/kubelet/pods}}
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
metadata: {name: backup, namespace: shop}
spec:
  nodeName: first
  automountServiceAccountToken: false
  containers:
  - name: backup
    image: registry.example.com/backup:1.4.2
    volumeMounts: [{name: keys, mountPath: /keys, readOnly: true}]
  volumes:
  - {name: keys, hostPath: {path: /etc/kubernetes/pki}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Node
metadata: {name: second}
---
apiVersion: v1
kind: Pod
metadata: {name: backup, namespace: shop}
spec:
  nodeName: second
  automountServiceAccountToken: false
  containers:
  - name: backup
    image: registry.example.com/backup:1.4.2
    volumeMounts: [{name: keys, mountPath: /keys, readOnly: true}]
  volumes:
  - {name: keys, hostPath: {path: /etc/kubernetes/pki}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Node
metadata: {name: first, labels: {node-role.kubernetes.io/control-plane: ''}}
---
apiVersion: v1
kind: Pod
metadata: {name: logs, namespace: shop}
spec:
  nodeName: first
  automountServiceAccountToken: false
  containers:
  - name: logs
    image: registry.example.com/logs:1.4.2
    volumeMounts: [{name: node, mountPath: /host, readOnly: true}]
  volumes:
  - {name: node, hostPath: {path: /var/log}}
",
        ),
    ],
};

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    let first = &[
        "reads-control-plane",
        "reads-kubelet-login",
        "reads-pod-token",
    ];
    taken_over::walk(survey, out, how, &Goal::ClusterAdmin, first);
}
