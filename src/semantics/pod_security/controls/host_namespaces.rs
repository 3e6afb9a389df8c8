//! The node's namespaces may not be shared
//!
//! In the node's network a pod is past every NetworkPolicy, with its processes it may signal and trace them, with its IPC it
//! reads their shared memory.
//!
//! Source: `policy/check_hostNamespaces.go`

use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "hostNamespaces",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0)],
};

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let shared: Vec<&str> = [
        (pod.spec.host_network, "hostNetwork=true"),
        (pod.spec.host_pid, "hostPID=true"),
        (pod.spec.host_ipc, "hostIPC=true"),
    ]
    .into_iter()
    .filter_map(|(is_set, text)| is_set.then_some(text))
    .collect();
    (!shared.is_empty()).then(|| Refusal {
        reason: "host namespaces",
        detail: shared.join(", "),
    })
}
