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

use super::super::build::Builder;
use super::super::edge::{Cause, EdgeKind};
use super::super::node::Node;
use super::{PASS, host_files, tokens};
use crate::model::{Evidence, ObjectKey, Str, Subject};
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
    /// A pod of the account on a node.
    runs: BTreeMap<(Str, Subject), ObjectKey>,
    /// A pod on a node that is given the Secret.
    given: BTreeMap<(Str, Node), ObjectKey>,
    /// A pod of a namespace on a node: one of them refers to a Secret by another way.
    near: BTreeMap<(Str, Str), ObjectKey>,
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
    let control = control_planes(b);
    for (name, evidence) in &control {
        let from = b.graph.node(Node::Machine(name.clone()));
        let to = b.graph.node(Node::ClusterAdmin);
        let causes = vec![Cause::Fact(evidence.clone())];
        b.graph.push(Builder::edge(from, to, &KEYS, causes));
    }
    host_files::reach(b, |machine| control.get(machine).cloned());
}

impl Kubelets {
    fn of(b: &Builder<'_, '_>) -> Kubelets {
        b.view.widen_reads();
        let (mut mounted, mut runs) = (BTreeSet::new(), BTreeMap::new());
        let (mut given, mut near) = (BTreeMap::new(), BTreeMap::new());
        for crowd in b.env.crowds.iter() {
            let secrets: Vec<Node> = crowd
                .secrets
                .iter()
                .map(|held| Node::Secret(crowd.workload.namespace.clone(), held.name.clone()))
                .collect();
            for (machine, pod) in &crowd.machines {
                let there = (machine.clone(), crowd.account.clone());
                if crowd.token.is_some() {
                    mounted.insert(there.clone());
                }
                runs.entry(there).or_insert_with(|| pod.clone());
                let here = (machine.clone(), pod.home().into());
                near.entry(here).or_insert_with(|| pod.clone());
                for secret in &secrets {
                    let secret = given.entry((machine.clone(), secret.clone()));
                    secret.or_insert_with(|| pod.clone());
                }
            }
        }
        Kubelets {
            references: References::all(b.view),
            mounted,
            runs,
            given,
            near,
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
            let runs = self.runs.get(&(node.clone(), account.clone()));
            let to = tokens::token_of(b, account);
            let mut edge = Builder::edge(from, to, &TOKEN, stands(runs, node));
            edge.unsure = (self.restricted && !asked_for).then(|| NO_TOKEN.to_owned());
            b.graph.push(edge);
        }
        for (namespace, name) in &found.secrets {
            let secret = Node::Secret(Some(namespace.clone()), name.clone());
            let given = self.given.get(&(node.clone(), secret.clone()));
            let near = || self.near.get(&(node.clone(), namespace.clone()));
            let causes = stands(given.or_else(near), node);
            let to = b.graph.node(secret);
            b.graph.push(Builder::edge(from, to, &SECRET, causes));
        }
    }
}

/// The pod that the node has it for.
fn stands<'a>(pod: Option<&ObjectKey>, node: &Str) -> Vec<Cause<'a>> {
    let there = pod.map(|pod| Evidence::explicit(pod, "spec.nodeName", node));
    there.map(Cause::Fact).into_iter().collect()
}

/// `ServiceAccountNodeAudienceRestriction` is on since 1.33; a server that does not say its version is a new one.
fn is_restricted(b: &Builder<'_, '_>) -> bool {
    let version = b.view.cluster().version.as_ref();
    version.is_none_or(|version| version.major != 1 || version.minor >= 33)
}

/// The logins of kubelets, where they are more than what root on the node has anyhow: somebody asks about one, a binding
/// names them, a certificate can be made out to them, or a container reads their files.
fn logins(b: &mut Builder<'_, '_>, names: &BTreeSet<Str>, kubelets: &Kubelets) {
    let anybody = b.graph.node(Node::Anybody);
    // Whoever holds everything is these logins as well, and gains nothing by it.
    let everything = b.graph.node(Node::ClusterAdmin);
    let edges = b.graph.edges().iter();
    let mut issues = edges.filter(|edge| edge.to == anybody && edge.from != everything);
    let issued = issues.next().is_some();
    let group = b.env.actors.contains(&Subject::Group(NODES.into()));
    let open = host_files::open_logins(&b.env.crowds);
    for name in names {
        let login = Subject::User(format!("system:node:{name}").into());
        if !issued && !group && !open.contains(name) && !b.env.actors.contains(&login) {
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

/// Nodes of the control plane, each with the label that says so.
fn control_planes(b: &Builder<'_, '_>) -> BTreeMap<Str, Evidence> {
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
    control.collect()
}
