//! AdminNetworkPolicy, BaselineAdminNetworkPolicy and ClusterNetworkPolicy: one shape, when served.

use crate::model::{Meta, Str};

use super::selector::Selector;

/// One of them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ClusterPolicy {
    /// Metadata.
    pub meta: Meta,
    /// Before NetworkPolicies, or after them.
    pub tier: Tier,
    /// Lower first; that of a BaselineAdminNetworkPolicy, of which there is one, is 0.
    pub priority: i32,
    /// Whom it is about.
    pub subject: Subject,
    /// Rules of ingress, in order.
    pub ingress: Box<[TierRule]>,
    /// Rules of egress, in order.
    pub egress: Box<[TierRule]>,
}

/// When a policy is asked.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Tier {
    /// Before NetworkPolicies.
    Admin,
    /// After them, of pods that none isolates.
    Baseline,
}

/// Pods by two selectors.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Subject {
    /// Of their namespace.
    pub namespaces: Selector,
    /// Of their own labels; `None` is every pod.
    pub pods: Option<Selector>,
}

/// What a rule does.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Action {
    /// Lets pass (`Allow`, `Accept`).
    Accept,
    /// Does not.
    Deny,
    /// Leaves it to NetworkPolicies.
    Pass,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct TierRule {
    /// Action.
    pub action: Action,
    /// `from` or `to`.
    pub peers: Box<[TierPeer]>,
    /// Ports; `None` is every port.
    pub ports: Option<Box<[TierPort]>>,
}

/// One peer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum TierPeer {
    /// Pods.
    Pods(Subject),
    /// CIDRs, which mean pods too.
    Networks(Box<[Str]>),
    /// Nodes by their labels.
    Nodes(Selector),
    /// Names outside.
    Domains,
    /// None that is known: such a rule fails closed.
    Unknown,
}

/// Ports of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum TierPort {
    /// From first to last.
    Range(Str, u16, u16),
    /// The port of that name at the destination, of whatever protocol.
    Named(Str),
}
