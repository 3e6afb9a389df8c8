//! Gateway API: Gateway, ListenerSet, the routes and ReferenceGrant, when served.

use crate::model::{Meta, Str};

use super::selector::Selector;

/// A Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Gateway {
    /// Metadata.
    pub meta: Meta,
    /// `gatewayClassName`.
    pub class: Str,
    /// Listeners.
    pub listeners: Box<[Listener]>,
    /// `allowedListeners.namespaces`: whose ListenerSets may add to them; none where nothing is written.
    pub sets: Guests,
    /// Addresses of the status.
    pub addresses: Box<[Str]>,
}

/// A ListenerSet: listeners of a Gateway that stand in an object of their own.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ListenerSet {
    /// Metadata.
    pub meta: Meta,
    /// Namespace and name of the Gateway.
    pub parent: (Str, Str),
    /// Listeners.
    pub listeners: Box<[Listener]>,
}

/// One listener.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Listener {
    /// Name.
    pub name: Str,
    /// Hostname; `None` is every host.
    pub hostname: Option<Str>,
    /// Port.
    pub port: u16,
    /// HTTP, HTTPS, TLS, TCP or UDP.
    pub protocol: Str,
    /// `allowedRoutes.namespaces`: whose routes may attach; its own namespace's where nothing is written.
    pub namespaces: Guests,
    /// `allowedRoutes.kinds`; empty is what the protocol implies.
    pub kinds: Box<[Str]>,
}

/// Namespaces from which something may attach.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Guests {
    /// None.
    Nowhere,
    /// The same.
    Same,
    /// All.
    All,
    /// Those that a selector selects.
    Selected(Selector),
}

/// An HTTPRoute, GRPCRoute, TLSRoute, TCPRoute or UDPRoute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Route {
    /// Metadata.
    pub meta: Meta,
    /// What it attaches to.
    pub parents: Box<[Parent]>,
    /// Host names; empty is those of the listener.
    pub hostnames: Box<[Str]>,
    /// Services behind it. Those of weight 0, which get nothing, are left out.
    pub backends: Box<[RouteBackend]>,
}

/// One `parentRefs` entry that names a Gateway or a ListenerSet.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Parent {
    /// A ListenerSet, not a Gateway.
    pub is_set: bool,
    /// Its namespace.
    pub namespace: Str,
    /// Its name.
    pub name: Str,
    /// `sectionName`: only the listener of that name.
    pub section: Option<Str>,
    /// `port`: only listeners on it.
    pub port: Option<u16>,
    /// Condition `Accepted` of the status; `None` where no controller has said.
    pub accepted: Option<bool>,
}

/// A Service behind a route.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct RouteBackend {
    /// Field path of the reference.
    pub path: Str,
    /// Namespace of the Service.
    pub namespace: Str,
    /// Name of the Service.
    pub name: Str,
    /// Port of the Service.
    pub port: u16,
    /// It is sent copies of requests (`requestMirror`).
    pub mirror: bool,
}

/// A ReferenceGrant: who may refer to objects of its namespace.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct ReferenceGrant {
    /// Metadata.
    pub meta: Meta,
    /// Kind and namespace of routes that may.
    pub from: Box<[(Str, Str)]>,
    /// Names of Services that they may refer to; `None` is all.
    pub services: Box<[Option<Str>]>,
}
