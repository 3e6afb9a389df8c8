//! User 0 may not be asked for
//!
//! An explicit `runAsUser: 0` is refused at the pod and at containers, from 1.23 on; from 1.35 not where the pod has a user
//! namespace of its own (KEP-127).
//!
//! Source: `policy/check_runAsUser.go`

use crate::semantics::pod_security::wording::setters;
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "runAsUser",
    level: Level::Restricted,
    revisions: &[Revision::new(23, v1_23), Revision::new(35, v1_35)],
};

fn v1_23(pod: PodFacts<'_>) -> Option<Refusal> {
    let root = pod.containers(|c| c.security.user == Some(0));
    let setters = setters(pod.spec.security.user == Some(0), &root)?;
    Some(Refusal {
        reason: "runAsUser=0",
        detail: format!("{setters} must not set runAsUser=0"),
    })
}

fn v1_35(pod: PodFacts<'_>) -> Option<Refusal> {
    if pod.has_own_users() {
        None
    } else {
        v1_23(pod)
    }
}
