//! The labels that select the pods of one workload and no other, now and after the next rollout.
//!
//! An owner's own selector cannot be changed and is taken as it is; labels that a controller or a release writes anew are
//! never asked for.

use std::collections::BTreeSet;

use crate::model::objects::selector::Selector;
use crate::model::{Kind, Labels, Object, ObjectKey};
use crate::semantics::running::{self, Running};
use crate::semantics::selectors::matches;
use crate::view::View;

/// Labels that tell one pod, one revision or one release from the next. Prefixes end in `*`.
const PASSING: &[&str] = &[
    "pod-template-hash",
    "rollouts-pod-template-hash",
    "pod-template-generation",
    "controller-revision-hash",
    "controller-uid",
    "job-name",
    "batch.kubernetes.io/*",
    "statefulset.kubernetes.io/*",
    "apps.kubernetes.io/*",
    "topology.kubernetes.io/*",
    "app.kubernetes.io/version",
    "helm.sh/chart",
    "version",
    "chart",
];

/// What selects a workload's pods.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Chosen {
    /// The selector; `None` where its pods have no label to go by.
    pub selector: Option<Selector>,
    /// Workloads whose pods it selects as well.
    pub also: BTreeSet<ObjectKey>,
}

/// Chooses the labels of a workload, and sees whom they select.
pub(super) fn choose(view: &View<'_>, workload: &ObjectKey) -> Chosen {
    let mut all = running::live(view, workload.home());
    all.extend(running::templates(view, workload.home()));
    let (mine, others): (Vec<Running<'_>>, Vec<Running<'_>>) =
        all.into_iter().partition(|r| r.workload(view) == *workload);
    let lasting = lasting(&mine);
    let mut selector = own(view, workload)
        .filter(|s| mine.iter().all(|r| matches(s, r.labels)))
        .unwrap_or_default();
    let selected = |selector: &Selector| -> BTreeSet<ObjectKey> {
        let hit = others.iter().filter(|r| matches(selector, r.labels));
        hit.map(|r| r.workload(view)).collect()
    };
    let from_scratch = selector.is_empty();
    let mut also = selected(&selector);
    for (key, value) in lasting.iter() {
        if also.is_empty() && !selector.is_empty() {
            break;
        }
        let mut narrower = selector.clone();
        narrower.labels = narrower.labels.with(key, Some(value));
        let fewer = selected(&narrower);
        if fewer.len() < also.len() || from_scratch && selector.is_empty() {
            (selector, also) = (narrower, fewer);
        }
    }
    Chosen {
        selector: (!selector.is_empty()).then_some(selector),
        also,
    }
}

/// The selector of the owner. That of a Job names the one run.
fn own(view: &View<'_>, workload: &ObjectKey) -> Option<Selector> {
    if matches!(workload.known(), Some(Kind::Job | Kind::CronJob)) {
        return None;
    }
    match &**view.get(workload).seen()? {
        Object::Workload(workload) => workload.selector.clone(),
        _ => None,
    }
}

/// Labels that all of them have and that stay.
fn lasting(pods: &[Running<'_>]) -> Labels {
    let Some((first, rest)) = pods.split_first() else {
        return Labels::default();
    };
    let common = first.labels.iter().filter(|(key, value)| {
        !is_passing(key) && rest.iter().all(|r| r.labels.get(key) == Some(value))
    });
    Labels::new(common.map(|(k, v)| (k.clone(), v.clone())))
}

fn is_passing(key: &str) -> bool {
    PASSING
        .iter()
        .any(|passing| match passing.strip_suffix('*') {
            Some(prefix) => key.starts_with(prefix),
            None => key == *passing,
        })
}
