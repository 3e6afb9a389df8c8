//! What code in a container comes by: the token that is mounted (E23), Secrets that it holds (E24), the node that its settings
//! do not keep from it (E01 to E10).

use super::super::build::Builder;
use super::super::crowd::{Crowd, Found};
use super::super::edge::{Cause, Edge, EdgeKind};
use super::super::node::Node;
use super::PASS;
use crate::model::Str;
use crate::model::cluster::SourceName;

const TOKEN: EdgeKind = EdgeKind {
    id: "mounted-token",
    words: "takes the token of {to} that is mounted there",
    cost: 1,
    source: "kubernetes/kubernetes plugin/pkg/admission/serviceaccount/admission.go",
};

const SECRET: EdgeKind = EdgeKind {
    id: "mounted-secret",
    words: "takes {to} that a container holds",
    cost: 1,
    source: "kubernetes/api core/v1 Volume, EnvVarSource",
};

const ESCAPE: EdgeKind = EdgeKind {
    id: "escape-container",
    words: "leaves its container, and owns its node",
    cost: 1,
    source: "Linux capabilities(7); Pod Security Standards, Baseline",
};

/// Where a workload will run is not known: its pods are not there yet, or not in these files.
const UNPLACED: EdgeKind = EdgeKind {
    id: "unplaced-node",
    words: "comes by what its node holds, which may lead to {to}",
    cost: 2,
    source: ESCAPE.source,
};

pub(super) fn reach(b: &mut Builder<'_, '_>, namespace: &Str) {
    let crowds = b.env.crowds.get(namespace).cloned();
    for crowd in crowds.iter().flat_map(|here| here.iter()) {
        let from = b
            .graph
            .node(Node::Inside(crowd.workload.clone(), crowd.form));
        if let Some(token) = &crowd.token {
            let to = b.actor(crowd.account.clone());
            b.graph.push(told(from, to, &TOKEN, token));
        }
        for secret in &crowd.secrets {
            let node = Node::Secret(crowd.workload.namespace.clone(), secret.name.clone());
            let to = b.graph.node(node);
            let causes = vec![Cause::Fact(secret.evidence.clone())];
            b.graph.push(Builder::edge(from, to, &SECRET, causes));
        }
        if let Some(escape) = &crowd.escape {
            let node = Node::MachinesOf(crowd.workload.clone(), crowd.form);
            let to = b.graph.node(node);
            b.graph.push(told(from, to, &ESCAPE, escape));
            if crowd.machines.is_empty() {
                let all = b.graph.node(Node::ClusterAdmin);
                let mut edge = Builder::edge(to, all, &UNPLACED, Vec::new());
                edge.unsure = Some(unplaced(b, crowd));
                b.graph.push(edge);
            }
            for machine in crowd.machines.keys() {
                let machine = b.graph.node(Node::Machine(machine.clone()));
                b.pass(to, machine, &PASS);
            }
        }
    }
}

/// Why it is not known on which node a workload runs.
fn unplaced(b: &Builder<'_, '_>, crowd: &Crowd) -> String {
    if b.view.cluster().source == SourceName::Files && crowd.pods.is_empty() {
        "on which node it runs, and what that node holds, is not in these files".to_owned()
    } else {
        "none of its pods has a node yet: what that node holds is not known".to_owned()
    }
}

fn told<'a>(from: usize, to: usize, kind: &'static EdgeKind, found: &Found) -> Edge<'a> {
    let facts = found.evidence.iter().cloned().map(Cause::Fact);
    Edge {
        note: Some(found.says.clone()),
        unsure: found.unsure.clone(),
        cuts: found.cuts.clone(),
        ..Builder::edge(from, to, kind, facts.collect())
    }
}
