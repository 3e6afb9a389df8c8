//! Namespace allows every pod
//!
//! ## What
//! Namespaces with the label `pod-security.kubernetes.io/enforce: privileged`, but for kube-system, kube-public and
//! kube-node-lease, which Kubernetes makes for itself.
//!
//! ## Why
//! The level refuses nothing: whoever may make a pod here may make one that owns its node. It is written where one agent
//! needs it, and then holds for whatever else is put beside the agent.
//!
//! ## Fix
//! Sets `warn` and `audit` to baseline, then `enforce`, and names every workload that would be refused. What needs more belongs into a namespace of its own that few may write to. Running pods stay;
//! new ones that break the level are refused.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Privileged
//! - CIS Kubernetes Benchmark 1.12, 5.2.1

use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::{Given, Mode, effective};
use crate::semantics::system_namespaces::is_system;
use crate::threats::misconfiguration::pod_security::{enforce_baseline, refused, said};
use crate::threats::prelude::*;

/// The pods of the namespace colour the sentence.
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

/// The check.
pub static CHECK: Check = Check {
    id: "pod-security-privileged",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "pod-security-enforced",
    needs: NEEDS,
    rests_on: RestsOn::Presence,
    standards: &["cis:1.12/5.2.1", "owasp:2025/K05", "kubescape:C-0193"],
    scope: Scope::Object(&[Kind::Namespace], run),
    fix: Fix::Change(enforce_baseline),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata: {name: search, labels: {pod-security.kubernetes.io/enforce: privileged}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Namespace
metadata:
  name: monitoring
  labels:
    pod-security.kubernetes.io/enforce: privileged
    pod-security.kubernetes.io/warn: baseline
---
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: monitoring}
spec:
  hostPID: true
  containers:
  - {name: agent, image: 'registry.example.com/agent:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: kube-system, labels: {pod-security.kubernetes.io/enforce: privileged}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Namespace
metadata: {name: search, labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/warn: privileged}}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::Namespace(namespace) = object else {
        return;
    };
    let enforced = effective(&namespace.meta.labels, Mode::Enforce);
    let asked = enforced.level == Some(Level::Privileged) && enforced.level_from == Given::Label;
    if !asked || is_system(namespace.meta.name()) || namespace.terminating {
        return;
    }
    let refused = refused(view, namespace.meta.name());
    let why = if refused.is_empty() {
        "nothing is refused, and no workload that is visible needs that".to_owned()
    } else {
        format!(
            "nothing is refused; {} of its workloads need that: {}",
            refused.len(),
            refused.iter().map(said).collect::<Vec<_>>().join(", ")
        )
    };
    let path = format!("metadata.labels['{}']", Mode::Enforce.label());
    out.fires(Part::Whole, Severity::Medium, why)
        .because(Evidence::explicit(
            object.key(),
            path,
            Level::Privileged.word(),
        ));
}
