//! Workloads: a top owner with its template and its live pods.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::owners::top_owner;
use super::world::World;
use crate::model::objects::container::{Container, digits};
use crate::model::objects::pod::Pod;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::workload::{Template, pod_meta_path, pod_spec_path};
use crate::model::{Kind, Labels, Object, ObjectKey, Str, Subject};

/// What a person calls a workload. At least one of template and pods is there.
#[derive(Clone, Debug)]
pub struct Workload<'a> {
    /// The top owner.
    pub key: ObjectKey,
    /// Its facts, when present in the source.
    pub object: Option<&'a Arc<Object>>,
    /// Its template, when it has one.
    pub template: Option<&'a Template>,
    /// Its live pods (finished ones run no code and are left out), in order of name.
    pub pods: Vec<&'a Pod>,
}

impl<'a> Workload<'a> {
    /// Every workload of a namespace, in order of key.
    pub fn all(world: &'a World, namespace: &str) -> Vec<Workload<'a>> {
        let mut found: BTreeMap<ObjectKey, Workload<'a>> = BTreeMap::new();
        let Some(space) = world.space(namespace) else {
            return Vec::new();
        };
        for kind in Kind::TEMPLATED {
            for object in space.table(kind).values() {
                let Object::Workload(_) = &**object else {
                    continue;
                };
                if top_owner(world, object) == *object.key() {
                    found.insert(
                        object.key().clone(),
                        Workload::new(world, object.key().clone()),
                    );
                }
            }
        }
        // Replicas stand beside each other, and what tells their owner is the same for all of them.
        let mut runs: Vec<(ObjectKey, Vec<&'a Pod>)> = Vec::new();
        for object in space.table(Kind::Pod).values() {
            let Object::Pod(pod) = &**object else {
                continue;
            };
            if pod.phase.is_finished() {
                continue;
            }
            match runs.last_mut() {
                Some((key, pods)) if pods.last().is_some_and(|p| is_replica(p, pod, key)) => {
                    pods.push(pod)
                }
                _ => runs.push((top_owner(world, object), vec![pod])),
            }
        }
        for (key, pods) in runs {
            let workload = found.entry(key.clone());
            let workload = workload.or_insert_with(|| Workload::new(world, key));
            workload.pods.extend(pods);
        }
        found.into_values().collect()
    }

    /// One workload, by its key; `None` when neither template nor live pods are there.
    pub fn one(world: &'a World, key: &ObjectKey) -> Option<Workload<'a>> {
        let mut workload = Workload::new(world, key.clone());
        for pod in pods_of(world, key) {
            if let Some(Object::Pod(pod)) = world.get(&pod).map(|o| &**o)
                && !pod.phase.is_finished()
            {
                workload.pods.push(pod);
            }
        }
        (workload.template.is_some() || !workload.pods.is_empty()).then_some(workload)
    }

    fn new(world: &'a World, key: ObjectKey) -> Self {
        let object = world.get(&key);
        let template = match object.map(|o| &**o) {
            Some(Object::Workload(workload)) => Some(&workload.template),
            _ => None,
        };
        Workload {
            key,
            object,
            template,
            pods: Vec::new(),
        }
    }

    /// The namespace.
    pub fn namespace(&self) -> &str {
        self.key.namespace.as_deref().unwrap_or("")
    }

    /// The pod specs to judge: the template first, then one for each distinct spec among the live pods, with the pods
    /// that share it.
    pub fn pod_likes(&self) -> Vec<(PodLike<'_>, Vec<&'a Pod>)> {
        let mut likes = Vec::new();
        if let (Some(template), Some(kind)) = (self.template, self.key.known()) {
            let like = PodLike {
                workload: &self.key,
                holder: &self.key,
                spec: &template.spec,
                labels: &template.labels,
                annotations: &template.annotations,
                pod: None,
                pods: &self.pods,
                first: true,
                kind,
            };
            likes.push((like, Vec::new()));
        }
        for pod in &self.pods {
            let same = |like: &PodLike<'_>| {
                like.pod.is_some_and(|p| {
                    (Arc::ptr_eq(&p.spec, &pod.spec) || p.spec == pod.spec)
                        && p.meta.annotations == pod.meta.annotations
                })
            };
            let first = likes.is_empty();
            let live = PodLike::live(&self.key, pod, &self.pods);
            match likes.iter_mut().find(|(like, _)| same(like)) {
                Some((_, pods)) => pods.push(*pod),
                None => likes.push((PodLike { first, ..live }, vec![*pod])),
            }
        }
        likes
    }
}

/// The owner of one pod is the other's too, by all that [`top_owner`] reads of a pod. A pod that is its own workload shares
/// it with nobody.
fn is_replica(pod: &Pod, other: &Pod, owner: &ObjectKey) -> bool {
    pod.meta.owners == other.meta.owners
        && pod.meta.labels == other.meta.labels
        && pod.meta.key != *owner
}

/// Something with a pod spec: a template, or a live pod.
#[derive(Clone, Copy, Debug)]
pub struct PodLike<'a> {
    /// The workload that findings are reported on.
    pub workload: &'a ObjectKey,
    /// The object that holds the spec: the workload itself, or the live pod.
    pub holder: &'a ObjectKey,
    /// The spec.
    pub spec: &'a PodSpec,
    /// Labels of the pod, or of the template's pods.
    pub labels: &'a Labels,
    /// Kept annotations likewise.
    pub annotations: &'a Labels,
    /// The live pod, when it is one.
    pub pod: Option<&'a Pod>,
    /// All live pods of the workload, in order of name. They are its subject: what is read of them is no look-up.
    pub pods: &'a [&'a Pod],
    /// The first of its workload that is judged: what is judged on all live pods at once is said here, and only here.
    pub first: bool,
    kind: Kind,
}

