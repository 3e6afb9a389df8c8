//! All capabilities must be dropped
//!
//! Each container drops `ALL`, in this very spelling, and may add NET_BIND_SERVICE, which a web server needs for a port below
//! 1024. From 1.25 pods that name Windows as their system are left out: there are no capabilities there.
//!
//! Source: `policy/check_capabilities_restricted.go`

use crate::semantics::capabilities::RESTRICTED;
use crate::semantics::pod_security::wording::{containers, each_once, join_quoted};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "capabilities_restricted",
    level: Level::Restricted,
    revisions: &[
        Revision {
            since: 22,
            overrides: &["capabilities_baseline"],
            refuses: v1_22,
        },
        Revision {
            since: 25,
            overrides: &["capabilities_baseline"],
            refuses: v1_25,
        },
    ],
};

fn v1_22(pod: PodFacts<'_>) -> Option<Refusal> {
    let is_bad = |capability: &str| capability != RESTRICTED;
    let keeping = pod.containers(|c| !c.security.drop.iter().any(|drop| &**drop == "ALL"));
    let adding = pod.containers(|c| c.security.add.iter().any(|add| is_bad(add)));
    let mut details = Vec::new();
    if !keeping.is_empty() {
        details.push(format!(
            r#"{} must set securityContext.capabilities.drop=["ALL"]"#,
            containers(&keeping)
        ));
    }
    if !adding.is_empty() {
        let added = pod.spec.containers.iter().flat_map(|c| &c.security.add);
        let added = each_once(added.map(|add| &**add).filter(|add| is_bad(add)));
        details.push(format!(
            "{} must not include {} in securityContext.capabilities.add",
            containers(&adding),
            join_quoted(&added)
        ));
    }
    (!details.is_empty()).then(|| Refusal {
        reason: "unrestricted capabilities",
        detail: details.join("; "),
    })
}

fn v1_25(pod: PodFacts<'_>) -> Option<Refusal> {
    if pod.is_windows() { None } else { v1_22(pod) }
}
