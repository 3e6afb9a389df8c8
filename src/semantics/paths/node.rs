//! What a path leads through: somebody, something, or a right that many hold and that reaches many.
//!
//! A right in a place (`Pods(shop)`: makes pods in shop) is a node of its own. Whoever holds it has one edge to it, and it has
//! one edge to each thing that it reaches: rights and objects add up, and never multiply.

use std::fmt;

use crate::model::{ObjectKey, Str, Subject};

/// A namespace, or every one.
pub type Place = Option<Str>;

/// A node of the graph.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Node {
    /// Somebody who may call the API.
    Actor(Subject),
    /// The same with roles that it bound to itself, each with the place where it is bound.
    Gained(Subject, Vec<(ObjectKey, Place)>),
    /// Code in a container of a workload: of the pods of one form, which the number tells from others.
    Inside(ObjectKey, usize),
    /// Root on a node.
    Machine(Str),
    /// Root on each node that runs pods of a workload.
    MachinesOf(ObjectKey, usize),
    /// Root on a node of one's choice.
    AnyMachine,
    /// Every verb on every resource.
    ClusterAdmin,
    /// Every verb on every resource of a namespace.
    NamespaceAdmin(Str),
    /// Reads every Secret of a place.
    Secrets(Place),
    /// Reads one Secret; without a namespace, those of this name in every namespace.
    Secret(Place, Str),
    /// Acts with an identity of the cloud.
    Cloud,
    /// Holds a token of an account.
    Token(Subject),
    /// Makes pods.
    Pods(Place),
    /// Starts commands in running containers.
    Enter(Place),
    /// Replaces images, or adds containers: not in pods that the kubelet runs from files.
    Alter(Place),
    /// Adds containers of any kind to running pods.
    Debug(Place),
    /// Comes by a token of an account that exists.
    Accounts(Place),
    /// Comes by a token that lies in a Secret: good for the API server alone.
    Filled(Place),
    /// Comes by a token of an account that bindings name and nobody made.
    Makeable(Place),
    /// Acts as a service account, whether it exists or not.
    Likenesses(Place),
    /// Acts as a user.
    Users,
    /// Acts as a member of a group.
    Members,
    /// Acts as any user, with any group but `system:masters`.
    Anybody,
}

impl Node {
    /// A step may end here: somebody who goes on, or something that is had. The rest are rights, passed through.
    pub fn is_stand(&self) -> bool {
        matches!(
            self,
            Node::Actor(_)
                | Node::Gained(..)
                | Node::Token(_)
                | Node::Inside(..)
                | Node::Machine(_)
                | Node::MachinesOf(..)
                | Node::AnyMachine
                | Node::ClusterAdmin
                | Node::NamespaceAdmin(_)
                | Node::Secrets(_)
                | Node::Secret(..)
                | Node::Cloud
        )
    }

    /// Where it counts, in words; empty where a place says nothing.
    pub fn at(&self) -> String {
        match self {
            Node::Pods(place)
            | Node::Enter(place)
            | Node::Alter(place)
            | Node::Debug(place)
            | Node::Accounts(place)
            | Node::Filled(place)
            | Node::Makeable(place)
            | Node::Likenesses(place)
            | Node::Secrets(place)
            | Node::Secret(place, _) => in_place(place),
            Node::NamespaceAdmin(name) => format!("in {name}"),
            Node::ClusterAdmin => "in the cluster".to_owned(),
            _ => String::new(),
        }
    }
}

/// `in shop`, `in any namespace`.
pub fn in_place(place: &Place) -> String {
    match place {
        Some(name) => format!("in {name}"),
        None => "in any namespace".to_owned(),
    }
}

/// As the command line writes subjects, workloads and goals. Not cleaned.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let right = |f: &mut fmt::Formatter<'_>, what: &str, place: &Place| match place {
            Some(name) => write!(f, "right:{what}/{name}"),
            None => write!(f, "right:{what}/*"),
        };
        match self {
            Node::Actor(subject) => subject.fmt(f),
            Node::Gained(subject, roles) => {
                write!(f, "{subject} with ")?;
                for (at, (role, place)) in roles.iter().enumerate() {
                    let and = if at == 0 { "" } else { " and " };
                    match (&role.namespace, place) {
                        (None, Some(place)) => write!(f, "{and}{role} in {place}")?,
                        _ => write!(f, "{and}{role}")?,
                    }
                }
                Ok(())
            }
            Node::Inside(key, _) => workload(f, key),
            Node::Machine(name) => write!(f, "node:{name}"),
            Node::MachinesOf(key, _) => {
                f.write_str("node of ")?;
                workload(f, key)
            }
            Node::AnyMachine => f.write_str("node:*"),
            Node::ClusterAdmin => f.write_str("cluster-admin"),
            Node::NamespaceAdmin(name) => write!(f, "namespace-admin:{name}"),
            Node::Secrets(None) => f.write_str("secret:*/*"),
            Node::Secrets(Some(namespace)) => write!(f, "secret:{namespace}/*"),
            Node::Secret(namespace, name) => {
                write!(f, "secret:{}/{name}", namespace.as_deref().unwrap_or("*"))
            }
            Node::Cloud => f.write_str("cloud"),
            Node::Token(subject) => write!(f, "token of {subject}"),
            Node::Pods(place) => right(f, "make-pods", place),
            Node::Enter(place) => right(f, "enter-pods", place),
            Node::Alter(place) => right(f, "alter-pods", place),
            Node::Debug(place) => right(f, "debug-pods", place),
            Node::Accounts(place) => right(f, "tokens", place),
            Node::Filled(place) => right(f, "lasting-tokens", place),
            Node::Makeable(place) => right(f, "tokens-of-missing", place),
            Node::Likenesses(place) => right(f, "act-as-accounts", place),
            Node::Users => f.write_str("right:act-as-users"),
            Node::Members => f.write_str("right:act-as-members"),
            Node::Anybody => f.write_str("right:act-as-anybody"),
        }
    }
}

fn workload(f: &mut fmt::Formatter<'_>, key: &ObjectKey) -> fmt::Result {
    let namespace = key.namespace.as_deref().unwrap_or_default();
    write!(f, "{}/{namespace}/{}", key.kind.short(), key.name)
}
