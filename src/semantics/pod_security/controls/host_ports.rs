//! Ports of the node may not be taken
//!
//! A `hostPort` is open on the node's own address, where no NetworkPolicy need apply. The server fills it in for every port of
//! a pod in the node's network, so a live one has it though its manifest had not.
//!
//! Source: `policy/check_hostPorts.go`

use crate::semantics::pod_security::wording::{containers, each_once, plural};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "hostPorts",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0)],
};

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let bad = pod.containers(|c| c.ports.iter().any(|port| port.host_port != 0));
    (!bad.is_empty()).then(|| {
        let ports = pod.spec.containers.iter().flat_map(|c| &c.ports);
        let ports: Vec<String> = ports
            .filter(|port| port.host_port != 0)
            .map(|port| port.host_port.to_string())
            .collect();
        // in order of text, as upstream prints them: 443 before 80
        let ports = each_once(ports.iter().map(String::as_str));
        Refusal {
            reason: "hostPort",
            detail: format!(
                "{} {} {} {}",
                containers(&bad),
                plural("uses", "use", bad.len()),
                plural("hostPort", "hostPorts", ports.len()),
                ports.join(", ")
            ),
        }
    })
}
