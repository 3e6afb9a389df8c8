//! What a pod shares with its node: namespaces, ports, the kubelet's network, the processes of Windows.

use super::work::{Work, listed};
use crate::model::change::{ContainerEdit, PodEdit};

/// `hostNetwork`, `hostPID`, `hostIPC`.
pub(super) fn namespaces(work: &mut Work, _: &'static str) {
    let spec = work.spec();
    if spec.host_network {
        work.pod(PodEdit::HostNetwork(false));
        work.breaks(
            "the pods get addresses of their own: what reached them at the node's address, or what they reached on the \
             node's loopback, is not there any more, and network policies now hold for them"
                .to_owned(),
        );
    }
    if spec.host_pid {
        work.pod(PodEdit::HostPid(false));
        work.breaks("processes of the node and of other pods are not seen any more".to_owned());
    }
    if spec.host_ipc {
        work.pod(PodEdit::HostIpc(false));
        work.breaks("memory that is shared with processes of the node is cut off".to_owned());
    }
}

/// `hostPort`.
pub(super) fn ports(work: &mut Work, _: &'static str) {
    let own_network = work.spec_before().host_network;
    let mut ports: Vec<String> = Vec::new();
    for container in work.containers() {
        for port in container.ports.iter().filter(|p| p.host_port != 0) {
            work.container(
                &container.name,
                ContainerEdit::RemoveHostPort(
                    port.port,
                    port.protocol.clone(),
                    port.host_port,
                    port.host_ip.clone(),
                ),
            );
            ports.push(format!("{}/{}", port.host_port, port.protocol));
        }
    }
    // With the node's network every port is one of the node, and that is said already.
    if !ports.is_empty() && !own_network {
        work.breaks(format!(
            "nobody reaches the pods at the node's port {} any more: a Service takes its place",
            listed(&ports)
        ));
    }
}

/// Hosts in probes and lifecycle handlers.
pub(super) fn probes(work: &mut Work, _: &'static str) {
    for container in work.containers() {
        for (path, host) in &container.probe_hosts {
            work.container(
                &container.name,
                ContainerEdit::RemoveProbeHost(path.clone()),
            );
            let handler = path.split('.').next().unwrap_or_default();
            work.breaks(format!(
                "{handler} of {} asks the pod itself, not {host}",
                container.name
            ));
        }
    }
}

/// `windowsOptions.hostProcess`.
pub(super) fn process(work: &mut Work, _: &'static str) {
    let set = |value: Option<bool>| value == Some(true);
    if set(work.spec().security.host_process) {
        work.pod(PodEdit::RemoveHostProcess);
    }
    for container in work.containers() {
        if set(container.security.host_process) {
            work.container(&container.name, ContainerEdit::RemoveHostProcess);
        }
    }
    work.breaks(
        "the containers are no processes of the Windows node any more: its files, services and network are out of reach"
            .to_owned(),
    );
}
