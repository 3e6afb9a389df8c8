//! Persistent volume is a path of a node that matters
//!
//! ## What
//! PersistentVolumes of type `hostPath` or `local` whose path is a sensitive one, holds one or lies in one (`/`, `/etc`,
//! `/root`, `/var/lib/kubelet`, a runtime's socket, ...). Directories that are there for data, as provisioners make them,
//! are silent.
//!
//! ## Why
//! Pod Security refuses a `hostPath` in a pod and lets every claim pass, at the restricted level too: a volume of this kind
//! carries the node's files round it. Whoever mounts the claim writes there; while nobody has claimed it, whoever may make
//! a claim in any namespace can.
//!
//! ## Fix
//! None is offered: the source of a PersistentVolume cannot be changed. Make one at a directory of its own or of a CSI
//! driver, move the data, and delete this one.
//!
//! ## References
//! - Kubernetes documentation, Role Based Access Control Good Practices, "Persistent volume creation"
//! - kubernetes `pkg/apis/core/validation` (`ValidatePersistentVolumeUpdate`)

use crate::model::objects::persistent_volume::{NodePath, PersistentVolume};
use crate::semantics::host_path::{Harm, clean, sensitive, socket};
use crate::semantics::running;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "persistent-volume-on-node",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "host-paths-closed",
    needs: &[
        Kind::PersistentVolume,
        Kind::Pod,
        Kind::Deployment,
        Kind::StatefulSet,
        Kind::DaemonSet,
        Kind::Job,
        Kind::CronJob,
        Kind::ReplicationController,
        Kind::ReplicaSet,
    ],
    rests_on: RestsOn::Presence,
    standards: &[
        "cis:1.12/5.1.9",
        "attack:T1611",
        "attack:T1552.001",
        "owasp:2025/K01",
        "kubescape:C-0048",
    ],
    scope: Scope::Object(&[Kind::PersistentVolume], run),
    fix: Fix::None(
        "the source of a PersistentVolume cannot be changed: make one at a directory of its own, move the data, delete this one",
    ),
    examples: &[
        Example::fires(
            "apiVersion: v1
kind: PersistentVolume
metadata: {name: node-root}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: PersistentVolume
metadata: {name: static-pods}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  storageClassName: manual
  local: {path: /etc/kubernetes/manifests}
  nodeAffinity:
    required:
      nodeSelectorTerms:
      - matchExpressions: [{key: kubernetes.io/hostname, operator: In, values: [node-1]}]
  claimRef: {namespace: shop, name: data}
---
apiVersion: v1
kind: Pod
metadata: {name: web, namespace: shop}
spec:
  containers:
  - name: web
    image: registry.example.com/web:1.4.2
    volumeMounts: [{name: data, mountPath: /data}]
  volumes:
  - {name: data, persistentVolumeClaim: {claimName: data}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: PersistentVolume
metadata: {name: runtime}
spec:
  capacity: {storage: 1Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /run/containerd/containerd.sock}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: PersistentVolume
metadata: {name: disk-1}
spec:
  capacity: {storage: 100Gi}
  accessModes: [ReadWriteOnce]
  hostPath: {path: /srv/volumes/disk-1}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: PersistentVolume
metadata: {name: share}
spec:
  capacity: {storage: 100Gi}
  accessModes: [ReadWriteMany]
  nfs: {server: nas.example.com, path: /etc}
",
        ),
    ],
};

/// What lies at the path, and how bad it is that whoever mounts the volume writes there.
fn at_stake(at: &NodePath) -> Option<(Severity, String)> {
    let path = clean(&at.path);
    if socket(&path).is_some() {
        let why = format!("{path} is the socket of a container runtime: root on the node");
        return Some((Severity::Critical, why));
    }
    let found = sensitive(&path, false)?;
    let severity = match found.write {
        Harm::Node => Severity::Critical,
        Harm::Credentials => Severity::High,
        Harm::Data => Severity::Medium,
        Harm::Little => return None,
    };
    Some((severity, format!("{path} is {}", found.holds)))
}

fn run(object: &Object, view: &View<'_>, out: &mut Sink) {
    let Object::PersistentVolume(volume) = object else {
        return;
    };
    let Some(at) = &volume.node_path else {
        return;
    };
    let Some((severity, why)) = at_stake(at) else {
        return;
    };
    let user = view.context(|view| user(volume, view));
    let (severity, who) = match (&user, &volume.claim) {
        (Some((workload, _)), _) => (severity, format!("{workload} mounts it")),
        (None, Some((namespace, name))) => {
            let who = format!("whoever may make pods in {namespace} mounts it by the claim {name}");
            (severity.lowered(), who)
        }
        (None, None) => {
            let who = "whoever may make a claim in any namespace can be given it";
            (severity.lowered(), who.to_owned())
        }
    };
    let draft = out.fires(Part::Whole, severity, format!("{why}; {who}"));
    draft.because(Evidence::explicit(object.key(), at.field(), &at.path));
    if let Some((namespace, name)) = &volume.claim {
        let claim = format!("{namespace}/{name}");
        draft.because(Evidence::explicit(object.key(), "spec.claimRef", claim));
    }
    draft.evidence.extend(user.map(|(_, by)| by));
}

/// The first workload that has the volume by its claim, and the field that says so.
fn user(volume: &PersistentVolume, view: &View<'_>) -> Option<(ObjectKey, Evidence)> {
    let (namespace, name) = volume.claim.as_ref()?;
    for workload in running::workloads(view, namespace) {
        for (like, _) in workload.pod_likes() {
            let mut volumes = like.spec.volumes.iter();
            let named = |v: &&Volume| matches!(&v.source, VolumeSource::Claim(c) if c == name);
            if let Some(found) = volumes.find(named) {
                let tail = format!("volumes[{}].persistentVolumeClaim.claimName", found.index);
                let by = Evidence::explicit(like.holder, like.path(&tail), name);
                return Some((workload.key.clone(), by));
            }
        }
    }
    None
}
