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
use std::rc::Rc;

use rustc_hash::{FxHashMap, FxHashSet};

use super::super::build::Builder;
use super::super::crowd::Crowd;
use super::super::edge::{Cause, EdgeKind};
use super::super::graph::Graph;
use super::super::node::{Node, Place};
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

const LOGIN: &str = "system:node:";

/// What kubelets have.
struct Kubelets<'c> {
    /// By node: what its pods refer to.
    references: BTreeMap<Str, References>,
    /// By node: what stands there.
    there: FxHashMap<&'c Str, There<'c>>,
    /// A token that no volume asks for may be refused.
    restricted: bool,
}

/// What stands on a node.
#[derive(Default)]
struct There<'c> {
    /// Accounts that have a token in a pod.
    mounted: FxHashSet<&'c Subject>,
    /// A pod of the account.
    runs: FxHashMap<&'c Subject, &'c ObjectKey>,
    /// A pod that is given the Secret, by its namespace and name.
    given: FxHashMap<(&'c Place, &'c Str), &'c ObjectKey>,
    /// A pod of a namespace: one of them refers to a Secret by another way.
    near: FxHashMap<&'c str, &'c ObjectKey>,
}

/// The edges of these nodes and of their kubelets; of all nodes, where none are named.
pub(super) fn reach(b: &mut Builder<'_, '_>, only: Option<&BTreeSet<Str>>) {
    let any = b.graph.node(Node::AnyMachine);
    let all = Rc::clone(&b.env.crowds);
    let crowds = all.values().flat_map(|here| here.iter());
    let wanted = |name: &Str| only.is_none_or(|only| only.contains(name));
    let kubelets = Kubelets::of(b, crowds, wanted);
    let mut names: BTreeSet<Str> = b.env.machines.keys().cloned().collect();
    names.extend(kubelets.references.keys().cloned());
    names.retain(wanted);
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
    if only.is_none() {
        host_files::reach(b, |machine| control.get(machine).cloned());
    }
}

impl<'c> Kubelets<'c> {
    fn of(
        b: &Builder<'_, '_>,
        crowds: impl Iterator<Item = &'c Crowd>,
        wanted: impl Fn(&Str) -> bool,
    ) -> Kubelets<'c> {
        b.view.widen_reads();
        let mut there = FxHashMap::<&Str, There<'_>>::default();
        for crowd in crowds {
            let home = &crowd.workload.namespace;
            let machines = crowd.machines.iter();
            for (machine, pod) in machines.filter(|(machine, _)| wanted(machine)) {
                let there = there.entry(machine).or_default();
                if crowd.token.is_some() {
                    there.mounted.insert(&crowd.account);
                }
                there.runs.entry(&crowd.account).or_insert(pod);
                there.near.entry(pod.home()).or_insert(pod);
                for held in &crowd.secrets {
                    there.given.entry((home, &held.name)).or_insert(pod);
                }
            }
        }
        Kubelets {
            references: References::on(b.view, wanted),
            there,
            restricted: is_restricted(b),
        }
    }

    /// The edges of somebody who holds the rights of this node's kubelet.
    fn reach(&self, b: &mut Builder<'_, '_>, from: usize, node: &Str) {
        let Some(found) = self.references.get(node) else {
            return;
        };
        let there = self.there.get(node);
        for key in &found.accounts {
            let account = Subject::account_of(&key.0, &key.1);
            let mounted = there.is_some_and(|there| there.mounted.contains(&account));
            let asked_for = mounted || found.tokens.contains(key);
            let runs = there.and_then(|there| there.runs.get(&account));
            let causes = stands(runs.copied(), node);
            let to = tokens::token_of(b, account);
            let mut edge = Builder::edge(from, to, &TOKEN, causes);
            edge.unsure = (self.restricted && !asked_for).then(|| NO_TOKEN.to_owned());
            b.graph.push(edge);
        }
        for (namespace, name) in &found.secrets {
            let home = Some(namespace.clone());
            let pod = there.and_then(|there| {
                let given = there.given.get(&(&home, name));
                given.or_else(|| there.near.get(&**namespace))
            });
            let causes = stands(pod.copied(), node);
            let secret = Node::Secret(home.clone(), name.clone());
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
fn logins(b: &mut Builder<'_, '_>, names: &BTreeSet<Str>, kubelets: &Kubelets<'_>) {
    let anybody = b.graph.node(Node::Anybody);
    let issued = is_issued(&b.graph);
    let group = b.env.actors.contains(&Subject::Group(NODES.into()));
    let open = host_files::open_logins(b.env.crowds());
    for name in names {
        let login = login(name);
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

/// Somebody can have a certificate made out to anybody.
pub(in super::super) fn is_issued(graph: &Graph<'_>) -> bool {
    // Whoever holds everything is these logins as well, and gains nothing by it.
    let everything = graph.find(&Node::ClusterAdmin);
    graph.find(&Node::Anybody).is_some_and(|anybody| {
        let mut issues = graph.entering(anybody);
        issues.any(|edge| Some(edge.from) != everything)
    })
}

/// The login of the kubelet of a node.
pub(in super::super) fn login(node: &str) -> Subject {
    Subject::User(format!("{LOGIN}{node}").into())
}

/// The node whose kubelet has this login, which has more than its rights.
pub(in super::super) fn node_of(login: &Subject) -> Option<Str> {
    match login {
        Subject::User(name) => name.strip_prefix(LOGIN).map(Str::from),
        _ => None,
    }
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
