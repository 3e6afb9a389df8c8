//! Gateway API: Gateway and HTTPRoute, when served.

use crate::model::{Meta, Str};

/// A Gateway.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Gateway {
    /// Metadata.
    pub meta: Meta,
    /// `gatewayClassName`.
    pub class: Str,
    /// Listeners.
    pub listeners: Box<[Listener]>,
    /// Addresses of the status.
    pub addresses: Box<[Str]>,
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
}

/// An HTTPRoute.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct HttpRoute {
    /// Metadata.
    pub meta: Meta,
    /// Namespace and name of the gateways it attaches to.
    pub parents: Box<[(Str, Str)]>,
    /// Host names; empty is those of the listener.
    pub hostnames: Box<[Str]>,
    /// Namespace, name and port of the services behind it.
    pub backends: Box<[(Str, Str, u16)]>,
}
