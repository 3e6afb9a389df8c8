//! What the two Pod Security checks share: the fix, and which workloads stand in its way.

use crate::semantics::pod_security::labels::Mode;
use crate::semantics::pod_security::raise::enforced_version;
use crate::semantics::pod_security::{Level, Version, Violation, violations};
use crate::semantics::running;
use crate::threats::prelude::*;

/// Sets the enforced level to baseline, and says which workloads that would refuse.
pub(super) fn enforce_baseline(finding: &Finding, view: &View<'_>) -> Option<Remedy> {
    let namespace = &finding.id.object;
    view.get(namespace).seen()?;
    let edit = Edit::Label(
        Mode::Enforce.label().into(),
        Some(Level::Baseline.word().into()),
    );
    let remedy = Remedy::review(
        [Change::new(namespace, edit)],
        "new pods that break the level are refused, after a restart or a rollout too; pods that run stay",
    );
    let refused = refused(view, &namespace.name);
    if refused.is_empty() {
        return Some(remedy);
    }
    Some(remedy.may_break(format!(
        "pods of {} are refused from then on",
        said(&refused)
    )))
}

/// A workload that baseline refuses, by its template or by a live pod.
pub(super) struct Refused {
    name: String,
    violations: Vec<Violation>,
}

impl Refused {
    /// Its name, and why.
    pub(super) fn said(&self) -> String {
        let reasons: Vec<&str> = self.violations.iter().map(|v| v.refusal.reason).collect();
        format!("{} ({})", self.name, reasons.join(", "))
    }

    /// What is refused is a step to the node by itself.
    fn reaches_node(&self) -> bool {
        self.violations.iter().any(|v| match v.control {
            "privileged" | "hostPathVolumes" | "windowsHostProcess" => true,
            "hostNamespaces" => v.refusal.detail.contains("hostPID"),
            _ => false,
        })
    }
}

/// True when one of them reaches the node by what is refused.
pub(super) fn reaches_node(refused: &[Refused]) -> bool {
    refused.iter().any(Refused::reaches_node)
}

/// All of them in words.
pub(super) fn said(refused: &[Refused]) -> String {
    let all: Vec<String> = refused.iter().map(Refused::said).collect();
    all.join(", ")
}

/// Workloads of a namespace that baseline refuses, in order of name, at the version that the namespace enforces.
pub(super) fn refused(view: &View<'_>, namespace: &str) -> Vec<Refused> {
    view.context(|view| {
        let labels = view.namespace(namespace).seen().map(|n| &n.meta.labels);
        let version = labels.map_or(Version::Latest, enforced_version);
        let minor = version.applied(view.cluster().version.as_ref());
        let mut all: Vec<Refused> = running::workloads(view, namespace)
            .iter()
            .filter_map(|w| {
                let mut likes = w.pod_likes().into_iter().map(|(pod, _)| pod);
                let violations = likes.find_map(|pod| {
                    let all: Vec<_> = violations(Level::Baseline, minor, &pod).collect();
                    (!all.is_empty()).then_some(all)
                })?;
                let name = w.key.name.to_string();
                Some(Refused { name, violations })
            })
            .collect();
        all.sort_by(|a, b| a.name.cmp(&b.name));
        all
    })
}
