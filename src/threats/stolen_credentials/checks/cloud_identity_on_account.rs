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
        let users = view.context(|view| users(view, account.meta.namespace(), account.meta.name()));
        let why = match users {
            0 => format!("whoever may create pods or tokens here is {identity} in {cloud}"),
            1 => format!(
                "1 workload is {identity} in {cloud}; so is whoever may create pods or tokens here"
            ),
            n => format!(
                "{n} workloads are {identity} in {cloud}; so is whoever may create pods or tokens here"
            ),
        };
        let severity = if account.meta.name() == "default" {
            Severity::High
        } else {
            Severity::Low
        };
        let path = format!("metadata.annotations['{key}']");
        out.fires(Part::Whole, severity, why)
            .because(Evidence::explicit(object.key(), path, identity));
        return;
    }
}

/// Workloads that run as an account.
fn users(view: &View<'_>, namespace: &str, name: &str) -> usize {
    let all = running::workloads(view, namespace);
    let runs = |w: &&Workload<'_>| {
        let likes = w.pod_likes();
        likes
            .iter()
            .any(|(like, _)| like.spec.account_name() == name)
    };
    all.iter().filter(runs).count()
}
