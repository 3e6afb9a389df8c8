//! What is worth reaching.

use std::fmt;

use super::graph::Graph;
use super::node::Node;
use crate::model::{Str, Subject};

/// A goal, as the command line names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Goal {
    /// Every verb on every resource.
    ClusterAdmin,
    /// Root on some node.
    NodeRoot,
    /// Every Secret of `kube-system`.
    KubeSystemSecrets,
    /// Some Secret.
    AnySecret,
    /// Every Secret of some namespace.
    NamespaceSecrets,
    /// Every verb on every resource of a namespace.
    NamespaceAdmin(Str),
    /// Acting as an account.
    Account(Str, Str),
    /// One Secret.
    Secret(Str, Str),
    /// An identity of the cloud.
    Cloud,
}

impl Goal {
    /// Every form, for help texts.
    pub const FORMS: &'static str = "cluster-admin, node-root, kube-system-secrets, any-secret, namespace-admin:NAMESPACE, sa:NAMESPACE/NAME, secret:NAMESPACE/NAME, cloud";

    /// From its name.
    pub fn parse(text: &str) -> Option<Goal> {
        let pair = |rest: &str| {
            let (namespace, name) = rest.split_once('/')?;
            let whole = !namespace.is_empty() && !name.is_empty() && !name.contains('/');
            whole.then(|| (Str::from(namespace), Str::from(name)))
        };
        Some(match text {
            "cluster-admin" => Goal::ClusterAdmin,
            "node-root" => Goal::NodeRoot,
            "kube-system-secrets" => Goal::KubeSystemSecrets,
            "any-secret" => Goal::AnySecret,
            "cloud" => Goal::Cloud,
            _ => match text.split_once(':')? {
                ("namespace-admin", name) if !name.is_empty() => Goal::NamespaceAdmin(name.into()),
                ("sa", rest) => pair(rest).map(|(ns, name)| Goal::Account(ns, name))?,
                ("secret", rest) => pair(rest).map(|(ns, name)| Goal::Secret(ns, name))?,
                _ => return None,
            },
        })
    }

    /// Whether a node is the goal, or more than it.
    pub fn is_met(&self, node: &Node) -> bool {
        let in_place = |place: &Option<Str>, wanted: &str| {
            place.as_deref().is_none_or(|place| place == wanted)
        };
        match self {
            Goal::ClusterAdmin => *node == Node::ClusterAdmin,
            Goal::NodeRoot => matches!(
                node,
                Node::Machine(_) | Node::MachinesOf(..) | Node::AnyMachine
            ),
            Goal::KubeSystemSecrets => {
                matches!(node, Node::Secrets(place) if in_place(place, "kube-system"))
            }
            Goal::AnySecret => matches!(node, Node::Secrets(_) | Node::Secret(..)),
            Goal::NamespaceSecrets => matches!(node, Node::Secrets(_)),
            Goal::NamespaceAdmin(name) => match node {
                Node::ClusterAdmin => true,
                Node::NamespaceAdmin(other) => other == name,
                _ => false,
            },
            Goal::Account(namespace, name) => {
                *node == Node::Actor(Subject::account(namespace, name))
            }
            Goal::Secret(namespace, name) => match node {
                Node::Secrets(place) => in_place(place, namespace),
                Node::Secret(place, other) => in_place(place, namespace) && other == name,
                _ => false,
            },
            Goal::Cloud => *node == Node::Cloud,
        }
    }

    /// For each node of a graph, whether it is the goal.
    pub(super) fn targets(&self, graph: &Graph<'_>) -> Vec<bool> {
        graph.nodes().iter().map(|node| self.is_met(node)).collect()
    }
}

impl fmt::Display for Goal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Goal::ClusterAdmin => f.write_str("cluster-admin"),
            Goal::NodeRoot => f.write_str("node-root"),
            Goal::KubeSystemSecrets => f.write_str("kube-system-secrets"),
            Goal::AnySecret => f.write_str("any-secret"),
            Goal::NamespaceSecrets => f.write_str("namespace-secrets"),
            Goal::NamespaceAdmin(name) => write!(f, "namespace-admin:{name}"),
            Goal::Account(namespace, name) => write!(f, "sa:{namespace}/{name}"),
            Goal::Secret(namespace, name) => write!(f, "secret:{namespace}/{name}"),
            Goal::Cloud => f.write_str("cloud"),
        }
    }
}
