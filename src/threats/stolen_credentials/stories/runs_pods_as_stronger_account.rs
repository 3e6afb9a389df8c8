//! A subject runs pods as a stronger account
//!
//! ## What
//! A subject makes pods, itself or through a controller, in a namespace where an account lives that holds every right or
//! leads to them. A pod may run as any account of its namespace.
//!
//! ## Why
//! Who may make pods in a namespace has the rights of all its accounts together, whatever their own role says.
//!
//! ## References
//! - kubernetes.io, Role Based Access Control Good Practices, "Workload creation"
//! - MITRE ATT&CK T1610, Deploy Container

use crate::threats::prelude::*;
use crate::threats::stolen_credentials::login_taken;

const MAKES: &[&str] = &["pod-makers-fenced"];
const LEADS: &[&str] = &["account-rights-restricted", "admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "runs-pods-as-stronger-account",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the subject makes pods where a strong account lives",
            cut_by: MAKES,
        },
        StoryStep {
            title: "that account comes by every right",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: ops}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create, get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
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
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {pod-security.kubernetes.io/enforce: baseline}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: work, namespace: ops}
rules:
- {apiGroups: [apps], resources: [deployments], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: work, namespace: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: work}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
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
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create, get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
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
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: ops, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: ops}
rules:
- {apiGroups: [''], resources: [pods], verbs: [get, list, delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: pods, namespace: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: pods}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
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
",
        ),
    ],
};

/// What the first step does.
const FIRST: &[&str] = &["create-pods", "create-workloads", "rewrite-template"];

/// What it does not: that is another story.
const NEVER: &[&str] = &[
    "privileged-pod",
    "node-volume",
    "mount-secrets",
    "relabel-namespace",
    "create-namespace",
];

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    login_taken::walk_without(survey, out, how, &Goal::ClusterAdmin, (FIRST, NEVER));
}
