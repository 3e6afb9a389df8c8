//! Credential stands in the command of a container
//!
//! ## What
//! Containers whose `command` or `args` hold something that looks like a credential: a private key, a token of a known
//! form, or a password behind a flag. The words themselves are never kept or shown.
//!
//! ## Why
//! Whoever may read the workload reads it, and so does every process of the node that may list others: a command line is
//! no secret there.
//!
//! ## Fix
//! None can be written: the words are dropped as they are read. Pass the credential as a file of a Secret, and change it,
//! for it was readable.
//!
//! ## References
//! - kubernetes.io, Good practices for Kubernetes Secrets
//! - kubescape C-0012, Applications credentials in configuration files

use crate::model::objects::environment::ValueClass;
use crate::threats::malicious_container::credentials::severity;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "credential-in-arguments",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "credentials-kept-apart",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &["attack:T1552.001", "owasp:2025/K08", "kubescape:C-0012"],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "the words are dropped as they are read: pass the credential as a file of a Secret, and change it",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2', args: ['--db-password=correct-horse-battery-staple']}
",
        ),
        Example::fires(
            "apiVersion: batch/v1
kind: CronJob
metadata: {name: backup, namespace: data}
spec:
  schedule: '0 3 * * *'
  jobTemplate:
    spec:
      template:
        spec:
          restartPolicy: Never
          containers:
          - {name: backup, image: 'registry.example.com/backup:2.4.0', command: [backup, --token, ghp_0123456789abcdefghijklmnopqrstuvwxyz]}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2', args: ['--db-password-file=/run/secrets/db', '--port=8080']}
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
        if let ValueClass::Credential(kind) = &c.args {
            let why = format!(
                "whoever may read the workload, or list processes of its node, reads it ({kind})"
            );
            let value = format!("command or args: {kind}, not shown");
            out.fires(Part::Container(c.name.clone()), severity(kind), why)
                .in_pod(pod, &c.path(), value, Origin::Explicit);
        }
    }
}
