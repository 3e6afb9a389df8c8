//! Kubelets through the API server (P51): commands in every container of a node. `get nodes/proxy` is enough on every version
//! (kubernetes/kubernetes#119640, closed unfixed). Nodes are cluster-scoped: a RoleBinding gives nothing.

use super::super::build::{Builder, Holder};
use super::super::edge::{Cause, EdgeKind};
use super::super::graph::note;
use super::super::node::{Node, Place};
use super::super::rights::{Act, Proof};
use crate::model::{Str, Subject};

const REACH: EdgeKind = EdgeKind {
    id: "kubelet-exec",
    words: "runs a command through a kubelet in",
    cost: 1,
    source: "kubernetes/kubernetes pkg/kubelet/server/server.go",
};

const REACH_TOKEN: EdgeKind = EdgeKind {
    id: "kubelet-exec",
    words: "runs a command through the kubelet in a pod that holds a token of {to}",
    cost: 1,
    source: REACH.source,
};

const REACH_SECRET: EdgeKind = EdgeKind {
    id: "kubelet-exec",
    words: "runs a command through the kubelet in a pod that holds {to}",
    cost: 1,
    source: REACH.source,
};

const REACH_ROOT: EdgeKind = EdgeKind {
    id: "kubelet-exec",
    words: "runs a command through the kubelet in a pod that is as good as {to}",
    cost: 1,
    source: REACH.source,
};

pub(super) fn find<'a>(b: &mut Builder<'_, 'a>, holder: &Holder<'a>, from: usize, place: &Place) {
    if place.is_some() {
        return;
    }
    if let Some(proof) = holder.rights.any(Act::ReachKubelets, place) {
        b.by(from, Node::Enter(None), &REACH, proof);
    }
    for (name, proof) in holder.rights.names(Act::ReachKubelets, place) {
        on_one(b, from, &name, &proof);
    }
}

/// The pods of one node: their tokens, their Secrets, and the node where one of them is as good as it.
fn on_one<'a>(b: &mut Builder<'_, 'a>, from: usize, machine: &Str, proof: &Proof<'a>) {
    note(&mut b.graph.rests.pods, from);
    let causes = || -> Vec<Cause<'a>> { proof.iter().copied().map(Cause::Right).collect() };
    let mut tokens: Vec<(Subject, super::super::crowd::Found)> = Vec::new();
    let mut secrets = Vec::new();
    let mut escape = None;
    for crowd in b.env.crowds().filter(|c| c.machines.contains_key(machine)) {
        tokens.extend(
            crowd
                .token
                .clone()
                .map(|token| (crowd.account.clone(), token)),
        );
        let namespace = crowd.workload.namespace.clone();
        let here = crowd.secrets.iter().cloned();
        secrets
            .extend(here.map(|held| (Node::Secret(namespace.clone(), held.name), held.evidence)));
        escape = escape.or_else(|| crowd.escape.clone().filter(|e| e.unsure.is_none()));
    }
    for (account, token) in tokens {
        let to = b.actor(account);
        let mut edge = Builder::edge(from, to, &REACH_TOKEN, causes());
        edge.causes
            .extend(token.evidence.into_iter().map(Cause::Fact));
        edge.unsure = token.unsure;
        b.graph.push(edge);
    }
    for (node, evidence) in secrets {
        let to = b.graph.node(node);
        let mut edge = Builder::edge(from, to, &REACH_SECRET, causes());
        edge.causes.push(Cause::Fact(evidence));
        b.graph.push(edge);
    }
    if let Some(escape) = escape {
        let to = b.graph.node(Node::Machine(machine.clone()));
        let mut edge = Builder::edge(from, to, &REACH_ROOT, causes());
        edge.causes
            .extend(escape.evidence.into_iter().map(Cause::Fact));
        edge.note = Some(escape.says);
        b.graph.push(edge);
    }
}
