//! Credential stands in a variable of a container
//!
//! ## What
//! Variables of containers whose value is written into the manifest and looks like a credential: a private key, a token
//! of a known form, or a password by the variable's name. The value itself is never kept or shown.
//!
//! ## Why
//! Whoever may read the workload reads it: `view` is enough, Secrets are not needed. It lies in every backup and in the
//! history of whoever applies the manifest.
//!
//! ## Fix
//! None can be written: the value is dropped as it is read. Put it into a Secret, refer to it with `secretKeyRef`, and
//! change it, for it was readable.
//!
//! ## References
//! - kubernetes.io, Good practices for Kubernetes Secrets
//! - CIS Kubernetes Benchmark 1.12, 5.4.1
//! - kubescape C-0012, Applications credentials in configuration files

use crate::model::objects::environment::ValueClass;
use crate::threats::malicious_container::credentials::severity;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "credential-in-variable",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "credentials-kept-apart",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.4.1",
        "attack:T1552.001",
        "owasp:2025/K08",
        "kubescape:C-0012",
    ],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "the value is dropped as it is read, so no Secret can be written for it: make one, refer to it, and change the credential",
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
    env: [{name: DB_PASSWORD, value: correct-horse-battery-staple}]
",
        ),
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: sync, namespace: data}
spec:
  selector: {matchLabels: {app: sync}}
  template:
    metadata: {labels: {app: sync}}
    spec:
      containers:
      - name: sync
        image: registry.example.com/sync:2.0.0
        env: [{name: AWS_ACCESS_KEY_ID, value: AKIAIOSFODNN7EXAMPLE}]
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    env: [{name: TLS, value: \"-----BEGIN PRIVATE KEY-----\\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\\n-----END PRIVATE KEY-----\"}]
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
    env:
    - {name: DB_PASSWORD, valueFrom: {secretKeyRef: {name: db, key: password, optional: true}}}
    - {name: DB_PASSWORD_FILE, value: /run/secrets/db}
    - {name: LOG_LEVEL, value: debug}
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
        let found = c
            .env
            .iter()
            .enumerate()
            .filter_map(|(at, v)| match &v.value {
                ValueClass::Credential(kind) => Some((at, &v.name, kind)),
                _ => None,
            });
        let found: Vec<(usize, &Str, &Str)> = found.collect();
        let Some((_, first, kind)) = found.first() else {
            continue;
        };
        let why = format!("whoever may read the workload reads {first} ({kind})");
        let draft = out.fires(Part::Container(c.name.clone()), severity(kind), why);
        for (at, name, kind) in found {
            let value = format!("{name}: {kind}, not shown");
            draft.in_container(pod, c, &format!("env[{at}].value"), value, Origin::Explicit);
        }
    }
}
