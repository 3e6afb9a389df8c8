//! Pod mounts the socket of the container runtime
//!
//! ## What
//! `hostPath` volumes that are mounted and name the socket of a container runtime (Docker, containerd, CRI-O, cri-dockerd,
//! Podman, those of k3s, k0s and `MicroK8s`) or a directory that holds one, such as `/run` or `/var/run`. A mount of `/`
//! reaches the sockets too; `sensitive-host-path` reports it.
//!
//! ## Why
//! Who may talk to the runtime starts a container with the node's disk in it: root on the node, past admission, and not seen
//! by the API server. A read-only mount changes nothing, for connecting is not writing; a user namespace changes nothing
//! either, for the socket's owner is mapped into it.
//!
//! ## Fix
//! Takes the volume out. Builders that need a runtime have rootless ones of their own (`BuildKit`, Buildah, Kaniko).
//!
//! ## References
//! - MITRE ATT&CK T1611, Escape to Host
//! - Kubernetes Pod Security Standards, Baseline, "`HostPath` Volumes"
//! - Linux `unix(7)`: connecting needs write permission on the socket, not on its mount

use crate::semantics::editable::editable;
use crate::semantics::effective::{group, may_be_root};
use crate::semantics::host_path::{host_volumes, socket};
use crate::threats::malicious_container::surroundings::Weight;
use crate::threats::prelude::*;

/// The check.
pub static CHECK: Check = Check {
    id: "runtime-socket-mounted",
    since: "0.1",
    threats: &[ThreatId::MaliciousContainer],
    control: "host-paths-closed",
    needs: POD_KINDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostPathVolumes",
        "attack:T1611",
        "attack:T1610",
        "owasp:2025/K01",
        "kubescape:C-0074",
        "trivy:KSV-0006",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: image-builder, namespace: ci}
spec:
  selector: {matchLabels: {app: image-builder}}
  template:
    metadata: {labels: {app: image-builder}}
    spec:
      containers:
      - name: builder
        image: registry.example.com/builder:0.9.0
        volumeMounts: [{name: docker, mountPath: /var/run/docker.sock}]
      volumes:
      - {name: docker, hostPath: {path: /var/run/docker.sock, type: Socket}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: scanner, namespace: monitoring}
spec:
  containers:
  - name: scanner
    image: registry.example.com/scanner:3.0.0
    volumeMounts: [{name: run, mountPath: /host/run, readOnly: true}]
  volumes:
  - {name: run, hostPath: {path: /run/k3s/}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: proxy, namespace: kube-system}
spec:
  containers:
  - name: proxy
    image: registry.example.com/proxy:1.36.3
    volumeMounts: [{name: lock, mountPath: /run/xtables.lock}]
  volumes:
  - {name: lock, hostPath: {path: /run/xtables.lock, type: FileOrCreate}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: builder, namespace: ci}
spec:
  containers:
  - name: builder
    image: registry.example.com/builder:0.9.0
    volumeMounts: [{name: run, mountPath: /var/run}]
  volumes:
  - {name: run, emptyDir: {}}
  - {name: docker, hostPath: {path: /var/run/docker.sock}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Sink) {
    for host in host_volumes(pod.spec) {
        let Some((mount, socket)) = host.mounts.iter().find_map(|m| Some((m, socket(&m.path)?)))
        else {
            continue;
        };
        let c = mount.container;
        let why = format!(
            "{} may start containers as root on the node through {socket}",
            c.name
        );
        let mut weight = Weight::new(Severity::Critical, why);
        let outsider = group(pod.spec, c).value.is_some_and(|group| group != 0);
        if outsider && !may_be_root(pod.spec, c) {
            weight = weight.lowered(
                "it is neither root nor in root's group, which such sockets usually ask for",
            );
        }
        let weight = weight.on_node(pod);
        out.fires(
            Part::Volume(host.volume.name.clone()),
            weight.severity,
            weight.why,
        )
        .because(host.path(pod))
        .because(mount.mode(pod));
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    editable(finding, view)?;
    let Part::Volume(name) = &finding.id.part else {
        return None;
    };
    Some(Remedy::review(
        [Change::pod(
            &finding.id.object,
            PodEdit::RemoveVolume(name.clone()),
        )],
        "programs that build images, or look at other containers, through the runtime",
    ))
}
