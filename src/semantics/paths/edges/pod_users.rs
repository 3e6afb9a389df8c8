//! Coming into pods that run: a command (P35), a word to a process (P36), another image (P34), a container more (P37). The last may be privileged where
//! the namespace admits that. A pod that a kubelet runs from a file cannot be changed, only entered.

use super::super::build::{Builder, Holder};
use super::super::edge::{Cause, EdgeKind};
use super::super::graph::note;
use super::super::node::{Node, Place};
use super::super::place::Fence;
use super::super::rights::{Act, Proof, Rights};
use super::{PASS, emit, narrow};
use crate::semantics::rbac::power::get_is_enough;

const EXEC: EdgeKind = EdgeKind {
    id: "exec",
    words: "runs a command in",
    cost: 1,
    source: "kubernetes/kubernetes pkg/registry/core/pod/rest/subresources.go",
};

const ATTACH: EdgeKind = EdgeKind {
    id: "attach",
    words: "attaches to a process in",
    cost: 1,
    source: EXEC.source,
};

const NO_INPUT: &str = "only a process that reads its standard input can be told what to do: whether one does is not read";

const PATCH: EdgeKind = EdgeKind {
    id: "replace-image",
    words: "replaces an image in",
    cost: 2,
    source: "kubernetes/kubernetes pkg/apis/core/validation/validation.go ValidatePodUpdate",
};

const DEBUG: EdgeKind = EdgeKind {
    id: "debug-container",
    words: "adds a container to",
    cost: 1,
    source: "kubernetes/kubernetes pkg/registry/core/pod/strategy.go podEphemeralContainersStrategy",
};

const INTO: EdgeKind = EdgeKind {
    id: "",
    words: "{to}",
    cost: 0,
    source: "",
};

const DEBUG_ROOT: EdgeKind = EdgeKind {
    id: "privileged-debug-container",
    words: "a pod that is privileged, and owns {to}",
    cost: 1,
    source: "k8s.io/pod-security-admission admission/admission.go: containers that are added are judged",
};

fn exec<'a>(rights: &Rights<'a>, get: bool, place: &Place) -> Option<Proof<'a>> {
    let by_get = || rights.any(Act::ExecByGet, place).filter(|_| get);
    rights.any(Act::Exec, place).or_else(by_get)
}

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    let rights = &holder.rights;
    let get = get_is_enough(b.view);
    emit(b, from, place, &EXEC, Node::Enter, |place| {
        exec(rights, get, place)
    });
    emit(b, from, place, &PATCH, Node::Alter, |place| {
        rights.any(Act::PatchPods, place)
    });
    emit(b, from, place, &DEBUG, Node::Debug, |place| {
        rights.any(Act::DebugPods, place)
    });
    attach(b, rights, get, from, place);
    if exec(rights, get, place).is_none() {
        let acts: &[Act] = if get {
            &[Act::Exec, Act::ExecByGet]
        } else {
            &[Act::Exec]
        };
        for act in acts {
            one_by_one(b, rights, from, place, *act, &EXEC);
        }
    }
    one_by_one(b, rights, from, place, Act::PatchPods, &PATCH);
    one_by_one(b, rights, from, place, Act::DebugPods, &DEBUG);
}

/// Talking to a process that runs (P36), where no command may be run.
fn attach<'a>(b: &mut Builder<'_, 'a>, rights: &Rights<'a>, get: bool, from: usize, place: &Place) {
    let find = |place: &Place| {
        let by_get = || rights.any(Act::AttachByGet, place).filter(|_| get);
        rights.any(Act::Attach, place).or_else(by_get)
    };
    if exec(rights, get, place).is_some() || place.is_some() && find(&None).is_some() {
        return;
    }
    if let Some(proof) = find(place) {
        let to = b.graph.node(Node::Enter(place.clone()));
        let causes = proof.into_iter().map(Cause::Right).collect();
        let mut edge = Builder::edge(from, to, &ATTACH, causes);
        edge.unsure = Some(NO_INPUT.to_owned());
        b.graph.push(edge);
    }
}

/// Pods by name.
fn one_by_one<'a>(
    b: &mut Builder<'_, 'a>,
    rights: &Rights<'a>,
    from: usize,
    place: &Place,
    act: Act,
    kind: &'static EdgeKind,
) {
    let names = rights.names(act, place);
    if names.is_empty() {
        return;
    }
    note(&mut b.graph.rests.pods, from);
    let mut found = Vec::new();
    for crowd in b.env.crowds() {
        let home = &crowd.workload.namespace;
        if place.is_some() && place != home || crowd.mirror && kind.id != EXEC.id {
            continue;
        }
        let proof = crowd.pods.iter().find_map(|pod| names.get(pod));
        if let Some(proof) = proof {
            found.push((
                Node::Inside(crowd.workload.clone(), crowd.form),
                proof.clone(),
            ));
        }
    }
    for (node, proof) in found {
        let to = b.graph.node(node);
        let mut edge = Builder::edge(
            from,
            to,
            kind,
            proof.into_iter().map(Cause::Right).collect(),
        );
        edge.note = Some(format!("only in some pods, by name: {}", b.graph.name(to)));
        b.graph.push(edge);
    }
}

/// From the right to enter pods of a namespace to each workload, and to the nodes where a privileged container may be added.
pub(super) fn reach(b: &mut Builder<'_, '_>, place: &Place) {
    let [enter, alter, debug] =
        [Node::Enter, Node::Alter, Node::Debug].map(|node| narrow(b, place, node));
    b.pass(debug, alter, &PASS);
    let inside: Vec<(Node, bool)> = b
        .env
        .crowds_in(place)
        .map(|c| (Node::Inside(c.workload.clone(), c.form), c.mirror))
        .collect();
    let machines: std::collections::BTreeSet<_> = b
        .env
        .crowds_in(place)
        .filter(|c| c.shares_users && !c.mirror)
        .flat_map(|c| c.machines.keys().cloned())
        .collect();
    for (node, mirror) in inside {
        let to = b.graph.node(node);
        b.pass(enter, to, &INTO);
        if !mirror {
            b.pass(alter, to, &INTO);
        }
    }
    let fence = place.as_ref().and_then(|name| b.env.spaces.get(name));
    let Some(fence) = fence
        .map(|space| space.fence.clone())
        .filter(Fence::is_open)
    else {
        return;
    };
    for name in machines {
        let to = b.graph.node(Node::Machine(name));
        let causes = fence.evidence.clone().map(Cause::Fact);
        let mut edge = Builder::edge(debug, to, &DEBUG_ROOT, causes.into_iter().collect());
        edge.note = fence.note();
        edge.unsure = fence.doubt.clone();
        b.graph.push(edge);
    }
}
