//! Container can write its own file system
//!
//! ## What
//! Containers without `readOnlyRootFilesystem: true`. Pods for Windows do not have the setting.
//!
//! ## Why
//! Whoever breaks in puts tools beside the application and changes its programs; a file system that cannot be written leaves
//! them the mounted volumes only, which are few and known.
//!
//! ## Fix
//! Sets `readOnlyRootFilesystem: true`. Directories that the program writes (`/tmp`, caches, run files) need an `emptyDir`.
//!
//! ## References
//! - kubernetes.io, Configure a Security Context for a Pod or Container, `readOnlyRootFilesystem`
//! - NSA and CISA, Kubernetes Hardening Guide 1.2, "Immutable container file systems"

use crate::semantics::editable::{editable, editable_container};
use crate::semantics::effective::read_only_root;
use crate::semantics::isolation::is_windows;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "writable-root-filesystem",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "processes-least-privilege",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "nsa:1.2/immutable-file-systems",
        "attack:T1105",
        "owasp:2025/K01",
        "kubescape:C-0017",
        "trivy:KSV-0014",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    volumeMounts: [{name: cache, mountPath: /var/cache/web}]
  volumes:
  - {name: cache, emptyDir: {}}
",
        ),
        Example::fires(
            "apiVersion: batch/v1
kind: Job
metadata: {name: import, namespace: data}
spec:
  template:
    spec:
      restartPolicy: Never
      containers:
      - name: import
        image: registry.example.com/import:1.1.0
        securityContext: {readOnlyRootFilesystem: false}
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
    securityContext: {readOnlyRootFilesystem: true}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  os: {name: windows}
  containers:
  - {name: web, image: 'registry.example.com/web-windows:1.4.2'}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_windows(pod.spec) {
        return;
    }
    let writable = |c: &&Container| !read_only_root(c).value;
    for c in pod.spec.containers.iter().filter(writable) {
        let weight = Weight::new(
            Severity::Low,
            "whoever breaks in can put tools there and change the program",
        )
        .on_node(pod);
        let field = read_only_root(c);
        out.fires(Part::Container(c.name.clone()), weight.severity, weight.why)
            .because(field.evidence(pod, c, "readOnlyRootFilesystem", false));
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let c = editable_container(editable(finding, view)?, &finding.id.part)?;
    let change = Change::container(
        &finding.id.object,
        &c.name,
        ContainerEdit::ReadOnlyRoot(true),
    );
    let writable: Vec<&str> = c
        .mounts
        .iter()
        .filter(|m| !m.read_only)
        .map(|m| &*m.path)
        .collect();
    let elsewhere = if writable.is_empty() {
        "it has no writable mount: whatever it writes (often /tmp, /run, /var/cache) needs an emptyDir first".to_owned()
    } else {
        format!(
            "whatever it writes outside {} (often /tmp, /run, /var/cache) needs an emptyDir first",
            writable.join(", ")
        )
    };
    Some(Remedy::review([change], elsewhere))
}
