//! Making pods, by hand or through a controller (P32, P33): any account and any Secret of the namespace comes with it, and a
//! node where the namespace admits privileged pods (E41 to E44), where its level can be changed (P71), where a namespace
//! without a level can be made (P72), or through a volume on the node's disk (P57).
//!
//! Source: kubernetes/kubernetes `plugin/pkg/admission/serviceaccount/admission.go`; pod-security-admission
//! `admission/admission.go`: pods are judged, not templates, and volumes of claims are not looked into.

use std::rc::Rc;

use super::super::build::{Builder, Holder};
use super::super::edge::{Cause, EdgeKind};
use super::super::graph::note;
use super::super::node::{Node, Place};
use super::super::place::Space;
use super::super::rights::{Act, Proof, Rights};
use super::{all, emit, narrow};
use crate::model::change::{Change, Edit};
use crate::model::{Kind, ObjectKey, Str};
use crate::semantics::pod_security::Level;
use crate::semantics::pod_security::labels::Mode;

const CREATE: EdgeKind = EdgeKind {
    id: "create-pods",
    words: "makes a pod {at}",
    cost: 1,
    source: "kubernetes/kubernetes plugin/pkg/admission/serviceaccount/admission.go",
};

const CREATE_WORKLOAD: EdgeKind = EdgeKind {
    id: "create-workloads",
    words: "has a controller make a pod {at}",
    cost: 1,
    source: CREATE.source,
};

const REWRITE: EdgeKind = EdgeKind {
    id: "rewrite-template",
    words: "rewrites a pod template {at}, and its controller makes a pod",
    cost: 1,
    source: CREATE.source,
};

const RUN_AS: EdgeKind = EdgeKind {
    id: "",
    words: "that runs as any account there:",
    cost: 0,
    source: "",
};

const MOUNT: EdgeKind = EdgeKind {
    id: "mount-secrets",
    words: "that mounts what Secrets it names",
    cost: 1,
    source: "kubernetes/website content/en/docs/concepts/security/rbac-good-practices.md",
};

const PRIVILEGED: EdgeKind = EdgeKind {
    id: "privileged-pod",
    words: "that is privileged, and owns its node",
    cost: 1,
    source: "k8s.io/pod-security-admission admission/admission.go",
};

const RELABEL: EdgeKind = EdgeKind {
    id: "relabel-namespace",
    words: "takes the Pod Security label off a namespace, makes a privileged pod there, and owns its node",
    cost: 2,
    source: "kubernetes/apiserver pkg/endpoints/request/requestinfo.go: a namespace is in itself",
};

const NEW_NAMESPACE: EdgeKind = EdgeKind {
    id: "create-namespace",
    words: "makes a namespace without a Pod Security label, a privileged pod there, and owns its node",
    cost: 2,
    source: PRIVILEGED.source,
};

const VOLUME: EdgeKind = EdgeKind {
    id: "node-volume",
    words: "makes a volume of the node's disk, mounts it in a pod by a claim, and owns the node",
    cost: 2,
    source: "k8s.io/pod-security-admission policy/check_hostPathVolumes.go: claims are not looked into",
};

const NEW: [Act; 7] = [
    Act::CreateDeployments,
    Act::CreateDaemonSets,
    Act::CreateStatefulSets,
    Act::CreateReplicaSets,
    Act::CreateJobs,
    Act::CreateCronJobs,
    Act::CreateControllers,
];

/// Templates that can be rewritten where they are; a Job's cannot.
const OLD: [(Act, Kind); 6] = [
    (Act::WriteDeployments, Kind::Deployment),
    (Act::WriteDaemonSets, Kind::DaemonSet),
    (Act::WriteStatefulSets, Kind::StatefulSet),
    (Act::WriteReplicaSets, Kind::ReplicaSet),
    (Act::WriteCronJobs, Kind::CronJob),
    (Act::WriteControllers, Kind::ReplicationController),
];

/// A pod of one's own, of any name.
fn make<'a>(rights: &Rights<'a>, place: &Place) -> Option<Proof<'a>> {
    rights
        .any(Act::CreatePods, place)
        .or_else(|| NEW.iter().find_map(|act| rights.any(*act, place)))
}

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    if rights.any(Act::CreatePods, place).is_some() {
        emit(b, from, place, &CREATE, Node::Pods, |place| {
            rights.any(Act::CreatePods, place)
        });
    } else {
        emit(b, from, place, &CREATE_WORKLOAD, Node::Pods, |place| {
            make(rights, place)
        });
    }
    rewrite(b, rights, from, place);
    relabel(b, rights, from, place);
    volume(b, rights, from, place);
    if place.is_none()
        && let Some(proof) = all([
            rights.any(Act::CreateNamespaces, place),
            make(rights, place),
        ])
    {
        let to = b.graph.node(Node::AnyMachine);
        let causes = proof.into_iter().map(Cause::Right).collect();
        let mut edge = Builder::edge(from, to, &NEW_NAMESPACE, causes);
        edge.note = Some(
            "the default level of the cluster is not visible: it counts as privileged".to_owned(),
        );
        b.graph.push(edge);
    }
}

