//! Volume is mounted by a client of the node
//!
//! ## What
//! Volumes of a type that the restricted level refuses, outside `kube-system`: network file systems and disks that the pod
//! names itself (`nfs`, `iscsi`, `rbd`, `cephfs`, ...), `gitRepo`, `flexVolume`, and types that nobody knows. Claims, CSI
//! drivers and what comes from the API are fine. `hostPath` has checks of its own.
//!
//! ## Why
//! The pod's author chooses server and export, and the node's own client connects there, past the network policies of the
//! pod. For `gitRepo` the kubelet runs git as root on what the author names. A claim puts an administrator in between.
//!
//! ## Fix
//! None is offered: data is not moved by a change of the pod. Bring it as a PersistentVolumeClaim, or through a CSI driver.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Restricted, "Volume Types" (pod-security-admission `policy/check_restrictedVolumes.go`)
//! - CVE-2024-10220; KEP-5040, Remove gitRepo volume driver

use crate::semantics::pod_security::restricted_volume_type;
use crate::semantics::system_namespaces::is_system;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "volume-type-not-restricted",
    since: "0.1",
    threats: &[ThreatId::Misconfiguration, ThreatId::MaliciousContainer],
    control: "workloads-kept-well",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:restricted/restrictedVolumes",
        "owasp:2025/K01",
        "trivy:KSV-0028",
    ],
    scope: Scope::Pods(run),
    fix: Fix::None(
        "data is not moved by a change of the pod: bring it as a PersistentVolumeClaim, or through a CSI driver",
    ),
    examples: &[
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
        volumeMounts: [{name: pictures, mountPath: /pictures, readOnly: true}]
      volumes:
      - {name: pictures, nfs: {server: files.example.com, path: /pictures}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: site, namespace: web}
spec:
  containers:
  - name: site
    image: registry.example.com/site:1.0.0
    volumeMounts: [{name: pages, mountPath: /pages}]
  volumes:
  - {name: pages, gitRepo: {repository: 'https://git.example.com/pages.git'}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - {name: web, image: 'registry.example.com/web:1.4.2'}
  volumes:
  - {name: a, emptyDir: {}}
  - {name: b, persistentVolumeClaim: {claimName: web}}
  - {name: c, csi: {driver: files.csi.example.com}}
  - {name: d, downwardAPI: {items: [{path: labels, fieldRef: {fieldPath: metadata.labels}}]}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: reader, namespace: data}
spec:
  containers:
  - {name: reader, image: 'registry.example.com/reader:1.0.0'}
  volumes:
  - {name: shared, hostPath: {path: /srv/shared}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    if is_system(pod.namespace()) {
        return;
    }
    for volume in &pod.spec.volumes {
        let VolumeSource::Other(source) = &volume.source else {
            continue;
        };
        if restricted_volume_type(volume).is_none() {
            continue;
        }
        let (severity, why) = if **source == *"gitRepo" {
            let why = "where its node still supports this, the kubelet runs git as root on what the pod names";
            (Severity::Medium, why.to_owned())
        } else {
            let why = format!("the node's own {source} client connects to what the pod names");
            (Severity::Low, why)
        };
        let path = format!("volumes[{}].{source}", volume.index);
        out.fires(Part::Volume(volume.name.clone()), severity, why)
            .in_pod(pod, &path, source, Origin::Explicit);
    }
}
