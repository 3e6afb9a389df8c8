//! Pod reads a path of its node
//!
//! ## What
//! `hostPath` volumes outside `kube-system` that containers mount read-only, where nothing of note is known to lie at the
//! path. Paths that matter, and any that is mounted writable, are "sensitive host path"; sockets of the runtime have a check
//! of their own. A volume that no container mounts is silent.
//!
//! ## Why
//! What lies there is for the node to say, not for the pod: tomorrow another program may keep its keys below it. A pod with
//! any `hostPath` is refused by the baseline level, so its namespace cannot enforce even that.
//!
//! ## Fix
//! Takes the volume and its mounts away. Data that the pod needs belongs in its image, a ConfigMap or a claim.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "`HostPath` Volumes" (pod-security-admission `policy/check_hostPathVolumes.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.11

use crate::semantics::editable::editable;
use crate::semantics::host_path::{HostVolume, host_volumes, reaches_socket, sensitive};
use crate::semantics::system_namespaces::is_system;
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "host-path-mounted",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "host-paths-closed",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostPathVolumes",
        "cis:1.12/5.2.11",
        "owasp:2025/K01",
        "kubescape:C-0048",
        "trivy:KSV-0023",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: reader, namespace: data}
spec:
  containers:
  - name: reader
    image: registry.example.com/reader:1.0.0
    volumeMounts: [{name: shared, mountPath: /data, readOnly: true}]
  volumes:
  - {name: shared, hostPath: {path: /srv/shared}}
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
        volumeMounts: [{name: zones, mountPath: /etc/localtime, readOnly: true}]
      volumes:
      - {name: zones, hostPath: {path: /etc/localtime, type: File}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: data}
spec:
  containers:
  - name: cache
    image: registry.example.com/cache:7.0.1
    volumeMounts:
    - {name: scratch, mountPath: /scratch}
    - {name: keys, mountPath: /keys, readOnly: true}
    - {name: runtime, mountPath: /runtime, readOnly: true}
  volumes:
  - {name: scratch, hostPath: {path: /srv/cache, type: DirectoryOrCreate}}
  - {name: keys, hostPath: {path: /etc/kubernetes/pki}}
  - {name: runtime, hostPath: {path: /run/containerd}}
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
    volumeMounts: [{name: data, mountPath: /data, readOnly: true}]
  volumes:
  - {name: data, emptyDir: {}}
  - {name: unused, hostPath: {path: /srv/shared}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_system(pod.namespace()) {
        return;
    }
    for host in host_volumes(pod.spec).iter().filter(|host| !is_told(host)) {
        let Some(mount) = host.mounts.first() else {
            continue;
        };
        let why = format!(
            "{} reads {} of whichever node it runs on",
            mount.container.name, mount.path
        );
        let weight = Weight::new(Severity::Low, why).on_node(pod);
        let part = Part::Volume(host.volume.name.clone());
        out.fires(part, weight.severity, weight.why)
            .because(host.path(pod))
            .because(mount.mode(pod));
    }
}

/// Reported by the checks on sensitive paths and on runtime sockets.
fn is_told(host: &HostVolume<'_>) -> bool {
    host.mounts.iter().any(|m| {
        let read_only = m.mount.read_only;
        !read_only || reaches_socket(&m.path) || sensitive(&m.path, read_only).is_some()
    })
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let Part::Volume(name) = &finding.id.part else {
        return None;
    };
    let volumes = host_volumes(editable(finding, view)?);
    let host = volumes.iter().find(|v| v.volume.name == *name)?;
    let edit = PodEdit::RemoveVolume(name.clone());
    let breaks = format!("programs that need {} of the node", host.written);
    Some(Remedy::review(
        [Change::pod(&finding.id.object, edit)],
        breaks,
    ))
}
