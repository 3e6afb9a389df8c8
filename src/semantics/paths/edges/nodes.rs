//! What root on a node comes by (E26, E27): a token of every account that has a pod there, mounted or not, every Secret that
//! such a pod is given, and on a control plane the keys of the cluster.
//!
//! Source: kubernetes/kubernetes `plugin/pkg/auth/authorizer/node/node_authorizer.go`.

use std::collections::BTreeSet;

use super::super::build::Builder;
use super::super::edge::{Cause, EdgeKind};
use super::super::node::Node;
use super::{PASS, tokens};
use crate::model::{Evidence, Str, Subject};

const TOKEN: EdgeKind = EdgeKind {
    id: "node-token",
    words: "has a token of {to}, which has a pod there",
    cost: 1,
    source: "kubernetes/kubernetes plugin/pkg/auth/authorizer/node/node_authorizer.go",
};

const SECRET: EdgeKind = EdgeKind {
    id: "node-secret",
    words: "reads {to} of a pod there",
    cost: 1,
    source: TOKEN.source,
};

const KEYS: EdgeKind = EdgeKind {
    id: "control-plane",
    words: "takes the keys of the control plane, which signs for anybody",
    cost: 1,
    source: "kubernetes/website content/en/docs/concepts/security/api-server-bypass-risks.md",
};

const CONTROL_PLANE: [&str; 2] = [
    "node-role.kubernetes.io/control-plane",
    "node-role.kubernetes.io/master",
];

pub(super) fn reach(b: &mut Builder<'_, '_>) {
    let any = b.graph.node(Node::AnyMachine);
    let mut names: BTreeSet<Str> = b.env.machines.keys().cloned().collect();
    names.extend(b.env.crowds.iter().flat_map(|c| c.machines.iter().cloned()));
    for name in &names {
        let machine = b.graph.node(Node::Machine(name.clone()));
        b.pass(any, machine, &PASS);
    }
    let mut accounts: BTreeSet<(Str, Subject)> = BTreeSet::new();
    let mut secrets: BTreeSet<(Str, Node)> = BTreeSet::new();
    for crowd in b.env.crowds.iter().filter(|crowd| !crowd.mirror) {
        for machine in &crowd.machines {
            accounts.insert((machine.clone(), crowd.account.clone()));
            let own = crowd.secrets.iter().map(|(name, _)| name);
            for name in own.chain(&crowd.pull_secrets) {
                let node = Node::Secret(crowd.workload.namespace.clone(), name.clone());
                secrets.insert((machine.clone(), node));
            }
        }
    }
    for (machine, account) in accounts {
        let from = b.graph.node(Node::Machine(machine));
        let to = tokens::token_of(b, account);
        b.graph.push(Builder::edge(from, to, &TOKEN, Vec::new()));
    }
    for (machine, node) in secrets {
        let (from, to) = (b.graph.node(Node::Machine(machine)), b.graph.node(node));
        b.graph.push(Builder::edge(from, to, &SECRET, Vec::new()));
    }
    let control = b.env.machines.values().filter_map(|machine| {
        let labels = &machine.meta.labels;
        let label = CONTROL_PLANE
            .into_iter()
            .find(|l| labels.get(l).is_some())?;
        let path = format!("metadata.labels['{label}']");
        let value = labels.get(label)?;
        let evidence = Evidence::explicit(&machine.meta.key, path, value);
        Some((machine.meta.key.name.clone(), evidence))
    });
    for (name, evidence) in control.collect::<Vec<_>>() {
        let from = b.graph.node(Node::Machine(name));
        let to = b.graph.node(Node::ClusterAdmin);
        b.graph
            .push(Builder::edge(from, to, &KEYS, vec![Cause::Fact(evidence)]));
    }
}
