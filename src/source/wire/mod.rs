//! Wire forms: slim serde structs that turn one object of the API into facts. Shared by all sources, used by none after.
//!
//! One file per kind (or per family with one shape). Nothing here is kept: a wire struct borrows the text it is read
//! from and is dropped when its facts are made. Values of environment variables and arguments are classified and
//! dropped here; a Secret has no wire form at all.

mod access;
mod admission;
mod certificate;
mod cluster_policy;
mod container;
mod endpoints;
mod environment;
mod fields;
mod gateway;
mod gateway_route;
mod ingress;
mod lenient;
pub mod list;
mod metadata;
mod namespace;
mod network_policy;
mod node;
mod openshift_route;
mod path;
mod persistent_volume;
mod pod;
mod pod_spec;
mod pool;
#[cfg(test)]
mod properties;
mod reference_grant;
mod selector;
mod service;
mod target;
#[cfg(test)]
mod testing;
mod volume;
mod workload;

use std::fmt;

use serde::de::{Deserialize, Deserializer};

use crate::model::{Kind, Object, ObjectKey};

pub use pool::{LONGEST_TEXT, Pool};

/// An object that is not what its kind should be.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DecodeError {
    /// Path of the field, `spec.containers[0].image`; empty for the object itself.
    pub path: String,
    /// What is wrong with it.
    pub why: String,
}

impl DecodeError {
    pub(crate) fn at(path: impl Into<String>, why: impl Into<String>) -> DecodeError {
        DecodeError {
            path: path.into(),
            why: why.into(),
        }
    }
}

impl fmt::Display for DecodeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.path.is_empty() {
            f.write_str(&self.why)
        } else {
            write!(f, "{}: {}", self.path, self.why)
        }
    }
}

impl std::error::Error for DecodeError {}

/// A wire form: what is read of an object, and how it becomes facts.
trait Wire<'de>: Deserialize<'de> {
    fn fact(self, kind: Kind, pool: &mut Pool) -> Result<Object, DecodeError>;
}

/// Decodes an object of a kind from any serde format that describes itself. A type error carries no path here: use
/// [`decode_json`] or [`decode_value`] where a person will read it.
pub fn decode<'de, D: Deserializer<'de>>(
    kind: Kind,
    from: D,
    pool: &mut Pool,
) -> Result<Object, DecodeError> {
    match kind {
        Kind::Namespace => read::<namespace::NamespaceWire<'_>, D>(kind, from, pool),
        Kind::Node => read::<node::NodeWire<'_>, D>(kind, from, pool),
        Kind::ServiceAccount => read::<access::AccountWire<'_>, D>(kind, from, pool),
        Kind::Role | Kind::ClusterRole => read::<access::RoleWire<'_>, D>(kind, from, pool),
        Kind::RoleBinding | Kind::ClusterRoleBinding => {
            read::<access::BindingWire<'_>, D>(kind, from, pool)
        }
        Kind::NetworkPolicy => read::<network_policy::NetworkPolicyWire<'_>, D>(kind, from, pool),
        Kind::AdminNetworkPolicy
        | Kind::BaselineAdminNetworkPolicy
        | Kind::ClusterNetworkPolicy => {
            read::<cluster_policy::ClusterPolicyWire<'_>, D>(kind, from, pool)
        }
        Kind::Service => read::<service::ServiceWire<'_>, D>(kind, from, pool),
        Kind::EndpointSlice => read::<endpoints::SliceWire<'_>, D>(kind, from, pool),
        Kind::Ingress => read::<ingress::IngressWire<'_>, D>(kind, from, pool),
        Kind::IngressClass => read::<ingress::IngressClassWire<'_>, D>(kind, from, pool),
        Kind::Gateway => read::<gateway::GatewayWire<'_>, D>(kind, from, pool),
        Kind::HTTPRoute | Kind::GRPCRoute | Kind::TLSRoute | Kind::TCPRoute | Kind::UDPRoute => {
            read::<gateway_route::RouteWire<'_>, D>(kind, from, pool)
        }
        Kind::ListenerSet => read::<gateway::ListenerSetWire<'_>, D>(kind, from, pool),
        Kind::ReferenceGrant => read::<reference_grant::GrantWire<'_>, D>(kind, from, pool),
        Kind::Route => read::<openshift_route::OpenShiftRouteWire<'_>, D>(kind, from, pool),
        Kind::ValidatingWebhookConfiguration | Kind::MutatingWebhookConfiguration => {
            read::<admission::WebhooksWire<'_>, D>(kind, from, pool)
        }
        Kind::CertificateSigningRequest => {
            read::<certificate::CertificateWire<'_>, D>(kind, from, pool)
        }
        Kind::PersistentVolume => read::<persistent_volume::VolumeWire<'_>, D>(kind, from, pool),
        Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet | Kind::Job | Kind::ReplicaSet => {
            read::<workload::WorkloadWire<'_>, D>(kind, from, pool)
        }
        Kind::ReplicationController => read::<workload::ControllerWire<'_>, D>(kind, from, pool),
        Kind::CronJob => read::<workload::CronJobWire<'_>, D>(kind, from, pool),
        Kind::Pod => read::<pod::PodWire<'_>, D>(kind, from, pool),
        Kind::ValidatingAdmissionPolicy => read::<admission::PolicyWire<'_>, D>(kind, from, pool),
        Kind::ValidatingAdmissionPolicyBinding => {
            read::<admission::PolicyBindingWire<'_>, D>(kind, from, pool)
        }
        Kind::CustomResourceDefinition
        | Kind::ResourceQuota
        | Kind::LimitRange
        | Kind::CiliumNetworkPolicy
        | Kind::CiliumClusterwideNetworkPolicy
        | Kind::EgressFirewall
        | Kind::EgressNetworkPolicy => read::<metadata::Only<'_>, D>(kind, from, pool),
    }
}

