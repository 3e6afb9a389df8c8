//! NetworkPolicy as written: absent and empty are different things here and stay apart.

use crate::model::{Meta, Str};

use super::selector::Selector;

/// A NetworkPolicy.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct NetworkPolicy {
    /// Metadata.
    pub meta: Meta,
    /// `podSelector`; empty selects every pod of the namespace.
    pub pods: Selector,
    /// `policyTypes` as written; empty when absent (then defaulted by the rules of the API).
    pub types: Box<[Str]>,
    /// `ingress`; `None` when absent.
    pub ingress: Option<Box<[PolicyRule]>>,
    /// `egress`; `None` when absent.
    pub egress: Option<Box<[PolicyRule]>>,
}

/// One ingress or egress rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PolicyRule {
    /// `from` or `to`; absent or empty is every peer.
    pub peers: Box<[Peer]>,
    /// `ports`; absent or empty is every port.
    pub ports: Box<[PolicyPort]>,
}

/// One peer.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Peer {
    /// Pods by selectors; `None` is an absent selector, not an empty one.
    Pods {
        /// `namespaceSelector`; absent is the policy's own namespace.
        namespaces: Option<Selector>,
        /// `podSelector`; absent is every pod of the chosen namespaces.
        pods: Option<Selector>,
    },
    /// `ipBlock`, as written.
    Block {
        /// CIDR.
        cidr: Str,
        /// Exceptions.
        except: Box<[Str]>,
    },
}

/// One port of a rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PolicyPort {
    /// TCP when absent.
    pub protocol: Option<Str>,
    /// Number, name, or every port.
    pub port: Option<PortRef>,
    /// `endPort`.
    pub end: Option<u16>,
}

/// A port by number or by name.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum PortRef {
    /// Number.
    Number(u16),
    /// Name, resolved at the destination.
    Name(Str),
}
