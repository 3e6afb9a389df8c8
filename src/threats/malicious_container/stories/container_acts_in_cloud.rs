//! A container acts with an identity of the cloud
//!
//! ## What
//! A container's account is tied to a role of the cloud provider, whose token is put into its pods; or the container's
//! own token leads to such an account.
//!
//! ## Why
//! What that role may do is written at the provider and is not visible here: buckets, databases, keys, sometimes the
//! machines of the cluster itself. A container taken over acts as it from anywhere.
//!
//! ## References
//! - MITRE ATT&CK T1528, Steal Application Access Token
//! - Microsoft Threat Matrix for Kubernetes, MS-TA9020 Access cloud resources

use crate::threats::malicious_container::taken_over;
use crate::threats::prelude::*;

const TAKEN: &[&str] = &["token-not-mounted"];
const LEADS: &[&str] = &["account-rights-restricted"];

/// The story.
pub static STORY: Story = Story {
    id: "container-acts-in-cloud",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "cloud",
    steps: &[
        StoryStep {
            title: "the container holds a token",
            cut_by: TAKEN,
        },
        StoryStep {
            title: "the token is one of the cloud, or leads to one",
            cut_by: LEADS,
        },
    ],
    needs: WAYS,
    scope: Scope::Paths(run),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: backup
  namespace: data
  annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/backup'}
---
apiVersion: v1
kind: Pod
metadata: {name: backup, namespace: data}
spec:
  serviceAccountName: backup
  containers:
  - {name: backup, image: 'registry.example.com/backup:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: backup
  namespace: data
  annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/backup'}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: tokens, namespace: data}
rules:
- {apiGroups: [''], resources: [serviceaccounts/token], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: tokens, namespace: data}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: tokens}
subjects:
- {kind: ServiceAccount, name: bot, namespace: data}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: data}
---
apiVersion: v1
kind: Pod
metadata: {name: bot, namespace: data}
spec:
  serviceAccountName: bot
  containers:
  - {name: bot, image: 'registry.example.com/bot:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: backup
  namespace: data
  annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/backup'}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: bot, namespace: data}
---
apiVersion: v1
kind: Pod
metadata: {name: bot, namespace: data}
spec:
  serviceAccountName: bot
  containers:
  - {name: bot, image: 'registry.example.com/bot:1.4.2'}
",
        ),
    ],
};

fn run(survey: &Survey<'_, '_>, out: &mut Scenes) {
    let how = Walk {
        story: &STORY,
        ends: "acts in the cloud",
    };
    let first = &["cloud-identity", "mounted-token"];
    taken_over::walk(survey, out, how, &Goal::Cloud, first);
}
