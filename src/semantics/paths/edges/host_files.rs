//! Files of the node that a container may read though it may run nothing there (E08, E11, E12, E30): the keys of a control plane,
//! the login of the kubelet, tokens and Secrets of the pods beside it.

use std::collections::BTreeSet;

use super::super::build::Builder;
use super::super::crowd::{Crowd, Found};
use super::super::edge::{Cause, Edge, EdgeKind};
use super::super::node::Node;
use super::tokens;
use crate::model::{Evidence, Str, Subject};
use crate::semantics::host_path::Shows;

const SOURCE: &str =
    "kubernetes/website content/en/docs/concepts/security/api-server-bypass-risks.md";

const KEYS: EdgeKind = EdgeKind {
    id: "reads-control-plane",
    words: "reads the keys of the control plane in files of its node, which sign for anybody",
    cost: 1,
    source: SOURCE,
};

const LOGIN: EdgeKind = EdgeKind {
    id: "reads-kubelet-login",
    words: "reads the login of its node's kubelet in files of the node, {to}",
    cost: 1,
    source: SOURCE,
};

const TOKEN: EdgeKind = EdgeKind {
    id: "reads-pod-token",
    words: "reads the token of {to} in files of a pod on its node",
    cost: 1,
    source: SOURCE,
};

const SECRET: EdgeKind = EdgeKind {
    id: "reads-pod-secret",
    words: "reads {to} in files of a pod on its node",
    cost: 1,
    source: SOURCE,
};

/// Nodes whose kubelet's login lies open in a container.
pub(super) fn open_logins<'c>(crowds: impl Iterator<Item = &'c Crowd>) -> BTreeSet<Str> {
    let open = crowds.filter(|crowd| {
        crowd
            .reads
            .iter()
            .any(|(shows, _)| *shows == Shows::Kubelet)
    });
    open.flat_map(|crowd| crowd.machines.keys().cloned())
        .collect()
}

/// From containers that read such files to what they read. The kubelets' logins are there already.
pub(super) fn reach(b: &mut Builder<'_, '_>, control: impl Fn(&Str) -> Option<Evidence>) {
    let crowds = std::rc::Rc::clone(&b.env.crowds);
    let all = || crowds.values().flat_map(|here| here.iter());
    for crowd in all().filter(|crowd| !crowd.reads.is_empty()) {
        let inside = Node::Inside(crowd.workload.clone(), crowd.form);
        let from = b.graph.node(inside);
        for (shows, found) in &crowd.reads {
            match shows {
                Shows::Keys => {
                    if let Some(label) = crowd.machines.keys().find_map(&control) {
                        let to = b.graph.node(Node::ClusterAdmin);
                        let causes = [label];
                        b.graph.push(reads(from, to, &KEYS, found, &causes));
                    }
                }
                Shows::Kubelet => {
                    for machine in crowd.machines.keys() {
                        let login = Subject::User(format!("system:node:{machine}").into());
                        let to = b.actor(login);
                        b.graph.push(reads(from, to, &LOGIN, found, &[]));
                    }
                }
                Shows::Pods => {
                    let own = |other: &Crowd| {
                        other.workload == crowd.workload && other.form == crowd.form
                    };
                    let near = |other: &Crowd| {
                        let mut machines = other.machines.keys();
                        machines.any(|machine| crowd.machines.contains_key(machine))
                    };
                    for other in all().filter(|other| !own(other) && near(other)) {
                        beside(b, from, found, other);
                    }
                }
            }
        }
    }
}

/// The token and the Secrets of pods on the same node, as far as they are files.
fn beside(b: &mut Builder<'_, '_>, from: usize, found: &Found, other: &Crowd) {
    if let Some(token) = &other.token {
        let to = tokens::token_of(b, other.account.clone());
        let mut edge = reads(from, to, &TOKEN, found, &token.evidence);
        edge.unsure = edge.unsure.or_else(|| token.unsure.clone());
        b.graph.push(edge);
    }
    for held in other.secrets.iter().filter(|held| held.in_files) {
        let home = other.workload.namespace.clone();
        let to = b.graph.node(Node::Secret(home, held.name.clone()));
        let causes = std::slice::from_ref(&held.evidence);
        b.graph.push(reads(from, to, &SECRET, found, causes));
    }
}

fn reads<'a>(
    from: usize,
    to: usize,
    kind: &'static EdgeKind,
    found: &Found,
    more: &[Evidence],
) -> Edge<'a> {
    let facts = found.evidence.iter().chain(more).cloned();
    Edge {
        note: Some(found.says.clone()),
        unsure: found.unsure.clone(),
        cuts: found.cuts.clone(),
        ..Builder::edge(from, to, kind, facts.map(Cause::Fact).collect())
    }
}
