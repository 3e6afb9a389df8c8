//! Secret is handed over as a variable
//!
//! ## What
//! Containers that take Secrets into their environment (`secretKeyRef`, `envFrom` with `secretRef`).
//!
//! ## Why
//! The environment of a process goes where files do not: into crash reports, into logs of debug pages, to every child
//! process. A file of a volume is read when it is needed, and changes with its Secret.
//!
//! ## Fix
//! None is offered: the program has to read a file instead of a variable. Mount the Secret as a volume.
//!
//! ## References
//! - CIS Kubernetes Benchmark 1.12, 5.4.1
//! - kubernetes.io, Good practices for Kubernetes Secrets

use crate::model::objects::environment::ValueClass;
use crate::semantics::system_namespaces::is_system;
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "secret-in-variable",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "credentials-kept-apart",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["cis:1.12/5.4.1", "attack:T1552.001", "owasp:2025/K08"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "the program has to read a file instead of a variable: mount the Secret as a volume",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    env: [{name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password, optional: true}}}]
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
      containers:
      - name: web
        image: registry.example.com/web:1.4.2
        envFrom: [{secretRef: {name: web, optional: true}}]
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
    envFrom: [{configMapRef: {name: web, optional: true}}]
    volumeMounts: [{name: key, mountPath: /key, readOnly: true}]
  volumes:
  - {name: key, secret: {secretName: web-key, optional: true}}
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

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if is_system(pod.namespace()) {
        return;
    }
    for c in &pod.spec.containers {
        let sets = c.env.iter().position(|v| v.from_set).unwrap_or(c.env.len());
        let found = c
            .env
            .iter()
            .enumerate()
            .filter_map(|(at, v)| match &v.value {
                ValueClass::Secret(name) if v.from_set => {
                    Some((format!("envFrom[{}]", at - sets), name))
                }
                ValueClass::Secret(name) => Some((format!("env[{at}]"), name)),
                _ => None,
            });
        let found: Vec<(String, &Str)> = found.collect();
        let mut names: Vec<&str> = found.iter().map(|(_, name)| &***name).collect();
        names.sort_unstable();
        names.dedup();
        if names.is_empty() {
            continue;
        }
        let names = names.join(", ");
        let why = format!("what {names} holds goes to every child process and crash report of it");
        let weight = Weight::new(Severity::Low, why).faced(pod, view);
        let draft = out.fires(Part::Container(c.name.clone()), weight.severity, weight.why);
        for (path, name) in found {
            draft.in_container(
                pod,
                c,
                &path,
                format!("from Secret {name}"),
                Origin::Explicit,
            );
        }
    }
}