/// Templates that are there.
fn rewrite<'a>(b: &mut Builder<'_, 'a>, rights: &Rights<'a>, from: usize, place: &Place) {
    if make(rights, place).is_some()
        || OLD
            .iter()
            .all(|(act, _)| rights.some(*act, place).is_none())
    {
        return;
    }
    let own = rights.places();
    let there = |(name, _): &(&Str, &Rc<Space<'a>>)| match place {
        Some(place) => *name == place,
        // Places of their own are asked by themselves.
        None => !own.contains(&Some((*name).clone())),
    };
    let mut found = Vec::new();
    for (namespace, space) in b.env.spaces.iter().filter(there) {
        let way = OLD.iter().find_map(|(act, kind)| {
            let mut names = space.templates.get(kind).into_iter().flatten();
            names.find_map(|name| {
                let place = Some(namespace.clone());
                let proof = rights.one(*act, &place, name)?;
                Some((proof, ObjectKey::namespaced(*kind, namespace, name)))
            })
        });
        found.extend(way.map(|way| (namespace.clone(), way)));
    }
    for (namespace, (proof, object)) in found {
        let to = b.graph.node(Node::Pods(Some(namespace)));
        let mut edge = Builder::edge(
            from,
            to,
            &REWRITE,
            proof.into_iter().map(Cause::Right).collect(),
        );
        edge.note = Some(format!("that of {object}"));
        b.graph.push(edge);
    }
}

/// The level of the namespace refuses privileged pods, and the same login may change it.
fn relabel<'a>(b: &mut Builder<'_, 'a>, rights: &Rights<'a>, from: usize, place: &Place) {
    if rights.some(Act::WriteNamespaces, place).is_none() || make(rights, place).is_none() {
        return;
    }
    note(&mut b.graph.rests.levels, from);
    let here = |name: &Str| place.as_ref().is_none_or(|place| place == name);
    let mut shut = b
        .env
        .spaces
        .iter()
        .filter(|(name, space)| here(name) && !space.fence.is_open() && !space.closing);
    let way = shut.find_map(|(name, space)| {
        let at = Some(name.clone());
        let proof = all([
            rights.one(Act::WriteNamespaces, &at, name),
            make(rights, &at),
        ])?;
        Some((proof, name.clone(), space.fence.clone()))
    });
    if let Some((proof, name, fence)) = way {
        let to = b.graph.node(Node::AnyMachine);
        let mut edge = Builder::edge(
            from,
            to,
            &RELABEL,
            proof.into_iter().map(Cause::Right).collect(),
        );
        edge.causes.extend(fence.evidence.map(Cause::Fact));
        edge.note = Some(format!(
            "that of {name}; the default of the cluster is not visible and counts as privileged"
        ));
        edge.unsure = fence.doubt.filter(|_| !is_admin(b, from));
        b.graph.push(edge);
    }
}

/// Whoever holds every right takes away what may refuse a pod.
fn is_admin(b: &Builder<'_, '_>, from: usize) -> bool {
    b.graph.nodes().get(from) == Some(&Node::ClusterAdmin)
}

/// A volume of type `hostPath`, a claim on it, and a pod whose processes may be root: all but restricted admits that.
pub(super) fn volume<'a>(b: &mut Builder<'_, 'a>, rights: &Rights<'a>, from: usize, place: &Place) {
    // Volumes are cluster-scoped.
    let Some(create) = rights.any(Act::CreateVolumes, &None) else {
        return;
    };
    let together = |place: &Place| all([rights.any(Act::CreateClaims, place), make(rights, place)]);
    if place.is_some() && together(&None).is_some() {
        return;
    }
    let Some(rest) = together(place) else {
        return;
    };
    note(&mut b.graph.rests.levels, from);
    let here = |name: &Str| place.as_ref().is_none_or(|place| place == name);
    let mut spaces = b.env.spaces.iter();
    let lax = spaces.find(|(name, space)| {
        here(name) && space.fence.level != Some(Level::Restricted) && !space.closing
    });
    let Some((_, space)) = lax else {
        return;
    };
    let doubt = space.fence.doubt.clone();
    let to = b.graph.node(Node::AnyMachine);
    let causes = create.into_iter().chain(rest).map(Cause::Right).collect();
    let mut edge = Builder::edge(from, to, &VOLUME, causes);
    edge.unsure = doubt.filter(|_| !is_admin(b, from));
    b.graph.push(edge);
}

/// What a pod of one's own in a namespace reaches.
pub(super) fn reach(b: &mut Builder<'_, '_>, place: &Place) {
    let Some(namespace) = place else {
        return;
    };
    let Some(space) = b.env.spaces.get(namespace) else {
        return;
    };
    if space.closing {
        return;
    }
    let fence = space.fence.clone();
    let here = narrow(b, place, Node::Pods);
    let accounts = b.graph.node(Node::Accounts(place.clone()));
    let secrets = b.graph.node(Node::Secrets(place.clone()));
    b.pass(here, accounts, &RUN_AS);
    b.pass(here, secrets, &MOUNT);
    if fence.is_open() {
        let to = b.graph.node(Node::AnyMachine);
        let causes = fence.evidence.clone().map(Cause::Fact);
        let mut edge = Builder::edge(here, to, &PRIVILEGED, causes.into_iter().collect());
        edge.note = fence.note();
        edge.unsure = fence.doubt;
        let enforce = Edit::Label(Mode::Enforce.label().into(), Some("baseline".into()));
        let label = Change::new(&ObjectKey::of_namespace(namespace), enforce);
        edge.cuts.extend((!fence.hidden).then_some(label));
        b.graph.push(edge);
    }
}
