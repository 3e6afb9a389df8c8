//! A token that leads to every right is mounted
//!
//! ## What
//! A container holds the token of its account, and the account holds every right in the cluster or comes by them step by
//! step: it binds roles, acts as somebody stronger, takes a stronger account's token.
//!
//! ## Why
//! One flaw in one application is then the whole cluster. Such an account is often made once, for an installation, and
//! stays.
//!
//! ## References
//! - MITRE ATT&CK T1528, Steal Application Access Token
//! - MITRE ATT&CK T1078, Valid Accounts

use crate::threats::malicious_container::taken_over;
use crate::threats::prelude::*;

const MOUNTED: &[&str] = &["token-not-mounted"];
const LEADS: &[&str] = &["account-rights-restricted", "admins-few"];

/// The story.
pub static STORY: Story = Story {
    id: "token-rules-cluster",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "cluster-admin",
    steps: &[
        StoryStep {
            title: "the account's token is mounted",
            cut_by: MOUNTED,
        },
        StoryStep {
            title: "the account comes by every right",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: tiller}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: tiller, namespace: kube-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: tiller, namespace: kube-system}
---
apiVersion: v1
kind: Pod
metadata: {name: tiller, namespace: kube-system}
spec:
  serviceAccountName: tiller
  containers:
  - {name: tiller, image: 'registry.example.com/tiller:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: tokens, namespace: ops}
rules:
- {apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tokens, namespace: ops}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tokens}
subjects:
- {kind: ServiceAccount, name: bot, namespace: ops}
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
kind: ServiceAccount
metadata: {name: bot, namespace: ops}
---
apiVersion: v1
kind: Pod
metadata: {name: bot, namespace: ops}
spec:
  serviceAccountName: bot
  containers:
  - {name: bot, image: 'registry.example.com/bot:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: tiller}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects:
- {kind: ServiceAccount, name: tiller, namespace: kube-system}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: tiller, namespace: kube-system}
---
apiVersion: v1
kind: Pod
metadata: {name: tiller, namespace: kube-system}
spec:
  serviceAccountName: tiller
  automountServiceAccountToken: false
  containers:
  - {name: tiller, image: 'registry.example.com/tiller:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: viewer}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects:
- {kind: ServiceAccount, name: cart, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart, namespace: shop}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  serviceAccountName: cart
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
",
        ),
    ],
};

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "holds every right in the cluster",
    };
    taken_over::by_token(survey, out, how, &Goal::ClusterAdmin);
}
