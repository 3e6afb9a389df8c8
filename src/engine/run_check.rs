//! Runs a check on one subject and derives its verdict.

use std::sync::Arc;

use super::cell::Outcome;
use crate::model::{Evidence, Finding, FindingId, Kind, Missing, Object, ObjectKey, Pods};
use crate::semantics::paths::Survey;
use crate::threats::{Check, Draft, RestsOn, Scope, Sink};
use crate::view::{Reads, View, Workload, World};

/// Runs a check on a workload: on its template, and on each distinct spec among its live pods.
pub fn on_workload(
    world: &World,
    check: &Check,
    workload: &Workload<'_>,
) -> (Outcome<Finding>, Reads) {
    let Scope::Pods(run) = check.scope else {
        return (none(), Reads::default());
    };
    let view = View::new(world);
    let mut findings: Vec<Finding> = Vec::new();
    let mut unknown = Vec::new();
    for (like, pods) in workload.pod_likes() {
        let mut sink = Sink::default();
        run(&like, &view, &mut sink);
        for draft in settle(check, sink, &view, &mut unknown) {
            let finding = finish(check, draft, Some(&workload.key));
            let known = findings.iter().position(|f| f.id == finding.id);
            let at = known.unwrap_or_else(|| {
                let mut finding = finding;
                finding.pods.live = workload.pods.len() as u32;
                finding.pods.only_live = workload.template.is_some() && like.pod.is_some();
                findings.push(finding);
                findings.len() - 1
            });
            findings[at].pods.firing += pods.len() as u32;
        }
    }
    // Live pods may differ from their template: where they are hidden, nothing is clear.
    if let Some(missing) = world.sight().blind(Kind::Pod, Some(workload.namespace())) {
        unknown.push(missing);
    }
    (outcome(findings, unknown), view.take_reads())
}

/// Runs a check on one object.
pub fn on_object(world: &World, check: &Check, object: &Object) -> (Outcome<Finding>, Reads) {
    let Scope::Object(_, run) = &check.scope else {
        return (none(), Reads::default());
    };
    on(world, check, Some(object.key()), |view, sink| {
        run(object, view, sink)
    })
}

/// Runs a check on one namespace.
pub fn on_namespace(world: &World, check: &Check, namespace: &str) -> (Outcome<Finding>, Reads) {
    let Scope::Namespace(run) = &check.scope else {
        return (none(), Reads::default());
    };
    let key = ObjectKey::of_namespace(namespace);
    on(world, check, Some(&key), |view, sink| {
        run(namespace, view, sink)
    })
}

/// Runs a check on the cluster as a whole.
pub fn on_cluster(world: &World, check: &Check) -> (Outcome<Finding>, Reads) {
    let Scope::Cluster(run) = &check.scope else {
        return (none(), Reads::default());
    };
    on(world, check, None, run)
}

/// Runs a check on the ways of the graph; `reads` is what the graph was made from.
pub fn on_paths(
    world: &World,
    check: &Check,
    survey: &Survey<'_, '_>,
    reads: &Reads,
) -> (Outcome<Finding>, Reads) {
    let Scope::Paths(run) = &check.scope else {
        return (none(), Reads::default());
    };
    let (outcome, _) = on(world, check, None, |_, sink| run(survey, sink));
    (outcome, reads.clone())
}

fn on(
    world: &World,
    check: &Check,
    subject: Option<&ObjectKey>,
    run: impl FnOnce(&View<'_>, &mut Sink),
) -> (Outcome<Finding>, Reads) {
    let view = View::new(world);
    let (mut sink, mut unknown) = (Sink::default(), Vec::new());
    run(&view, &mut sink);
    let drafts = settle(check, sink, &view, &mut unknown);
    let findings = drafts
        .into_iter()
        .map(|draft| finish(check, draft, subject))
        .collect();
    (outcome(findings, unknown), view.take_reads())
}

/// The derivation: what was found rests on something seen, or on something that was looked for and not found. In the
/// second case a blind look-up makes it unknown. What is blind is unknown beside what was found.
fn settle(check: &Check, sink: Sink, view: &View<'_>, unknown: &mut Vec<Missing>) -> Vec<Draft> {
    let blind = view.take_blind();
    let mut drafts = sink.into_drafts();
    if !blind.is_empty() && check.rests_on == RestsOn::Absence {
        drafts.clear();
    }
    unknown.extend(blind);
    drafts
}

fn finish(check: &Check, draft: Draft, subject: Option<&ObjectKey>) -> Finding {
    let object = draft.object.or_else(|| subject.cloned());
    let object = object.or_else(|| draft.evidence.first().map(|e: &Evidence| e.object.clone()));
    let object = object.unwrap_or_else(|| ObjectKey::of_namespace("kube-system"));
    Finding {
        id: FindingId {
            check: check.id,
            object,
            part: draft.part,
        },
        severity: draft.severity,
        why: draft.why,
        evidence: draft.evidence.into_boxed_slice(),
        pods: Pods::default(),
    }
}

fn outcome(mut findings: Vec<Finding>, mut unknown: Vec<Missing>) -> Outcome<Finding> {
    findings.sort_by(|a, b| a.id.cmp(&b.id));
    findings.dedup_by(|a, b| a.id == b.id);
    unknown.sort();
    unknown.dedup();
    Outcome {
        items: findings.into_iter().map(Arc::new).collect(),
        unknown,
    }
}

fn none() -> Outcome<Finding> {
    Outcome {
        items: Vec::new(),
        unknown: Vec::new(),
    }
}
