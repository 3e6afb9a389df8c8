//! A seccomp profile must be set
//!
//! Each container has the runtime's profile or one that lies on the node, by itself or from the pod. From 1.25 pods that name
//! Windows as their system are left out: there is no seccomp there.
//!
//! Source: `policy/check_seccompProfile_restricted.go`

use super::seccomp_profile_baseline::{is_good, v1_19 as set_badly};
use crate::semantics::pod_security::wording::containers;
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "seccompProfile_restricted",
    level: Level::Restricted,
    revisions: &[
        Revision {
            since: 19,
            overrides: &["seccompProfile_baseline"],
            refuses: v1_19,
        },
        Revision {
            since: 25,
            overrides: &["seccompProfile_baseline"],
            refuses: v1_25,
        },
    ],
};

fn v1_19(pod: PodFacts<'_>) -> Option<Refusal> {
    let of_pod = pod.spec.security.seccomp.as_ref();
    let inherits_good = of_pod.is_some_and(|profile| is_good(&profile.kind));
    set_badly(pod).or_else(|| {
        let unset = pod.containers(|c| c.security.seccomp.is_none() && !inherits_good);
        (!unset.is_empty()).then(|| Refusal {
            reason: "seccompProfile",
            detail: format!(
                r#"pod or {} must set securityContext.seccompProfile.type to "RuntimeDefault" or "Localhost""#,
                containers(&unset)
            ),
        })
    })
}

fn v1_25(pod: PodFacts<'_>) -> Option<Refusal> {
    if pod.is_windows() { None } else { v1_19(pod) }
}
