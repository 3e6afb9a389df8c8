//! Probes and lifecycle hooks may not name a host
//!
//! The kubelet makes these requests from the node's network: whoever writes the host reaches what only nodes may reach, the
//! cloud's metadata service among them (kubernetes#99425). Asked from 1.34 on. Each host is listed once, and each container
//! too, both in order of text.
//!
//! Source: `policy/check_hostProbesAndhostLifecycle.go`

use crate::semantics::pod_security::wording::{containers, each_once, join_quoted, plural};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "hostProbesAndHostLifecycle",
    level: Level::Baseline,
    revisions: &[Revision::new(34, v1_34)],
};

fn v1_34(pod: PodFacts<'_>) -> Option<Refusal> {
    let bad = each_once(pod.containers(|c| !c.probe_hosts.is_empty()));
    (!bad.is_empty()).then(|| {
        let hosts = pod.spec.containers.iter().flat_map(|c| &c.probe_hosts);
        let hosts = each_once(hosts.map(|(_, host)| &**host));
        Refusal {
            reason: "probe or lifecycle host",
            detail: format!(
                "{} {} {} {}",
                containers(&bad),
                plural("uses", "use", bad.len()),
                plural(
                    "probe or lifecycle host",
                    "probe or lifecycle hosts",
                    hosts.len()
                ),
                join_quoted(&hosts)
            ),
        }
    })
}
