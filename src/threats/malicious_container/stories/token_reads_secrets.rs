//! A token that reads Secrets is mounted
//!
//! ## What
//! A container holds the token of its account, and the account reads Secrets: those of one namespace, or all.
//!
//! ## Why
//! A flaw in one application becomes the passwords and keys of every application beside it, with one HTTP request and no
//! trace in any container.
//!
//! ## References
//! - MITRE ATT&CK T1528, Steal Application Access Token
//! - MITRE ATT&CK T1552.007, Container API

use std::collections::BTreeSet;

use crate::semantics::rbac::power::{Ability, Power};
use crate::semantics::token_power::{Armed, armed};
use crate::threats::malicious_container::taken_token;
use crate::threats::prelude::*;

const MOUNTED: &[&str] = &["token-not-mounted"];
const READS: &[&str] = &["account-rights-restricted", "secrets-closed"];

/// The story.
pub static STORY: Story = Story {
    id: "token-reads-secrets",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "any-secret",
    steps: &[
        StoryStep {
            title: "the account's token is mounted",
            cut_by: MOUNTED,
        },
        StoryStep {
            title: "the account reads Secrets",
            cut_by: READS,
        },
    ],
    needs: &[
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::Pod,
        Kind::ServiceAccount,
        Kind::ClusterRoleBinding,
        Kind::RoleBinding,
        Kind::ClusterRole,
        Kind::Role,
    ],
    scope: Scope::Pods(run),
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
  - {name: cart, image: 'registry.example.com/cart:1.0.3'}
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
  - {name: cart, image: 'registry.example.com/cart:1.0.3'}
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
  - {name: cart, image: 'registry.example.com/cart:1.0.3'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Scenes) {
    let every_secret =
        |power: &Power<'_>| power.ability == Ability::ReadSecrets && power.names.is_empty();
    let Some(Armed { token, powers }) = armed(pod, view, every_secret) else {
        return;
    };
    let where_to = reach(&powers);
    let account = pod.spec.account_name();
    let actor = Actor::Object(pod.workload.clone());
    let Some((container, token)) = token else {
        let says = format!(
            "A container taken over in {} finds no token of {account}, which reads every Secret {where_to}.",
            pod.workload
        );
        let (value, origin) = match pod.spec.automount {
            Some(value) => (value.to_string(), Origin::Explicit),
            None => ("unset".to_owned(), Origin::Default),
        };
        let path = pod.path("automountServiceAccountToken");
        let cited = vec![Evidence::new(pod.holder, path, value, origin)];
        out.stopped(actor, 0, MOUNTED, says)
            .step("no container has the token", MOUNTED, cited);
        return;
    };
    let says = format!(
        "A container taken over in {} uses the token mounted in it to read every Secret {where_to}.",
        pod.workload
    );
    let instance = out.works(actor, says);
    taken_token::mounted(instance, pod, (container, token), MOUNTED);
    let reads = format!("{account} reads every Secret {where_to}");
    taken_token::holds(instance, pod, &powers, reads, READS);
}

/// `in every namespace`, or the namespaces.
fn reach(powers: &[Power<'_>]) -> String {
    let scopes: BTreeSet<_> = powers.iter().map(|power| power.scope).collect();
    let first = scopes
        .first()
        .map_or_else(String::new, |scope| scope.words());
    match scopes.len() {
        0 | 1 => first,
        n => format!("{first} and {} more namespaces", n - 1),
    }
}
