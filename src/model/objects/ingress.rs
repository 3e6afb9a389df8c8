//! Ingress and IngressClass.

use crate::model::{Meta, Str};

/// An Ingress.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Ingress {
    /// Metadata.
    pub meta: Meta,
    /// `ingressClassName`.
    pub class: Option<Str>,
    /// Rules in order.
    pub rules: Box<[IngressRule]>,
    /// `defaultBackend`.
    pub default_backend: Option<Backend>,
    /// Hosts of each `tls` entry, in order; an entry without hosts covers none by name.
    pub tls: Box<[Box<[Str]>]>,
    /// Addresses of the status, IPs or host names.
    pub addresses: Box<[Str]>,
}

/// One rule.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct IngressRule {
    /// Host; `None` is every host.
    pub host: Option<Str>,
    /// Path and backend of each entry.
    pub paths: Box<[(Str, Backend)]>,
}

/// A backend.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum Backend {
    /// A service of the namespace, with port name or number as text.
    Service(Str, Str),
    /// Another resource.
    Resource(Str),
}

/// An IngressClass.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct IngressClass {
    /// Metadata.
    pub meta: Meta,
    /// Controller name.
    pub controller: Str,
    /// Annotated as the default class.
    pub default: bool,
}
