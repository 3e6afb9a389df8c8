//! Pod mounts a path of its node that matters
//!
//! ## What
//! `hostPath` volumes that a container mounts, where the path is a sensitive one, holds one or lies in one (`/`, `/etc`,
//! `/root`, `/proc`, `/var/lib/kubelet`, `/.aws`, ...), and any `hostPath` that is mounted writable. What every program may read
//! anyway (public certificates, time zones, kernel modules) is left out when it is mounted read-only, and so is a volume
//! that no container mounts. Runtime sockets have a check of their own.
//!
//! ## Why
//! Writing below `/etc`, `/root`, `/usr` or `/var/lib/kubelet` is root on the node: a cron job, a key, a static pod. Reading
//! them gives the node's credentials and the token of every pod on it. A user namespace does not help: files of a mounted
//! volume are mapped back to their owners.
//!
//! ## Fix
//! Puts an `emptyDir` in place of a directory that is written, and takes a file or a read-only mount out. Data that must
//! outlive the pod belongs on a claim.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "`HostPath` Volumes" (pod-security-admission `policy/check_hostPathVolumes.go`)
//! - kubernetes.io, Kubernetes API Server Bypass Risks
//! - CIS Kubernetes Benchmark 1.12, 5.2.11

use crate::semantics::editable::editable;
use crate::semantics::effective::may_be_root;
use crate::semantics::host_path::{
    Harm, HostMount, HostVolume, Sensitive, host_volumes, reaches_socket, sensitive, socket,
};
use crate::threats::malicious_container::surroundings::{FACED_KINDS, Weight};
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "sensitive-host-path",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "host-paths-closed",
    needs: FACED_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostPathVolumes",
        "cis:1.12/5.2.11",
        "attack:T1611",
        "attack:T1552.001",
        "owasp:2025/K01",
        "kubescape:C-0048",
        "kubescape:C-0045",
        "kubescape:C-0020",
        "trivy:KSV-0023",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - name: cart
        image: registry.example.com/cart:1.8.0
        volumeMounts: [{name: node, mountPath: /host}]
      volumes:
      - {name: node, hostPath: {path: /}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: backup, namespace: data}
spec:
  containers:
  - name: backup
    image: registry.example.com/backup:2.4.0
    volumeMounts: [{name: etcd, mountPath: /data, readOnly: true}]
  volumes:
  - {name: etcd, hostPath: {path: /var/lib//etcd/member, type: Directory}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: data}
spec:
  containers:
  - name: cache
    image: registry.example.com/cache:7.0.1
    volumeMounts: [{name: scratch, mountPath: /data}]
  volumes:
  - {name: scratch, hostPath: {path: /srv/cache, type: DirectoryOrCreate}}
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
    volumeMounts:
    - {name: certificates, mountPath: /etc/ssl/certs, readOnly: true}
    - {name: data, mountPath: /data}
  volumes:
  - {name: certificates, hostPath: {path: /etc/ssl/certs}}
  - {name: data, emptyDir: {}}
",
        ),
        Example::silent(
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
  - {name: unused, hostPath: {path: /etc}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    for host in host_volumes(pod.spec) {
        let others = host.mounts.iter().filter(|m| socket(&m.path).is_none());
        let judged = others.filter_map(|m| Some((m, weigh(&host, m, pod)?)));
        // Of equals the first one is named.
        let Some((mount, weight)) = judged.rev().max_by_key(|(_, w)| w.severity) else {
            continue;
        };
        let weight = weight.on_node(pod).faced(pod, view);
        out.fires(
            Part::Volume(host.volume.name.clone()),
            weight.severity,
            weight.why,
        )
        .because(host.path(pod))
        .because(mount.mode(pod));
    }
}

/// What one mount gives to whoever takes its container over; `None`: nothing that matters.
fn weigh(host: &HostVolume<'_>, mount: &HostMount<'_>, pod: &PodLike<'_>) -> Option<Weight> {
    let (name, path) = (&mount.container.name, &mount.path);
    let Some(found) = sensitive(path, mount.mount.read_only) else {
        return plain(host, mount);
    };
    let root = may_be_root(pod.spec, mount.container);
    let says = match mount.mount.read_only {
        true if root && reaches_socket(path) => {
            let why = format!(
                "{name} reads {path} and reaches the runtime's socket in it, which a read-only mount leaves open"
            );
            return Some(Weight::new(Severity::Critical, why));
        }
        true => format!("{name} reads {path}: {}", found.holds),
        false => format!("{name} writes {path}: {}", found.holds),
    };
    let weight = Weight::new(severity(found, mount.mount.read_only), says);
    Some(if root {
        weight
    } else {
        weight.lowered("it cannot be root, so only what others may read or write is open")
    })
}

/// A path of nobody in particular: only writing counts.
fn plain(host: &HostVolume<'_>, mount: &HostMount<'_>) -> Option<Weight> {
    let severity = if host.is_file() {
        Severity::Low
    } else {
        Severity::Medium
    };
    let why = format!(
        "{} writes {} on the node, and whatever reads it there trusts it",
        mount.container.name, mount.path
    );
    (!mount.mount.read_only).then(|| Weight::new(severity, why))
}

fn severity(found: Sensitive, read_only: bool) -> Severity {
    let harm = if read_only { found.read } else { found.write };
    match harm {
        Harm::Node => Severity::Critical,
        Harm::Credentials => Severity::High,
        Harm::Data => Severity::Medium,
        Harm::Little => Severity::Low,
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let spec = editable(finding, view)?;
    let Part::Volume(name) = &finding.id.part else {
        return None;
    };
    let volumes = host_volumes(spec);
    let host = volumes.iter().find(|v| v.volume.name == *name)?;
    let written = host.mounts.iter().any(|m| !m.mount.read_only);
    let path = host.written;
    Some(if written && !host.is_file() {
        let change = Change::pod(&finding.id.object, PodEdit::EmptyDir(name.clone()));
        Remedy::review(
            [change],
            format!(
                "what is kept in {path} is no longer there, and nothing outlives the pod: use a claim for that"
            ),
        )
    } else {
        let change = Change::pod(&finding.id.object, PodEdit::RemoveVolume(name.clone()));
        Remedy::review([change], format!("programs that need {path} of the node"))
    })
}
