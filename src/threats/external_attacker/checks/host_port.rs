//! Container opens a port of its node
//!
//! ## What
//! Container ports with a `hostPort`. Pods with `hostNetwork` are left out: the API server fills the field in for them, and
//! every port of theirs is a port of the node anyway.
//!
//! ## Why
//! The port is open on the addresses of every node that the pod runs on, beside every Service and in front of every
//! Ingress. Most network plugins do not apply network policies to it. A port bound to 127.0.0.1 is for the node alone.
//!
//! ## Fix
//! Removes the host port; the container port stays. Publish it through a Service.
//!
//! ## References
//! - Kubernetes Pod Security Standards, Baseline, "Host Ports" (pod-security-admission `policy/check_hostPorts.go`)
//! - CIS Kubernetes Benchmark 1.12, 5.2.13

use crate::semantics::editable::editable;
use crate::semantics::exposure::{AddressClass, Door, Level, address_class, host_ports};
use crate::threats::external_attacker::behind;
use crate::threats::prelude::*;

/// Nodes tell from where the port is reached.
const NEEDS: &[Kind] = &[
    Kind::Pod,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
    Kind::Node,
];

/// The check.
pub static CHECK: Check = Check {
    id: "host-port",
    since: "0.1",
    threats: &[ThreatId::ExternalAttacker, ThreatId::MaliciousContainer],
    control: "services-closed",
    needs: NEEDS,
    rests_on: RestsOn::Presence,
    standards: &[
        "pss:baseline/hostPorts",
        "cis:1.12/5.2.13",
        "attack:T1133",
        "kubescape:C-0044",
        "trivy:KSV-0024",
    ],
    scope: Scope::Pods(run),
    fix: Fix::Change(fix),
    examples: &[
        Example::fires(
            "apiVersion: apps/v1
kind: Deployment
metadata: {name: turn, namespace: support}
spec:
  selector: {matchLabels: {app: turn}}
  template:
    metadata: {labels: {app: turn}}
    spec:
      containers:
      - name: turn
        image: registry.example.com/turn:4.6.3
        ports:
        - {name: turn-udp, containerPort: 3478, hostPort: 3478, protocol: UDP}
        - {name: turn-tcp, containerPort: 3478, hostPort: 3478}
",
        ),
        Example::fires(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: shop}
spec:
  containers:
  - name: cache
    image: registry.example.com/cache:7.2.4
    ports: [{containerPort: 6379, hostPort: 6379, hostIP: 127.0.0.1}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: cache, namespace: shop}
spec:
  containers:
  - name: cache
    image: registry.example.com/cache:7.2.4
    ports: [{containerPort: 6379}]
",
        ),
        Example::silent(
            "apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: shop}
spec:
  hostNetwork: true
  containers:
  - name: agent
    image: registry.example.com/agent:1.0.0
    ports: [{containerPort: 9100, hostPort: 9100}]
",
        ),
    ],
};

fn run(pod: &PodLike<'_>, view: &View<'_>, out: &mut Sink) {
    if pod.spec.host_network {
        return;
    }
    let doors = host_ports(view, pod);
    for container in &pod.spec.containers {
        for (at, port) in container
            .ports
            .iter()
            .enumerate()
            .filter(|(_, p)| p.host_port != 0)
        {
            let path = pod.in_container(container, &format!("ports[{at}].hostPort"));
            let door = doors
                .iter()
                .find(|d| d.hops.iter().any(|hop| *hop.path == *path));
            let (severity, why) = weigh(door, &port.host_ip);
            let finding = out.fires(
                Part::Port(port.host_port, port.protocol.clone()),
                severity,
                why,
            );
            finding.in_container(
                pod,
                container,
                &format!("ports[{at}].hostPort"),
                port.host_port,
                Origin::Explicit,
            );
            if !port.host_ip.is_empty() {
                finding.in_container(
                    pod,
                    container,
                    &format!("ports[{at}].hostIP"),
                    &port.host_ip,
                    Origin::Explicit,
                );
            }
            let address = door
                .into_iter()
                .flat_map(|d| &d.hops)
                .find(|hop| hop.object != *pod.holder);
            finding.evidence.extend(address.cloned());
        }
    }
}

fn weigh(door: Option<&Door>, host_ip: &str) -> (Severity, String) {
    match door {
        Some(door) => (
            behind::by_level(door.level),
            format!("{} is open {}", door.at, door.level.who()),
        ),
        None if address_class(host_ip) == AddressClass::Loopback => (
            Severity::Low,
            "the port is open to whatever else runs on the node".to_owned(),
        ),
        None => (
            behind::by_level(Level::Unknown),
            "the port is open on its node".to_owned(),
        ),
    }
}

fn fix(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let Part::Port(number, protocol) = &finding.id.part else {
        return None;
    };
    let spec = editable(finding, view)?;
    let opened = spec.containers.iter().find_map(|container| {
        let port = container
            .ports
            .iter()
            .find(|p| p.host_port == *number && p.protocol == *protocol)?;
        Some((container, port))
    });
    let (container, port) = opened?;
    let edit =
        ContainerEdit::RemoveHostPort(port.port, protocol.clone(), *number, port.host_ip.clone());
    let change = Change::container(&finding.id.object, &container.name, edit);
    Some(Remedy::review(
        [change],
        format!("whoever connects to port {number}/{protocol} of the node"),
    ))
}