impl<'a> PodLike<'a> {
    /// A live pod of a workload that has these.
    pub fn live(workload: &'a ObjectKey, pod: &'a Pod, pods: &'a [&'a Pod]) -> PodLike<'a> {
        PodLike {
            workload,
            holder: &pod.meta.key,
            spec: &pod.spec,
            labels: &pod.meta.labels,
            annotations: &pod.meta.annotations,
            pod: Some(pod),
            pods,
            first: true,
            kind: Kind::Pod,
        }
    }

    /// The namespace.
    pub fn namespace(&self) -> &'a str {
        self.workload.namespace.as_deref().unwrap_or("")
    }

    /// The service account that it runs as.
    pub fn account(&self) -> Subject {
        Subject::ServiceAccount {
            namespace: self.workload.namespace.clone().unwrap_or_default(),
            name: match &self.spec.account {
                Some(name) => name.clone(),
                None => self.spec.account_name().into(),
            },
        }
    }

    /// Field path below the pod spec: `spec.template.spec.hostPID`.
    pub fn path(&self, tail: &str) -> String {
        [pod_spec_path(self.kind), ".", tail].concat()
    }

    /// Field path below the pod's metadata: `spec.template.metadata.labels`.
    pub fn meta_path(&self, tail: &str) -> String {
        [pod_meta_path(self.kind), ".", tail].concat()
    }

    /// Field path below one container.
    pub fn in_container(&self, container: &Container, tail: &str) -> String {
        let (list, index) = (container.list.field(), digits(container.index));
        [pod_spec_path(self.kind), ".", list, "[", &index, "].", tail].concat()
    }
}

/// Keys of the pods that a workload owns, through ReplicaSets and Jobs, finished ones included. A bare pod owns itself.
pub(super) fn pods_of(world: &World, key: &ObjectKey) -> Vec<ObjectKey> {
    if key.known() == Some(Kind::Pod) {
        return vec![key.clone()];
    }
    let Some(space) = key.namespace.as_deref().and_then(|ns| world.space(ns)) else {
        return Vec::new();
    };
    let mut pods = Vec::new();
    let mut todo = vec![key.clone()];
    let mut seen = 0;
    while let Some(owner) = todo.pop() {
        seen += 1;
        if seen > 10_000 {
            break; // a hostile circle of owner references
        }
        for child in space.owned(&owner.kind, &owner.name) {
            if child.known() == Some(Kind::Pod) {
                pods.push(child.clone())
            } else {
                todo.push(child.clone())
            }
        }
    }
    if pods.is_empty() {
        pods = orphans(world, key, space);
    }
    pods.sort();
    pods.dedup();
    pods
}

/// Pods whose ReplicaSet is not visible: found by where they climb to.
fn orphans(world: &World, key: &ObjectKey, space: &super::Space) -> Vec<ObjectKey> {
    if key.known() != Some(Kind::Deployment) {
        return Vec::new();
    }
    let prefix: Str = format!("{}-", key.name).into();
    let named = space
        .table(Kind::Pod)
        .range(prefix.clone()..)
        .take_while(|(name, _)| name.starts_with(&*prefix));
    named
        .filter(|(_, pod)| top_owner(world, pod) == *key)
        .map(|(_, pod)| pod.key().clone())
        .collect()
}
