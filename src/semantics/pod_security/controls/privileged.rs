//! Privileged containers are refused
//!
//! All devices, all capabilities, no seccomp, no AppArmor: the node, but for a few namespaces.
//!
//! Source: `policy/check_privileged.go`

use crate::semantics::pod_security::wording::containers;
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "privileged",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0)],
};

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let bad = pod.containers(|c| c.security.privileged == Some(true));
    (!bad.is_empty()).then(|| Refusal {
        reason: "privileged",
        detail: format!(
            "{} must not set securityContext.privileged=true",
            containers(&bad)
        ),
    })
}
