//! Capabilities beyond the default set may not be added
//!
//! The list is what container runtimes give anyway, without NET_RAW. Words are compared letter for letter: `CAP_KILL` and
//! `kill` are refused though the runtime would understand them.
//!
//! Source: `policy/check_capabilities_baseline.go`

use crate::semantics::capabilities::BASELINE;
use crate::semantics::pod_security::wording::{containers, each_once, join_quoted};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "capabilities_baseline",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0)],
};

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let is_bad = |capability: &str| !BASELINE.contains(&capability);
    let bad = pod.containers(|c| c.security.add.iter().any(|add| is_bad(add)));
    (!bad.is_empty()).then(|| {
        let added = pod.spec.containers.iter().flat_map(|c| &c.security.add);
        let added = each_once(added.map(|add| &**add).filter(|add| is_bad(add)));
        Refusal {
            reason: "non-default capabilities",
            detail: format!(
                "{} must not include {} in securityContext.capabilities.add",
                containers(&bad),
                join_quoted(&added)
            ),
        }
    })
}
