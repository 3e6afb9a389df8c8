//! A mounted path of the node gives the node away
//!
//! ## What
//! A container mounts a `hostPath` that is worth root on the node: a directory whose files root runs or obeys, mounted
//! writable, or the socket of the container runtime, however it is mounted. Whoever takes the container over writes a cron
//! job, a key or a static pod there, or asks the runtime for a container with the node's disk in it.
//!
//! Mounted read-only such a directory gives nothing to run, and to a process that never is root its files do not open. A user
//! namespace does not stop it: the owners of files in a volume are mapped back.
//!
//! ## Why
//! Root on a node is every pod on it: their tokens, their Secrets, their traffic.
//!
//! ## References
//! - MITRE ATT&CK T1611, Escape to Host
//! - kubernetes.io, Kubernetes API Server Bypass Risks, "Static Pods" and "Container runtime socket"
//! - KEP-127, User Namespaces, "Handling of volumes"

use crate::semantics::effective::{group, root_evidence};
use crate::semantics::escape::host_path::{Carries, Way, is_alone, ways};
use crate::semantics::host_path::reaches_socket;
use crate::threats::prelude::*;

const MOUNTED: &[&str] = &["host-paths-closed", "pod-security-enforced"];
const READ_ONLY: &[&str] = &["host-paths-closed"];
const ROOT: &[&str] = &["processes-least-privilege"];

/// The story.
pub static STORY: Story = Story {
    id: "host-path-owns-node",
    since: "0.1",
    threat: ThreatId::MaliciousContainer,
    goal: "node-root",
    steps: &[
        StoryStep {
            title: "a container mounts a path worth root",
            cut_by: MOUNTED,
        },
        StoryStep {
            title: "it may write there, or it is a socket",
            cut_by: READ_ONLY,
        },
        StoryStep {
            title: "its processes may be root",
            cut_by: ROOT,
        },
    ],
    needs: POD_KINDS,
    scope: Scope::Pods(run),
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
      hostUsers: false
      containers:
      - name: cart
        image: registry.example.com/cart:1.8.0
        volumeMounts: [{name: node, mountPath: /host}]
      volumes:
      - {name: node, hostPath: {path: /etc/kubernetes}}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: builder, namespace: ci}
spec:
  containers:
  - name: builder
    image: registry.example.com/builder:0.9.0
    volumeMounts: [{name: docker, mountPath: /var/run/docker.sock, readOnly: true}]
  volumes:
  - {name: docker, hostPath: {path: /var/run/docker.sock}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: auditor, namespace: monitoring}
spec:
  containers:
  - name: auditor
    image: registry.example.com/auditor:1.1.0
    volumeMounts: [{name: etc, mountPath: /host/etc, readOnly: true}]
  volumes:
  - {name: etc, hostPath: {path: /etc}}
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: exporter, namespace: monitoring}
spec:
  securityContext: {runAsNonRoot: true, runAsUser: 65534, runAsGroup: 65534}
  containers:
  - name: exporter
    image: registry.example.com/exporter:1.9.1
    securityContext: {allowPrivilegeEscalation: false}
    volumeMounts: [{name: root, mountPath: /host}]
  volumes:
  - {name: root, hostPath: {path: /}}
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, _: &View<'_>, out: &mut Scenes) {
    let ways = ways(pod);
    // Of equals the first one is told.
    if let Some(way) = ways.iter().rev().max_by_key(|way| way.carries) {
        let alone = is_alone(&ways, way);
        tell(pod, way, alone, out);
    }
}

fn tell(pod: &PodLike<'_>, way: &Way<'_>, alone: bool, out: &mut Scenes) {
    let (c, workload) = (way.mount.container, pod.workload);
    let (name, path, holds) = (&c.name, &way.mount.path, way.holds);
    let does = match (reaches_socket(path), way.mount.mount.read_only) {
        (true, _) => "reaches",
        (false, true) => "only reads",
        (false, false) => "writes",
    };
    let actor = Actor::Object(workload.clone());
    let mounts = format!("{name} of {workload} mounts {path} of its node");
    let instance = match way.carries {
        Carries::Through => {
            let says = format!(
                "A container taken over in {workload} {does} {path} of its node ({holds}), and owns the node."
            );
            out.works(actor, says)
        }
        Carries::NoRoot => out.stopped(actor, 2, ROOT, format!("{mounts}, but never is root.")),
        Carries::ReadOnly => out.stopped(actor, 1, READ_ONLY, format!("{mounts}, but read-only.")),
    };
    instance.step(
        format!("{name} mounts {path}: {holds}"),
        MOUNTED,
        vec![way.path.clone()],
    );
    if alone {
        let remove = PodEdit::RemoveVolume(way.volume.name.clone());
        instance.cut(Change::pod(workload, remove));
    }
    instance.step(
        format!("{name} {does} it"),
        READ_ONLY,
        vec![way.mount.mode(pod)],
    );
    if way.carries != Carries::ReadOnly {
        let mut evidence = root_evidence(pod, c);
        let group = group(pod.spec, c);
        if let Some(id) = group.value {
            evidence.push(group.evidence(pod, c, "runAsGroup", id));
        }
        let says = match way.carries {
            Carries::NoRoot => "its processes never are root",
            _ => "its processes may be root, or of root's group",
        };
        instance.step(says, ROOT, evidence);
    }
}
