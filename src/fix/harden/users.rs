//! Who the containers run as: not root.

use super::work::{Work, listed};
use crate::model::Str;
use crate::model::change::{ContainerEdit, PodEdit};
use crate::model::objects::container::Container;
use crate::model::objects::volume::VolumeSource;
use crate::semantics::effective::{StartsAsRoot, starts_as_root, user};
use crate::semantics::isolation::is_windows;

/// A container may bind ports from here on without root or a capability.
const LOW_PORTS: &str = "net.ipv4.ip_unprivileged_port_start";

/// The pod's own field where containers lean on it, and no explicit root anywhere: the kubelet would not start it.
pub(super) fn mend(work: &mut Work, _: &'static str) {
    let of_pod = work.spec().security.non_root;
    let containers = work.containers();
    let leans = containers.iter().any(|c| c.security.non_root.is_none());
    let set_pod = of_pod == Some(false) || (leans && of_pod != Some(true));
    if set_pod {
        work.pod(PodEdit::NonRoot(true));
    }
    let inherits = set_pod || of_pod == Some(true);
    for container in &containers {
        if container.security.non_root == Some(false) {
            let own = (!inherits).then_some(true);
            work.container(&container.name, ContainerEdit::NonRoot(own));
        }
    }
    if work.spec().security.user == Some(0) {
        work.pod(PodEdit::User(None));
    }
    for container in &containers {
        if container.security.user == Some(0) {
            work.container(&container.name, ContainerEdit::User(None));
        }
    }
    say(work);
}

fn say(work: &mut Work) {
    let (before, after) = (work.spec_before(), work.spec());
    let changed = |c: &Container| {
        let was = before.container(&c.name);
        let root = was.is_some_and(|c| starts_as_root(&before, c) != StartsAsRoot::No);
        let user_before = was.and_then(|c| user(&before, c).value);
        root || user_before != user(&after, c).value
    };
    let containers: Vec<Container> = work.containers().into_iter().filter(changed).collect();
    if containers.is_empty() {
        return;
    }
    let unknown = |c: &&Container| user(&after, c).value.is_none();
    let unknown: Vec<Str> = containers
        .iter()
        .filter(unknown)
        .map(|c| c.name.clone())
        .collect();
    if is_windows(&after) {
        work.ask(format!(
            "the images of {} must not run as ContainerAdministrator: the kubelet would not start them",
            listed(&unknown)
        ));
        return;
    }
    if !unknown.is_empty() {
        work.ask(format!(
            "which user the image of {} runs as: if it is root, or a name and not a number, the kubelet does not start \
             the container until runAsUser is set to a user that its files allow",
            listed(&unknown)
        ));
    }
    low_ports(work, &containers);
    let claims = after.volumes.iter().filter(|v| keeps_files(&v.source));
    let claims: Vec<Str> = claims.map(|v| v.name.clone()).collect();
    if !claims.is_empty() && after.security.fs_group.is_none() {
        work.breaks(format!(
            "files that root wrote to volume {} so far cannot be written any more: set fsGroup to hand them over",
            listed(&claims)
        ));
    }
}

fn keeps_files(source: &VolumeSource) -> bool {
    match source {
        VolumeSource::Claim(_) | VolumeSource::Csi(_) => true,
        VolumeSource::Other(field) => &**field == "ephemeral",
        _ => false,
    }
}

/// A port under 1024 takes root or `NET_BIND_SERVICE`, unless the pod's own kernel setting says otherwise: Docker and
/// containerd from 2.0 on set it to 0 (`enable_unprivileged_ports`).
fn low_ports(work: &mut Work, containers: &[Container]) {
    let spec = work.spec();
    let start = spec
        .security
        .sysctls
        .iter()
        .find(|(n, _)| **n == *LOW_PORTS);
    let start: u16 = start.and_then(|(_, v)| v.parse().ok()).unwrap_or(1024);
    for container in containers {
        let low = container.ports.iter().map(|p| p.port);
        let low: Vec<String> = low
            .filter(|port| *port < start)
            .map(|port| port.to_string())
            .collect();
        if !low.is_empty() {
            work.breaks(format!(
                "{} listens on port {}: without root that works only where the runtime opens low ports to everybody \
                 (containerd 2 and Docker do); elsewhere move the port, or set the safe sysctl {LOW_PORTS} to 0",
                container.name,
                listed(&low)
            ));
        }
    }
}
