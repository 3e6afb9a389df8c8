//! A token that reads Secrets is mounted
//!
//! ## What
//! A container holds the token of its account, and the account comes by every Secret of some namespace: it reads them, or
//! it does something that leads there, such as making a pod that mounts them.
//!
//! ## Why
//! A flaw in one application becomes the passwords and keys of every application beside it, with one HTTP request and no
//! trace in any container.
//!
//! ## References
//! - MITRE ATT&CK T1528, Steal Application Access Token
//! - MITRE ATT&CK T1552.007, Container API

use crate::threats::malicious_container::taken_over;
use crate::threats::prelude::*;

const MOUNTED: &[&str] = &["token-not-mounted"];
const READS: &[&str] = &["account-rights-restricted", "secrets-closed"];

/// The story.
pub static STORY: Story = Story {
    id: "token-reads-secrets",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "namespace-secrets",
    steps: &[
        StoryStep {
            title: "the account's token is mounted",
            cut_by: MOUNTED,
        },
        StoryStep {
            title: "the account comes by Secrets",
            cut_by: READS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: default, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: pods, namespace: ci}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create, get]}
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
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], verbs: [list]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: default, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  automountServiceAccountToken: false
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: reader, namespace: shop}
rules:
- {apiGroups: [''], resources: [secrets], resourceNames: [cart], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: reader}
subjects:
- {kind: ServiceAccount, name: default, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
",
        ),
    ],
};

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "reads every Secret of a namespace",
    };
    taken_over::by_token(survey, out, how, &Goal::NamespaceSecrets);
}
