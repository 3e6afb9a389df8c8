//! Windows pods may not run as processes of the node
//!
//! A HostProcess container is a process on the Windows node itself, with its files and network.
//!
//! Source: `policy/check_windowsHostProcess.go`

use crate::semantics::pod_security::wording::setters;
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "windowsHostProcess",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0)],
};

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let bad = pod.containers(|c| c.security.host_process == Some(true));
    let setters = setters(pod.spec.security.host_process == Some(true), &bad)?;
    Some(Refusal {
        reason: "hostProcess",
        detail: format!("{setters} must not set securityContext.windowsOptions.hostProcess=true"),
    })
}
