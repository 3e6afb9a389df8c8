//! Privilege escalation must be off
//!
//! Unless `allowPrivilegeEscalation` is explicitly false, a process may gain what its parent has not: set-user-ID programs
//! and file capabilities work, because the kernel's `no_new_privs` is not set. The field is older than the control's first
//! version, 1.8; from 1.25 pods that name Windows as their system are left out, where the field cannot be set.
//!
//! Source: `policy/check_allowPrivilegeEscalation.go`

use crate::semantics::pod_security::wording::containers;
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "allowPrivilegeEscalation",
    level: Level::Restricted,
    revisions: &[Revision::new(8, v1_8), Revision::new(25, v1_25)],
};

fn v1_8(pod: PodFacts<'_>) -> Option<Refusal> {
    let bad = pod.containers(|c| c.security.escalation != Some(false));
    (!bad.is_empty()).then(|| Refusal {
        reason: "allowPrivilegeEscalation != false",
        detail: format!(
            "{} must set securityContext.allowPrivilegeEscalation=false",
            containers(&bad)
        ),
    })
}

fn v1_25(pod: PodFacts<'_>) -> Option<Refusal> {
    if pod.is_windows() { None } else { v1_8(pod) }
}
