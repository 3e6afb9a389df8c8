//! Runs a story on one subject.

use std::sync::Arc;

use super::cell::Outcome;
use crate::model::{Kind, Missing, Object};
use crate::semantics::paths::Survey;
use crate::threats::{Ending, Instance, Scenes, Scope, Story};
use crate::view::{Reads, View, Workload, World};

/// Runs a story on a workload. Of instances with one actor the one that works is kept, the template's before a pod's.
pub fn on_workload(
    world: &World,
    story: &Story,
    workload: &Workload<'_>,
) -> (Outcome<Instance>, Reads) {
    let Scope::Pods(run) = &story.scope else {
        return (none(), Reads::default());
    };
    if asleep(workload) {
        return (none(), Reads::default());
    }
    let view = View::new(world);
    let mut scenes = Scenes::default();
    for (like, _) in workload.pod_likes() {
        run(&like, &view, &mut scenes);
    }
    let mut blind = view.take_blind();
    blind.extend(world.sight().blind(Kind::Pod, Some(workload.namespace())));
    (outcome(scenes, blind), view.take_reads())
}

/// Scaled to nothing, and nothing runs: nobody can take it over.
fn asleep(workload: &Workload<'_>) -> bool {
    let replicas = match workload.object.map(|o| &**o) {
        Some(Object::Workload(w)) => w.replicas,
        _ => None,
    };
    replicas == Some(0) && workload.pods.is_empty()
}

/// Runs a story on one object.
pub fn on_object(world: &World, story: &Story, object: &Object) -> (Outcome<Instance>, Reads) {
    let Scope::Object(_, run) = &story.scope else {
        return (none(), Reads::default());
    };
    on(world, |view, scenes| run(object, view, scenes))
}

/// Runs a story on one namespace.
pub fn on_namespace(world: &World, story: &Story, namespace: &str) -> (Outcome<Instance>, Reads) {
    let Scope::Namespace(run) = &story.scope else {
        return (none(), Reads::default());
    };
    on(world, |view, scenes| run(namespace, view, scenes))
}

/// Runs a story on the cluster as a whole.
pub fn on_cluster(world: &World, story: &Story) -> (Outcome<Instance>, Reads) {
    let Scope::Cluster(run) = &story.scope else {
        return (none(), Reads::default());
    };
    on(world, run)
}

/// Runs a story on the ways of the graph; `reads` is what the graph was made from.
pub fn on_paths(
    story: &Story,
    survey: &Survey<'_, '_>,
    reads: &Reads,
) -> (Outcome<Instance>, Reads) {
    let Scope::Paths(run) = &story.scope else {
        return (none(), Reads::default());
    };
    let mut scenes = Scenes::default();
    run(survey, &mut scenes);
    let missing = survey.missing().iter().cloned();
    let blind = missing.filter(|missing| story.needs.contains(&missing.kind));
    (outcome(scenes, blind.collect()), reads.clone())
}

fn on(world: &World, run: impl FnOnce(&View<'_>, &mut Scenes)) -> (Outcome<Instance>, Reads) {
    let view = View::new(world);
    let mut scenes = Scenes::default();
    run(&view, &mut scenes);
    let blind = view.take_blind();
    (outcome(scenes, blind), view.take_reads())
}

fn outcome(scenes: Scenes, mut unknown: Vec<Missing>) -> Outcome<Instance> {
    let mut items = scenes.into_instances();
    let rank = |instance: &Instance| match instance.ending {
        Ending::Works => 0,
        Ending::Unsure { .. } => 1,
        Ending::Stopped { .. } => 2,
    };
    items.sort_by(|a, b| a.actor.cmp(&b.actor).then(rank(a).cmp(&rank(b))));
    items.dedup_by(|a, b| a.actor == b.actor);
    unknown.sort();
    unknown.dedup();
    let items = items.into_iter().map(Arc::new).collect();
    Outcome { items, unknown }
}

fn none() -> Outcome<Instance> {
    Outcome {
        items: Vec::new(),
        unknown: Vec::new(),
    }
}
