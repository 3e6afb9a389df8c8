//! Pods run as the account default
//!
//! ## What
//! Pods that name no service account, or name `default`. Mirrors of a node's own files have no account and are left out.
//!
//! ## Why
//! Whatever somebody once granted to `default`, so that one pod works, every pod of the namespace holds that names no
//! account, those made later too. Without a token mounted it is an open door to nowhere yet; with one, and rights, each of
//! these containers is worth taking over.
//!
//! ## Fix
//! Makes an account of its own and names it in `serviceAccountName`. What the application uses of the API (mostly nothing)
//! is not visible: what bindings give to `default` is named, and bound to the new account too where it is harmless.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.1.5
//! - Kubernetes documentation, Configure Service Accounts for Pods

use crate::semantics::isolation::is_mirror;
use crate::semantics::rbac::power::powers_of;
use crate::semantics::rbac::{Identity, held};
use crate::semantics::token;
use crate::threats::prelude::*;
use crate::threats::stolen_credentials::remedies::own_account::own_account;

/// The check.
pub static CHECK: Check = Check {
    id: "default-account-used",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "default-account-unused",
    needs: &[
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::ServiceAccount,
        Kind::Role,
        Kind::ClusterRole,
        Kind::RoleBinding,
        Kind::ClusterRoleBinding,
    ],
    rests_on: RestsOn::Presence,
    standards: &["cis:1.12/5.1.5", "owasp:2025/K01", "attack:T1078.001"],
    scope: Scope::Pods(run),
    fix: Fix::Choice(own_account),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccountName: default
  automountServiceAccountToken: false
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: StatefulSet
metadata: {name: queue, namespace: shop}
spec:
  serviceName: queue
  selector: {matchLabels: {app: queue}}
  template:
    metadata: {labels: {app: queue}}
    spec:
      containers:
      - {name: queue, image: 'registry.example.com/queue:3.2.0'}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: reader, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: view}
subjects: [{kind: ServiceAccount, name: default, namespace: shop}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  serviceAccountName: web
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata:
  name: etcd-node-1
  namespace: kube-system
  annotations: {kubernetes.io/config.mirror: 9c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f}
spec:
  hostNetwork: true
  containers:
  - {name: etcd, image: 'registry.k8s.io/etcd:3.6.4-0'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if pod.spec.account_name() != "default" || pod.pod.is_some_and(|p| is_mirror(&p.meta)) {
        return;
    }
    let (severity, why) = view.context(|view| weigh(pod, view));
    let origin = match &pod.spec.account {
        Some(_) => Origin::Explicit,
        None => Origin::Default,
    };
    out.fires(Part::Whole, severity, why)
        .in_pod(pod, "serviceAccountName", "default", origin);
}

fn weigh(pod: &PodLike<'_>, view: &View<'_>) -> (Severity, String) {
    let mounted = matches!(token::tokens(pod, view), Look::Seen(_));
    let account = Identity::account(pod.namespace(), "default");
    let held = held(view, &account);
    // What every account holds is no reason to leave this one.
    let own = held
        .grants
        .iter()
        .filter(|g| matches!(g.subject(), Some(Subject::ServiceAccount { .. })))
        .count();
    let powers = powers_of(view, &held);
    let strongest = powers.iter().max_by_key(|power| power.severity());
    match (mounted, strongest) {
        (true, Some(power)) if power.severity() >= Severity::High => (
            Severity::High,
            format!("its token is mounted and may {}", power.words()),
        ),
        (true, _) if own > 0 => (
            Severity::Medium,
            format!("its token is mounted, and {own} bindings name the account"),
        ),
        (true, _) => (
            Severity::Low,
            "its token is mounted; whatever is granted to the account later is theirs at once"
                .to_owned(),
        ),
        (false, _) => (
            Severity::Low,
            "no token is mounted; the account is that of every pod that names none".to_owned(),
        ),
    }
}
