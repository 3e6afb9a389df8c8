//! Files of the node that a container may read though it may run nothing there (E08, E11, E12, E30): the keys of a control plane,
//! the login of the kubelet, tokens and Secrets of the pods beside it.

use std::collections::BTreeSet;

use super::super::build::Builder;
use super::super::crowd::Crowd;
use super::super::edge::{Cause, Edge, EdgeKind};
use super::super::node::Node;
use super::nodes::Kubelets;
use super::tokens;
use crate::model::{Str, Subject};
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
pub(super) fn open_logins(crowds: &[Crowd]) -> BTreeSet<Str> {
    let open = crowds.iter().filter(|crowd| {
        crowd
            .reads
            .iter()
            .any(|(shows, _)| *shows == Shows::Kubelet)
    });
    open.flat_map(|crowd| crowd.machines.keys().cloned())
        .collect()
}

/// From containers that read such files to what they read. The kubelets' logins are there already.
pub(super) fn reach(
    b: &mut Builder<'_, '_>,
    kubelets: &Kubelets,
    control: impl Fn(&Str) -> Option<crate::model::Evidence>,
) {
    let crowds = std::rc::Rc::clone(&b.env.crowds);
    for crowd in crowds.iter().filter(|crowd| !crowd.reads.is_empty()) {
        let inside = Node::Inside(crowd.workload.clone(), crowd.form);
        let from = b.graph.node(inside);
        for (shows, found) in &crowd.reads {
            let edge = |to: usize, kind: &'static EdgeKind| Edge {
                note: Some(found.says.clone()),
                unsure: found.unsure.clone(),
                cuts: found.cuts.clone(),
                ..Builder::edge(
                    from,
                    to,
                    kind,
                    found.evidence.iter().cloned().map(Cause::Fact).collect(),
                )
            };
            for machine in crowd.machines.keys() {
                match shows {
                    Shows::Keys => {
                        let Some(label) = control(machine) else {
                            continue;
                        };
                        let to = b.graph.node(Node::ClusterAdmin);
                        let mut edge = edge(to, &KEYS);
                        edge.causes.push(Cause::Fact(label));
                        b.graph.push(edge);
                    }
                    Shows::Kubelet => {
                        let login = Subject::User(format!("system:node:{machine}").into());
                        let to = b.actor(login);
                        b.graph.push(edge(to, &LOGIN));
                    }
                    Shows::Pods => {
                        for account in kubelets.mounted_on(machine) {
                            if *account != crowd.account {
                                let to = tokens::token_of(b, account.clone());
                                b.graph.push(edge(to, &TOKEN));
                            }
                        }
                        for secret in kubelets.given_on(machine) {
                            let to = b.graph.node(secret.clone());
                            b.graph.push(edge(to, &SECRET));
                        }
                    }
                }
            }
        }
    }
}
