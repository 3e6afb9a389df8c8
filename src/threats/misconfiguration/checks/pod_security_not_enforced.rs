//! Namespace enforces no Pod Security level
//!
//! ## What
//! Namespaces without the label `pod-security.kubernetes.io/enforce`. `enforce-version` alone enforces nothing; `warn` and
//! `audit` refuse nothing. A level that is not a level is treated as restricted by the server and is silent here.
//! kube-system, kube-public and kube-node-lease, which Kubernetes makes for itself, are left out, and so is a namespace that
//! is going away.
//!
//! ## Why
//! The cluster's default then applies, which the API does not show and which is privileged unless somebody changed it:
//! whoever may make a pod in the namespace may make one that owns its node.
//!
//! ## Fix
//! Sets `warn` and `audit` to baseline, then `enforce`, and names every workload that would be refused. Running pods stay; new ones that break the level are refused.
//!
//! ## References
//! - pod-security-admission `api/helpers.go` (`PolicyToEvaluate`), `api/constants.go`
//! - CIS Kubernetes Benchmark 1.12, 5.2.1

use crate::semantics::pod_security::labels::{Given, Mode, effective};
use crate::semantics::system_namespaces::is_system;
use crate::threats::misconfiguration::pod_security::{
    enforce_baseline, reaches_node, refused, said,
};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "pod-security-not-enforced",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "pod-security-enforced",
    needs: NEEDS,
    rests_on: RestsOn::Presence,
    standards: &["cis:1.12/5.2.1", "owasp:2025/K05", "kubescape:C-0192"],
    scope: Scope::Object(&[Kind::Namespace], run),
    fix: Fix::Change(enforce_baseline),
    examples: &[
        Example::fires("apiVersion: v1\nkind: Namespace\nmetadata: {name: shop}\n"),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels:
    pod-security.kubernetes.io/enforce-version: v1.36
    pod-security.kubernetes.io/warn: restricted
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  hostNetwork: true
  containers:
  - {name: agent, image: 'registry.example.com/agent:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: baseline}}
",
        ),
        Example::silent("apiVersion: v1\nkind: Namespace\nmetadata: {name: kube-system}\n"),
    ],
};

/// The pods of the namespace colour the severity.
const NEEDS: &[Kind] = &[
    Kind::Namespace,
    Kind::Pod,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
];

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Namespace(namespace) = object else {
        return;
    };
    let labels = &namespace.meta.labels;
    let enforced = effective(labels, Mode::Enforce);
    if enforced.level_from != Given::ClusterDefault
        || is_system(namespace.meta.name())
        || namespace.terminating
    {
        return;
    }
    let refused = refused(view, namespace.meta.name());
    let severity = if reaches_node(&refused) {
        Severity::High
    } else {
        Severity::Medium
    };
    let use_of_it = refused
        .first()
        .map(|first| format!(", and pods make use of it: {}", said(first)));
    let why = format!(
        "the cluster's default applies, usually privileged{}",
        use_of_it.unwrap_or_default()
    );
    let finding = out.fires(Part::Whole, severity, why);
    finding.because(Evidence::new(
        object.key(),
        path(Mode::Enforce.label()),
        "unset",
        Origin::Default,
    ));
    for label in [
        Mode::Enforce.version_label(),
        Mode::Warn.label(),
        Mode::Audit.label(),
    ] {
        if let Some(value) = labels.get(label) {
            finding.because(Evidence::explicit(
                object.key(),
                path(label),
                format!("{value} (refuses nothing)"),
            ));
        }
    }
}

fn path(label: &str) -> String {
    format!("metadata.labels['{label}']")
}
