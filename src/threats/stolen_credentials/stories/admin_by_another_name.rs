//! A subject is admin of the cluster by another name
//!
//! ## What
//! A subject holds every right, or rights that come to the same: it binds or rewrites roles beyond its own, or acts as
//! somebody who holds every right or comes by them.
//!
//! ## Why
//! A list of who is bound to `cluster-admin` does not show these. Their logins are worth as much, and are guarded less.
//!
//! ## References
//! - MITRE ATT&CK T1078, Valid Accounts
//! - MITRE ATT&CK T1098.006, Additional Container Cluster Roles
//! - Kubernetes, Role Based Access Control Good Practices, "Kubernetes RBAC - privilege escalation risks"

use crate::threats::prelude::*;
use crate::threats::stolen_credentials::login_taken;

const HOLDS: &[&str] = &["admins-few", "no-wildcards", "no-escalation-verbs"];
const LEADS: &[&str] = &["admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "admin-by-another-name",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the subject holds a way to more rights",
            cut_by: HOLDS,
        },
        StoryStep {
            title: "the way ends with every right",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: cluster-admin}
rules:
- {apiGroups: ['*'], resources: ['*'], verbs: ['*']}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: access}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind]}
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterrolebindings], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: access}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: access}
subjects:
- {kind: ServiceAccount, name: access, namespace: ops}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: wide}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: runner, namespace: ci}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: access}
rules:
- {apiGroups: [rbac.authorization.k8s.io], resources: [clusterroles], verbs: [bind, escalate]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: access}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: access}
subjects:
- {kind: ServiceAccount, name: access, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: owners, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: shop-team}
",
        ),
    ],
};

/// What the first step does.
const FIRST: &[&str] = &[
    "holds-everything",
    "bind-roles",
    "escalate-roles",
    "escalate-roles-of-others",
    "impersonate",
    "impersonate-node",
];

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    login_taken::walk(survey, out, how, &Goal::ClusterAdmin, FIRST);
}
