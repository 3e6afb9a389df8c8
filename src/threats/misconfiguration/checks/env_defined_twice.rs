//! Variable of a container is defined twice
//!
//! ## What
//! Containers whose `env` names one variable more than once. The later one wins.
//!
//! ## Why
//! The value that a reviewer reads is not the one in force: a harmless entry hides another further down, by mistake or on
//! purpose.
//!
//! ## Fix
//! None is offered: which of the two is meant is for a person to say.
//!
//! ## References
//! - kubernetes `pkg/kubelet/kubelet_pods.go` (`makeEnvironmentVariables`)
//! - kube-score and kube-linter, duplicate environment variables

use crate::model::objects::environment::EnvVar;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "env-defined-twice",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration],
    control: "workloads-kept-well",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["owasp:2025/K01"],
    scope: Scope::Pods(run),
    fix: Fix::None("which of the two values is meant is for a person to say"),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    env: [{name: LOG, value: info}, {name: MODE, value: safe}, {name: LOG, value: debug}]
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: web, namespace: shop}
spec:
  selector: {matchLabels: {app: web}}
  template:
    metadata: {labels: {app: web}}
    spec:
      initContainers:
      - name: prepare
        image: registry.example.com/tools:1.0.0
        env: [{name: TARGET, value: a}, {name: TARGET, valueFrom: {fieldRef: {fieldPath: metadata.name}}}]
      containers:
      - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    env: [{name: LOG, value: info}]
    envFrom: [{configMapRef: {name: web, optional: true}}, {configMapRef: {name: more, optional: true}}]
  - name: side
    image: registry.example.com/side:0.2.0
    env: [{name: LOG, value: debug}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for c in &pod.spec.containers {
        // Sets taken in whole have no names of their own here.
        let twice = |at: usize| {
            let own = &c.env[at];
            let same = |v: &EnvVar| v.name == own.name && is_variable(v);
            c.env[..at].iter().any(same) && is_variable(own)
        };
        let again: Vec<usize> = (0..c.env.len()).filter(|at| twice(*at)).collect();
        if again.is_empty() {
            continue;
        }
        let why = "the later entry wins: what a reader sees first is not in force";
        let draft = out.fires(Part::Container(c.name.clone()), Severity::Low, why);
        for at in again {
            let path = format!("env[{at}]");
            draft.in_container(pod, c, &path, &c.env[at].name, Origin::Explicit);
        }
    }
}

/// An entry of `env`: those of `envFrom` stand behind them, named by their prefix.
fn is_variable(variable: &EnvVar) -> bool {
    !variable.from_set && !variable.name.is_empty()
}
