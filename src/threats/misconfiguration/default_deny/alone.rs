//! The denial alone, and what it would break as far as the API tells: callers that are declared somewhere. Who else calls
//! is seen on the network only.

use std::collections::BTreeSet;

use crate::model::{Kind, Object};
use crate::semantics::exposure::{Level, backends, doors, services};
use crate::semantics::network::Direction;
use crate::semantics::{running, token};
use crate::threats::prelude::{Change, Remedy};
use crate::view::{Look, View};

/// The proposal.
pub(super) fn remedy(
    view: &View<'_>,
    namespace: &str,
    direction: Direction,
    closing: Vec<Change>,
) -> Remedy {
    let mut breaks = of(view, namespace, direction).into_iter();
    let remedy = Remedy::review(closing, breaks.next().unwrap_or_default());
    breaks.fold(remedy, Remedy::may_break)
}

/// Each in a sentence; the first is always there.
fn of(view: &View<'_>, namespace: &str, direction: Direction) -> Vec<String> {
    view.context(|view| match direction {
        Direction::Ingress => ingress(view, namespace),
        Direction::Egress => egress(view, namespace),
    })
}

fn ingress(view: &View<'_>, namespace: &str) -> Vec<String> {
    let mut breaks = vec!["every caller that no policy allows; who calls is not in the API, so look at the traffic first".to_owned()];
    let (mut outside, mut dns) = (Vec::new(), Vec::new());
    for service in services(view, namespace) {
        if doors(view, service)
            .iter()
            .any(|door| door.level > Level::Cluster)
            && !backends(view, service).is_empty()
        {
            outside.push(service.meta.name());
        }
        if service.ports.iter().any(|p| p.port == 53) && &*service.meta.key.name == "kube-dns" {
            dns.push(service.meta.name());
        }
    }
    if !dns.is_empty() {
        breaks.push("name resolution of the whole cluster, which is served from here".to_owned());
    }
    if !outside.is_empty() {
        breaks.push(format!(
            "callers from outside, through {}",
            listed(&outside)
        ));
    }
    breaks.extend(webhooks(view, namespace));
    breaks
}

/// Admission webhooks that are served from the namespace: the API server is no pod that a selector could allow.
fn webhooks(view: &View<'_>, namespace: &str) -> Vec<String> {
    let kinds = [
        Kind::ValidatingWebhookConfiguration,
        Kind::MutatingWebhookConfiguration,
    ];
    let mut breaks = Vec::new();
    for object in kinds.into_iter().flat_map(|kind| view.list(kind, "")) {
        let Object::Webhooks(config) = &**object else {
            continue;
        };
        for webhook in &config.webhooks {
            if webhook
                .service
                .as_ref()
                .is_some_and(|(home, _)| **home == *namespace)
            {
                let then = if webhook.ignore == Some(true) {
                    "what it checks then goes in unchecked"
                } else {
                    "what it checks is then refused"
                };
                breaks.push(format!(
                    "the API server's calls to webhook {}: {then}",
                    webhook.name
                ));
            }
        }
    }
    breaks
}

fn egress(view: &View<'_>, namespace: &str) -> Vec<String> {
    let mut breaks = vec!["every connection but to the cluster's DNS that no policy allows: databases, other namespaces, the internet".to_owned()];
    let (mut targets, mut callers) = (BTreeSet::new(), BTreeSet::new());
    for workload in running::workloads(view, namespace) {
        for (pod, _) in workload.pod_likes() {
            let vars = pod.spec.containers.iter().flat_map(|c| c.env.iter());
            targets.extend(vars.filter_map(|v| v.target.as_deref().map(str::to_owned)));
            if let Look::Seen(_) = token::tokens(&pod, view) {
                callers.insert(workload.key.name.to_string());
            }
        }
    }
    if !targets.is_empty() {
        breaks.push(format!(
            "what the environment of its containers names: {}",
            listed(&targets.into_iter().collect::<Vec<_>>())
        ));
    }
    if !callers.is_empty() {
        breaks.push(format!(
            "calls to the API server, for which a token is mounted in {}",
            listed(&callers.into_iter().collect::<Vec<_>>())
        ));
    }
    breaks
}

/// The first five, and how many more.
pub(super) fn listed<T: AsRef<str>>(all: &[T]) -> String {
    let mut words: Vec<String> = all.iter().take(5).map(|w| w.as_ref().to_owned()).collect();
    if all.len() > 5 {
        words.push(format!("{} more", all.len() - 5));
    }
    words.join(", ")
}
