//! `/proc` must stay masked
//!
//! The runtime hides parts of `/proc` that tell of the kernel or change it. From 1.35 a pod with a user namespace of its own
//! may unmask them at `baseline`: nested containers need that, and root in there is nobody on the node.
//!
//! Source: `policy/check_procMount_baseline.go`

use crate::model::objects::container::Container;
use crate::semantics::pod_security::wording::{containers, each_once, join_quoted};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "procMount",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0), Revision::new(35, v1_35)],
};

pub(super) fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let bad = pod.containers(|c| unmasked(c).is_some());
    (!bad.is_empty()).then(|| {
        let types = each_once(pod.spec.containers.iter().filter_map(unmasked));
        Refusal {
            reason: "procMount",
            detail: format!(
                "{} must not set securityContext.procMount to {}",
                containers(&bad),
                join_quoted(&types)
            ),
        }
    })
}

fn unmasked(container: &Container) -> Option<&str> {
    let mount = container.security.proc_mount.as_deref()?;
    (mount != "Default").then_some(mount)
}

fn v1_35(pod: PodFacts<'_>) -> Option<Refusal> {
    if pod.has_own_users() { None } else { v1_0(pod) }
}
