//! Service account is an identity of the cloud too
//!
//! ## What
//! Service accounts with the annotation that ties them to a role of AWS (`eks.amazonaws.com/role-arn`), an account of
//! Google Cloud (`iam.gke.io/gcp-service-account`) or an application of Azure (`azure.workload.identity/client-id`).
//!
//! ## Why
//! Whoever runs as the account, may create a pod that does, or may ask for its token holds the identity in the cloud,
//! whose rights the cluster does not show.
//!
//! ## Fix
//! None is offered: what the identity is for is known to the cloud alone. Restrict who may create pods in the namespace,
//! and let the identity trust this account and no other.
//!
//! ## References
//! - Amazon EKS, IAM roles for service accounts
//! - Google Kubernetes Engine, Workload Identity Federation
//! - Azure Kubernetes Service, Microsoft Entra Workload ID

use crate::semantics::exposure::facing;
use crate::semantics::running;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "cloud-identity-on-account",
    since: "0.1",
    threats: &[ThreatId::StolenCredentials],
    control: "pod-makers-fenced",
    needs: &[
        Kind::ServiceAccount,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
        Kind::Service,
        Kind::Ingress,
        Kind::IngressClass,
        Kind::Gateway,
        Kind::HTTPRoute,
        Kind::GRPCRoute,
        Kind::TLSRoute,
        Kind::TCPRoute,
        Kind::UDPRoute,
        Kind::ListenerSet,
        Kind::ReferenceGrant,
        Kind::Route,
        Kind::Node,
    ],
    rests_on: RestsOn::Presence,
    standards: &["attack:T1078.004", "owasp:2025/K02"],
    scope: Scope::Object(&[Kind::ServiceAccount], run),
    fix: Fix::None(
        "what the identity is for is known to the cloud alone: let it trust this account and no other, and restrict who may create pods here",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: backup
  namespace: data
  annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/backup'}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: sync
  namespace: data
  annotations: {azure.workload.identity/client-id: 00000000-0000-0000-0000-000000000000}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: default
  namespace: data
  annotations: {iam.gke.io/gcp-service-account: backup@project.iam.gserviceaccount.com}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: upload
  namespace: shop
  annotations: {eks.amazonaws.com/role-arn: 'arn:aws:iam::111122223333:role/upload'}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: upload, namespace: shop}
spec:
  selector: {matchLabels: {app: upload}}
  template:
    metadata: {labels: {app: upload}}
    spec:
      serviceAccountName: upload
      containers:
      - {name: upload, image: 'registry.example.com/upload:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata: {name: web, namespace: shop}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
  namespace: shop
  annotations: {meta.helm.sh/release-name: web}
",
        ),
    ],
};

const CLOUDS: [(&str, &str); 3] = [
    ("eks.amazonaws.com/role-arn", "AWS"),
    ("iam.gke.io/gcp-service-account", "Google Cloud"),
    ("azure.workload.identity/client-id", "Azure"),
];

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::ServiceAccount(account) = object else {
        return;
    };
    for (key, cloud) in CLOUDS {
        let Some(identity) = account.meta.annotations.get(key) else {
            continue;
        };
        let here = users(view, account.meta.namespace(), account.meta.name());
        let (n, word) = (
            here.len(),
            if here.len() == 1 {
                "workload is"
            } else {
                "workloads are"
            },
        );
        let makers = "whoever may create pods or tokens here";
        let (severity, why) = if account.meta.name() == "default" {
            let why = format!("every pod that names no account is {identity} in {cloud}");
            (Severity::High, why)
        } else if let Some((workload, entry)) = here.iter().find_map(|w| faced(view, w)) {
            let why = format!(
                "{workload} is {identity} in {cloud}, and the whole internet reaches it by {entry}; so is {makers}"
            );
            (Severity::Medium, why)
        } else if here.is_empty() {
            (Severity::Low, format!("{makers} is {identity} in {cloud}"))
        } else {
            let why = format!("{n} {word} {identity} in {cloud}; so is {makers}");
            (Severity::Low, why)
        };
        let path = format!("metadata.annotations['{key}']");
        out.fires(Part::Whole, severity, why)
            .because(Evidence::explicit(object.key(), path, identity));
        return;
    }
}

/// Workloads that run as an account. They only colour the severity.
fn users<'a>(view: &View<'a>, namespace: &str, name: &str) -> Vec<Workload<'a>> {
    let mut all = view.context(|view| running::workloads(view, namespace));
    all.retain(|w| {
        let likes = w.pod_likes();
        likes
            .iter()
            .any(|(like, _)| like.spec.account_name() == name)
    });
    all
}

/// The workload and what lets the whole internet in to it.
fn faced(view: &View<'_>, workload: &Workload<'_>) -> Option<(ObjectKey, ObjectKey)> {
    let likes = workload.pod_likes();
    let door = likes.iter().find_map(|(like, _)| facing(view, like))?;
    Some((workload.key.clone(), door.entry))
}
