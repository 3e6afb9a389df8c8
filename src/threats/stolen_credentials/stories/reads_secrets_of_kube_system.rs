//! A subject reads the Secrets of kube-system
//!
//! ## What
//! A subject reads every Secret of `kube-system`, or has them told by a patch that changes nothing or a deletion that is
//! only tried.
//!
//! ## Why
//! Bootstrap tokens, keys of controllers and cloud credentials live there; what holds the cluster together can be taken
//! from one list.
//!
//! ## References
//! - MITRE ATT&CK T1552.007, Container API
//! - kubernetes.io, Role Based Access Control Good Practices, "Listing secrets"

use crate::threats::prelude::*;
use crate::threats::stolen_credentials::login_taken;

const READS: &[&str] = &["secrets-closed", "no-wildcards"];
const LEADS: &[&str] = &["secrets-closed"];

/// The story.
pub static STORY: Story = Story {
    id: "reads-secrets-of-kube-system",
    since: "0.1",
    threat: ThreatId::StolenCredentials,
    goal: "kube-system-secrets",
    steps: &[
        StoryStep {
            title: "the subject reads them",
            cut_by: READS,
        },
        StoryStep {
            title: "what it takes over reads them",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: cleaner, namespace: kube-system}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [deletecollection]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: cleaner, namespace: kube-system}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: cleaner}
subjects:
- {kind: ServiceAccount, name: cleaner, namespace: ops}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [get, list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [create, delete]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: ann}
",
        ),
    ],
};

/// What the first step does.
const FIRST: &[&str] = &["read-secrets", "patch-secrets", "dump-secrets"];

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "reads every Secret of kube-system",
    };
    login_taken::walk(survey, out, how, &Goal::KubeSystemSecrets, FIRST);
}
