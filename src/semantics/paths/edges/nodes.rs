//! What root on a node comes by (E26, E27), as the Node authorizer lets its kubelet have it: a token of every account that
//! has a pod there, every Secret that such a pod refers to; on a control plane the keys of the cluster. The kubelet's own
//! login is somebody as well: it may be asked about, and a certificate may be made out to it.
//!
//! Since 1.33 the plugin NodeRestriction, where it runs, refuses tokens that no volume of the pod asks for; whether it runs
//! is not told by the API.
//!
//! Source: kubernetes/kubernetes `plugin/pkg/auth/authorizer/node/node_authorizer.go`,
//! `plugin/pkg/admission/noderestriction/admission.go`.

use std::collections::{BTreeMap, BTreeSet};

use super::super::build::{Builder, forget};
use super::super::edge::{Cause, EdgeKind};
use super::super::node::Node;
use super::{PASS, tokens};
use crate::model::{Evidence, Str, Subject};
use crate::semantics::node_authorizer::{NODES, References};

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

const KUBELET: EdgeKind = EdgeKind {
    id: "kubelet-login",
    words: "takes the login of its kubelet, {to}",
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

const NO_TOKEN: &str = "no pod of the account there holds a token: the admission plugin NodeRestriction would refuse one, and whether it runs is not visible";

/// What kubelets have.
struct Kubelets {
    /// By node: what its pods refer to.
    references: BTreeMap<Str, References>,
    /// Accounts that have a token in a pod on a node.
    mounted: BTreeSet<(Str, Subject)>,
    /// A token that no volume asks for may be refused.
    restricted: bool,
}

pub(super) fn reach(b: &mut Builder<'_, '_>) {
    let any = b.graph.node(Node::AnyMachine);
    let kubelets = Kubelets::of(b);
    let mut names: BTreeSet<Str> = b.env.machines.keys().cloned().collect();
    names.extend(kubelets.references.keys().cloned());
    for name in &names {
        let machine = b.graph.node(Node::Machine(name.clone()));
        b.pass(any, machine, &PASS);
        kubelets.reach(b, machine, name);
    }
    logins(b, &names, &kubelets);
    control_planes(b);
}

impl Kubelets {
    fn of(b: &Builder<'_, '_>) -> Kubelets {
        forget(b.view);
        let crowds = b.env.crowds.iter().filter(|crowd| crowd.token.is_some());
        let mounted = crowds.flat_map(|crowd| {
            let machines = crowd.machines.iter();
            machines.map(|machine| (machine.clone(), crowd.account.clone()))
        });
        Kubelets {
            references: References::all(b.view),
            mounted: mounted.collect(),
            restricted: is_restricted(b),
        }
    }

    /// The edges of somebody who holds the rights of this node's kubelet.
    fn reach(&self, b: &mut Builder<'_, '_>, from: usize, node: &Str) {
        let Some(found) = self.references.get(node) else {
            return;
        };
        for key in &found.accounts {
            let account = Subject::account(&key.0, &key.1);
            let asked_for = found.tokens.contains(key)
                || self.mounted.contains(&(node.clone(), account.clone()));
            let to = tokens::token_of(b, account);
            let mut edge = Builder::edge(from, to, &TOKEN, Vec::new());
            edge.unsure = (self.restricted && !asked_for).then(|| NO_TOKEN.to_owned());
            b.graph.push(edge);
        }
        for (namespace, name) in &found.secrets {
            let node = Node::Secret(Some(namespace.clone()), name.clone());
            let to = b.graph.node(node);
            b.graph.push(Builder::edge(from, to, &SECRET, Vec::new()));
        }
    }
}

/// `ServiceAccountNodeAudienceRestriction` is on since 1.33; a server that does not say its version is a new one.
fn is_restricted(b: &Builder<'_, '_>) -> bool {
    let version = b.view.cluster().version.as_ref();
    version.is_none_or(|version| version.major != 1 || version.minor >= 33)
}

/// The logins of kubelets, where they are more than what root on the node has anyhow: somebody asks about one, a binding
/// names them, or a certificate can be made out to them.
fn logins(b: &mut Builder<'_, '_>, names: &BTreeSet<Str>, kubelets: &Kubelets) {
    let anybody = b.graph.node(Node::Anybody);
    // Whoever holds everything is these logins as well, and gains nothing by it.
    let everything = b.graph.node(Node::ClusterAdmin);
    let edges = b.graph.edges().iter();
    let mut issues = edges.filter(|edge| edge.to == anybody && edge.from != everything);
    let issued = issues.next().is_some();
    let group = b.env.actors.contains(&Subject::Group(NODES.into()));
    for name in names {
        let login = Subject::User(format!("system:node:{name}").into());
        if !issued && !group && !b.env.actors.contains(&login) {
            continue;
        }
        let machine = b.graph.node(Node::Machine(name.clone()));
        let kubelet = b.actor(login);
        b.graph
            .push(Builder::edge(machine, kubelet, &KUBELET, Vec::new()));
        b.pass(anybody, kubelet, &PASS);
        kubelets.reach(b, kubelet, name);
    }
}

/// A login that has more than its rights.
pub(in super::super) fn is_kubelet(subject: &Subject) -> bool {
    matches!(subject, Subject::User(name) if name.starts_with("system:node:"))
}

fn control_planes(b: &mut Builder<'_, '_>) {
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
