//! Network policy selects nothing
//!
//! ## What
//! Network policies whose `podSelector` selects no pod that runs and no template of its namespace; a workload that is scaled
//! to nothing counts as selected. A policy for the whole namespace (empty selector) waits for pods and is silent.
//!
//! ## Why
//! Somebody wrote it to close something, and believes it closed: a label was misspelled, renamed, or belongs to another
//! namespace. The pods it was meant for take whatever the other policies let through, without a policy everything.
//!
//! ## Fix
//! None can be printed: which pods it was meant for, only its author can say. Correct the selector or delete the policy.
//!
//! ## References
//! - Kubernetes documentation, Network Policies, "The NetworkPolicy resource"

use crate::model::objects::network_policy::NetworkPolicy;
use crate::semantics::network::{Direction, isolates, undecided};
use crate::semantics::running::{self, Running};
use crate::semantics::selectors;
use crate::threats::misconfiguration::default_deny;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "policy-selects-nothing",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "policies-select",
    needs: default_deny::NEEDS,
    rests_on: RestsOn::Absence,
    standards: &["owasp:2025/K05", "kubescape:C-0280"],
    scope: Scope::Object(&[Kind::NetworkPolicy], run),
    fix: Fix::None(
        "which pods the policy was meant for, only its author can say: correct the selector or delete the policy",
    ),
    examples: &[
        Example::fires(
            "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: allow-web-to-basket, namespace: shop}
spec:
  podSelector: {matchLabels: {app: basket, tier: back}}
  ingress: [{from: [{podSelector: {matchLabels: {app: web}}}]}]
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop, labels: {app: cart, tier: back}}
spec:
  containers:
  - {name: cart, image: 'registry.example.com/cart:1.4.2'}
",
        ),
        Example::fires(
            "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: shop}
spec:
  podSelector: {matchExpressions: [{key: app, operator: In, values: [db]}]}
  policyTypes: [Ingress]
---
apiVersion: v1
kind: Pod
metadata: {name: db, namespace: data, labels: {app: db}}
spec:
  containers:
  - {name: db, image: 'registry.example.com/db:17.2'}
",
        ),
        Example::silent(
            "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, namespace: shop}
spec: {podSelector: {matchExpressions: [{key: app, operator: Exists}]}, policyTypes: [Ingress]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  replicas: 0
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: cart, image: 'registry.example.com/cart:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: default-deny, namespace: shop}
spec: {podSelector: {}, policyTypes: [Ingress, Egress]}
",
        ),
    ],
};

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::NetworkPolicy(policy) = object else {
        return;
    };
    if policy.pods.is_empty() {
        return;
    }
    let namespace = policy.meta.namespace();
    let selected = |r: &Running<'_>| selectors::matches(&policy.pods, r.labels);
    let live = running::live(view, namespace);
    if live.iter().any(selected) {
        return;
    }
    let templates = running::templates(view, namespace);
    if templates.iter().any(selected) {
        return;
    }
    let near = nearest(view, policy, live.iter().chain(&templates));
    let open = open(view, policy);
    let severity = if open.is_empty() {
        Severity::Low
    } else {
        Severity::Medium
    };
    let why = [
        Some("no pod and no template has these labels".to_owned()),
        near,
        (!open.is_empty()).then_some(open),
    ];
    let why: Vec<String> = why.into_iter().flatten().collect();
    out.fires(Part::Whole, severity, why.join("; "))
        .because(Evidence::explicit(
            object.key(),
            "spec.podSelector",
            words(policy),
        ));
}

/// Pods of the namespace that are open in a direction that the policy was to close.
fn open(view: &View<'_>, policy: &NetworkPolicy) -> String {
    view.context(|view| {
        let open = Direction::ALL
            .into_iter()
            .filter(|d| isolates(policy, *d))
            .find_map(|direction| {
                let found = undecided(view, policy.meta.namespace(), direction);
                (!found.open.is_empty()).then(|| {
                    format!(
                        "pods of the namespace that are open for {1}: {0}",
                        found.open.len(),
                        direction.word()
                    )
                })
            });
        open.unwrap_or_default()
    })
}

/// The workload that meets the most labels of the selector, if it meets any.
fn nearest<'r, 'a: 'r>(
    view: &View<'_>,
    policy: &NetworkPolicy,
    all: impl Iterator<Item = &'r Running<'a>>,
) -> Option<String> {
    let met = |r: &Running<'_>| {
        policy
            .pods
            .labels
            .iter()
            .filter(|(key, value)| r.labels.get(key) == Some(value))
            .count()
    };
    let (count, best) = all
        .map(|r| (met(r), r))
        .reduce(|best, next| if next.0 > best.0 { next } else { best })?;
    let lacks = policy
        .pods
        .labels
        .iter()
        .find(|(key, value)| best.labels.get(key) != Some(value))?;
    (count > 0).then(|| {
        format!(
            "the nearest is {}, which lacks {}={}",
            best.workload(view),
            lacks.0,
            lacks.1
        )
    })
}

fn words(policy: &NetworkPolicy) -> String {
    let labels = policy
        .pods
        .labels
        .iter()
        .map(|(key, value)| format!("{key}={value}"));
    let expressions = policy.pods.expressions.iter();
    let expressions = expressions.map(|e| {
        format!("{} {} {}", e.key, e.operator, e.values.join(","))
            .trim_end()
            .to_owned()
    });
    labels.chain(expressions).collect::<Vec<_>>().join("; ")
}
