//! Containers must not run as root
//!
//! `runAsNonRoot` is true for each container, by itself or from the pod; an explicit false anywhere is refused, at the pod even
//! when all containers say true. Windows is not left out. From 1.35 a pod with a user namespace of its own may do as it likes:
//! its root is nobody on the node (KEP-127).
//!
//! Source: `policy/check_runAsNonRoot.go`

use crate::semantics::pod_security::wording::{containers, setters};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "runAsNonRoot",
    level: Level::Restricted,
    revisions: &[Revision::new(0, v1_0), Revision::new(35, v1_35)],
};

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let refusal = |detail| Refusal {
        reason: "runAsNonRoot != true",
        detail,
    };
    let of_pod = pod.spec.security.non_root;
    let root = pod.containers(|c| c.security.non_root == Some(false));
    if let Some(setters) = setters(of_pod == Some(false), &root) {
        return Some(refusal(format!(
            "{setters} must not set securityContext.runAsNonRoot=false"
        )));
    }
    let unset = pod.containers(|c| c.security.non_root.is_none() && of_pod != Some(true));
    (!unset.is_empty()).then(|| {
        refusal(format!(
            "pod or {} must set securityContext.runAsNonRoot=true",
            containers(&unset)
        ))
    })
}

fn v1_35(pod: PodFacts<'_>) -> Option<Refusal> {
    if pod.has_own_users() { None } else { v1_0(pod) }
}