/// Decodes an object of a kind from JSON text; the error names the field.
pub fn decode_json(kind: Kind, raw: &str, pool: &mut Pool) -> Result<Object, DecodeError> {
    located(raw, |from| decode(kind, from, pool))
}

/// Decodes an object of a kind from a value; the error names the field.
pub fn decode_value(
    kind: Kind,
    value: &serde_json::Value,
    pool: &mut Pool,
) -> Result<Object, DecodeError> {
    // A value has no positions: only when it fails is it printed and read again for the path.
    decode(kind, value, pool).or_else(|_| decode_json(kind, &value.to_string(), pool))
}

/// Decodes the metadata alone, of a kind that was asked for as `PartialObjectMetadata`.
pub fn decode_meta(kind: Kind, raw: &str, pool: &mut Pool) -> Result<Object, DecodeError> {
    located(raw, |from| read::<metadata::Only<'_>, _>(kind, from, pool))
}

/// The identity alone, of an object that does not decode: its row still has a name.
pub fn identity(kind: Kind, raw: &str, pool: &mut Pool) -> Option<ObjectKey> {
    let names = serde_json::from_str::<metadata::Identity<'_>>(raw)
        .ok()?
        .metadata;
    metadata::Metadata::named(names.name, names.namespace)
        .key(kind, pool)
        .ok()
}

fn read<'de, W: Wire<'de>, D: Deserializer<'de>>(
    kind: Kind,
    from: D,
    pool: &mut Pool,
) -> Result<Object, DecodeError> {
    let wire = W::deserialize(from).map_err(|e| DecodeError::at("", e.to_string()))?;
    wire.fact(kind, pool)
}

/// Runs a decoder over text; a type error, which knows only where it stopped, gets the path of that place.
fn located<'de, T>(
    raw: &'de str,
    decode: impl FnOnce(
        &mut serde_json::Deserializer<serde_json::de::StrRead<'de>>,
    ) -> Result<T, DecodeError>,
) -> Result<T, DecodeError> {
    decode(&mut serde_json::Deserializer::from_str(raw)).map_err(|error| path::located(raw, error))
}
