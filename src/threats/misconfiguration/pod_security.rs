//! What the two Pod Security checks share: the fix, and which workloads stand in its way.

use crate::fix::raise::raise;
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::standing::{self, RejectedWorkload, in_force};
use crate::threats::prelude::*;

/// Raises the namespace to baseline, and says whom that would refuse.
pub(super) fn enforce_baseline(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let raised = raise(view, &finding.id.object.name, Level::Baseline, None);
    Some(raised.ok()?.remedy)
}

/// A workload that baseline refuses is a step to the node by itself.
pub(super) fn reaches_node(refused: &[RejectedWorkload]) -> bool {
    let mut all = refused.iter().flat_map(|one| &one.violations);
    all.any(|v| match v.control {
        "privileged" | "hostPathVolumes" | "windowsHostProcess" => true,
        "hostNamespaces" => v.refusal.detail.contains("hostPID"),
        _ => false,
    })
}

/// Its name, and why.
pub(super) fn said(one: &RejectedWorkload) -> String {
    let reasons: Vec<&str> = one.violations.iter().map(|v| v.refusal.reason).collect();
    format!("{} ({})", one.workload.name, reasons.join(", "))
}

/// Workloads of a namespace that baseline refuses, in order of key, at the version that the namespace enforces.
pub(super) fn refused(view: &View<'_>, namespace: &str) -> Vec<RejectedWorkload> {
    view.context(|view| {
        let (_, minor) = in_force(view, namespace);
        standing::refused(view, namespace, Level::Baseline, minor)
    })
}
