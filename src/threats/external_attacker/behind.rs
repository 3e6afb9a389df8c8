//! What an attacker wins behind a door: it raises the severity of what opens the door, and says why.

use crate::model::{Kind, ObjectKey, Severity};
use crate::semantics::exposure::Level;
use crate::semantics::running;
use crate::semantics::token_power::strong_token;
use crate::view::{View, Workload};

/// What a verdict on a Service, and its severity, can depend on.
pub(super) const SERVICE_NEEDS: &[Kind] = &[
    Kind::Service,
    Kind::EndpointSlice,
    Kind::Node,
    Kind::Pod,
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
    Kind::ServiceAccount,
    Kind::Role,
    Kind::ClusterRole,
    Kind::RoleBinding,
    Kind::ClusterRoleBinding,
];

/// Severity by how far away callers are, and the words for it. An address that nothing serves yet, a private network and a
/// list of addresses are small; the internet, and networks that cannot be told, are not.
pub(super) fn by_level(level: Level) -> Severity {
    match level {
        Level::Cluster | Level::Pending | Level::Network | Level::Restricted => Severity::Low,
        Level::Unknown | Level::Internet => Severity::Medium,
    }
}

/// The sentence about the first of the workloads that is worth more than its own data: one that owns its node, or whose
/// token is strong. Nothing here decides whether something fires, so what is hidden is left out.
fn stake<'k>(
    view: &View<'_>,
    workloads: impl IntoIterator<Item = &'k ObjectKey>,
) -> Option<String> {
    view.context(|view| {
        workloads
            .into_iter()
            .find_map(|key| worth(view, &running::workload(view, key)?))
    })
}

fn worth(view: &View<'_>, workload: &Workload<'_>) -> Option<String> {
    workload.pod_likes().iter().find_map(|(pod, _)| {
        if let Some(c) = pod
            .spec
            .containers
            .iter()
            .find(|c| c.security.privileged == Some(true))
        {
            return Some(format!(
                "container {} of {} is privileged and owns its node",
                c.name, pod.workload
            ));
        }
        let power = strong_token(view, pod)?;
        Some(format!("the token mounted in {} may {power}", pod.workload))
    })
}

/// Adds the stake to a severity and to the words for it.
pub(super) fn raise<'k>(
    view: &View<'_>,
    workloads: impl IntoIterator<Item = &'k ObjectKey>,
    (severity, why): (Severity, String),
) -> (Severity, String) {
    match stake(view, workloads) {
        Some(stake) => (severity.raised(), format!("{why}; {stake}")),
        None => (severity, why),
    }
}

/// `cart`, `cart and web`, `cart, web and 3 more`.
pub(super) fn names<'k>(workloads: impl IntoIterator<Item = &'k ObjectKey>) -> String {
    let all: Vec<String> = workloads.into_iter().map(ToString::to_string).collect();
    match all.as_slice() {
        [] => "nothing".to_owned(),
        [one] => one.clone(),
        [one, two] => format!("{one} and {two}"),
        [one, two, rest @ ..] => format!("{one}, {two} and {} more", rest.len()),
    }
}
