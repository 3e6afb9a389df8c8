//! What the two Pod Security checks share: the fix, and which workloads are known to stand in its way.

use std::collections::BTreeSet;

use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::volume::VolumeSource;
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::Mode;
use crate::semantics::running;
use crate::threats::prelude::*;

/// Sets the enforced level to baseline, and says which workloads that would refuse, as far as the plain fields of the level
/// tell: the namespaces of the node, its paths and ports, privilege.
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
        refused.join(", ")
    )))
}

/// True when one of the fields that [`refused`] names is a step to the node by itself.
pub(super) fn reaches_node(refused: &[String]) -> bool {
    refused.iter().any(|one| {
        REACHING
            .iter()
            .any(|field| one.ends_with(&format!("({field})")))
    })
}

const REACHING: &[&str] = &["privileged", "hostPID", "hostPath"];

/// Workloads of a namespace that baseline is known to refuse, each with the worst field that breaks it.
pub(super) fn refused(view: &View<'_>, namespace: &str) -> Vec<String> {
    view.context(|view| {
        let all: BTreeSet<String> = running::workloads(view, namespace)
            .iter()
            .filter_map(|w| {
                let why = w
                    .pod_likes()
                    .iter()
                    .find_map(|(pod, _)| breaks_baseline(pod.spec))?;
                Some(format!("{} ({why})", w.key.name))
            })
            .collect();
        all.into_iter().collect()
    })
}

fn breaks_baseline(spec: &PodSpec) -> Option<&'static str> {
    let containers = || spec.containers.iter();
    let host_path = spec
        .volumes
        .iter()
        .any(|v| matches!(v.source, VolumeSource::HostPath { .. }));
    let fields = [
        (
            containers().any(|c| c.security.privileged == Some(true)),
            "privileged",
        ),
        (host_path, "hostPath"),
        (spec.host_pid, "hostPID"),
        (spec.host_network, "hostNetwork"),
        (spec.host_ipc, "hostIPC"),
        (
            containers().any(|c| c.ports.iter().any(|p| p.host_port != 0)),
            "hostPort",
        ),
    ];
    fields
        .into_iter()
        .find_map(|(set, name)| set.then_some(name))
}
