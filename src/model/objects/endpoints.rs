//! EndpointSlice: what really stands behind a Service.

use crate::model::{Meta, Str};

/// An EndpointSlice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct EndpointSlice {
    /// Metadata.
    pub meta: Meta,
    /// Name of the service, from `kubernetes.io/service-name`; `None` for a manual slice without it.
    pub service: Option<Str>,
    /// Endpoints.
    pub endpoints: Box<[Endpoint]>,
    /// Ports.
    pub ports: Box<[EndpointPort]>,
}

/// One endpoint.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Endpoint {
    /// Addresses.
    pub addresses: Box<[Str]>,
    /// The pod behind it, by name, in the slice's namespace.
    pub pod: Option<Str>,
    /// `conditions.ready`; absent means true.
    pub ready: bool,
}

/// A port of every endpoint of the slice.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct EndpointPort {
    /// Name; empty for a single unnamed port.
    pub name: Str,
    /// Number; `None` means all ports.
    pub port: Option<u16>,
    /// TCP, UDP or SCTP.
    pub protocol: Str,
}
