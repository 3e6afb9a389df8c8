//! What runs in a namespace, or will run without anybody's doing: live pods, and templates of workloads that want pods.

use std::collections::BTreeSet;

use crate::model::objects::pod::Pod;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::workload::Workload as Templated;
use crate::model::{Kind, Labels, Object, ObjectKey, Str};
use crate::view::{View, Workload, top_owner};

/// A live pod, or a template.
#[derive(Clone, Copy, Debug)]
pub struct Running<'a> {
    /// The pod, or the object that holds the template.
    pub holder: &'a ObjectKey,
    /// Labels of the pod, or of the template's pods.
    pub labels: &'a Labels,
    /// The spec.
    pub spec: &'a PodSpec,
    /// The live pod, when it is one.
    pub pod: Option<&'a Pod>,
}

impl Running<'_> {
    /// The topmost owner: what a person calls its workload.
    pub fn workload(&self, view: &View<'_>) -> ObjectKey {
        match view.world().get(self.holder) {
            Some(object) => top_owner(view.world(), object),
            None => self.holder.clone(),
        }
    }
}

/// Live pods of a namespace, in order of name; finished ones run no code. Blindness is noted.
pub fn live<'a>(view: &View<'a>, namespace: &str) -> Vec<Running<'a>> {
    view.live_pods(namespace)
        .map(|pod| Running {
            holder: &pod.meta.key,
            labels: &pod.meta.labels,
            spec: &pod.spec,
            pod: Some(pod),
        })
        .collect()
}

/// Every template of a namespace, in order of kind and name, those that are scaled to nothing too. Blindness is noted.
pub fn templates<'a>(view: &View<'a>, namespace: &str) -> Vec<Running<'a>> {
    held(view, namespace).into_iter().map(running).collect()
}

/// Templates of a namespace that will have pods by themselves: not scaled to nothing, not suspended, and no Job whose
/// pods have all ended. Blindness is noted.
pub fn wanted<'a>(view: &View<'a>, namespace: &str) -> Vec<Running<'a>> {
    let done = ended_jobs(view, namespace);
    held(view, namespace)
        .into_iter()
        .filter(|w| w.replicas != Some(0) && !w.suspended)
        .filter(|w| w.meta.key.known() != Some(Kind::Job) || !done.contains(&w.meta.key.name))
        .map(running)
        .collect()
}

/// Every workload of a namespace with its live pods, in order of key. Blindness is noted.
pub fn workloads<'a>(view: &View<'a>, namespace: &str) -> Vec<Workload<'a>> {
    note(view, namespace);
    Workload::all(view.world(), namespace)
}

/// A pod runs in the namespace, or a template is there. Blindness is noted.
pub fn anything(view: &View<'_>, namespace: &str) -> bool {
    let mut templates = Kind::TEMPLATED
        .into_iter()
        .flat_map(|kind| view.list(kind, namespace));
    let templated = templates.any(|object| matches!(&**object, Object::Workload(_)));
    view.live_pods(namespace).next().is_some() || templated
}

/// One workload with its live pods; `None` when there is neither template nor pod. Blindness is noted.
pub fn workload<'a>(view: &View<'a>, key: &ObjectKey) -> Option<Workload<'a>> {
    note(view, key.home());
    Workload::one(view.world(), key)
}

/// Looks at everything that workloads are made of: they are gathered from the world itself, by its indexes.
fn note(view: &View<'_>, namespace: &str) {
    for kind in Kind::TEMPLATED.into_iter().chain([Kind::Pod]) {
        drop(view.list(kind, namespace));
    }
}

fn held<'a>(view: &View<'a>, namespace: &str) -> Vec<&'a Templated> {
    let mut all = Vec::new();
    for kind in Kind::TEMPLATED {
        all.extend(
            view.list(kind, namespace)
                .filter_map(|object| match &**object {
                    Object::Workload(workload) => Some(workload),
                    _ => None,
                }),
        );
    }
    all
}

fn running(workload: &Templated) -> Running<'_> {
    Running {
        holder: &workload.meta.key,
        labels: &workload.template.labels,
        spec: &workload.template.spec,
        pod: None,
    }
}

/// Names of Jobs that own finished pods and no other.
fn ended_jobs(view: &View<'_>, namespace: &str) -> BTreeSet<Str> {
    let (mut ended, mut going) = (BTreeSet::new(), BTreeSet::new());
    for object in view.list(Kind::Pod, namespace) {
        let Object::Pod(pod) = &**object else {
            continue;
        };
        let owner = pod
            .meta
            .controller()
            .filter(|o| o.kind.known() == Some(Kind::Job));
        if let Some(owner) = owner {
            let set = if pod.phase.is_finished() {
                &mut ended
            } else {
                &mut going
            };
            set.insert(owner.name.clone());
        }
    }
    ended.difference(&going).cloned().collect()
}
