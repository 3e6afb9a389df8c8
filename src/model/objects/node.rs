//! Node.

use crate::model::{Meta, Str};

/// A Node. Its heartbeat is not kept: it would make every node a change each few seconds.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Node {
    /// Metadata.
    pub meta: Meta,
    /// Addresses as (type, address).
    pub addresses: Box<[(Str, Str)]>,
    /// `status.nodeInfo.kubeletVersion`.
    pub kubelet: Str,
    /// `status.nodeInfo.containerRuntimeVersion`.
    pub runtime: Str,
    /// `status.nodeInfo.osImage`.
    pub os: Str,
    /// `status.nodeInfo.kernelVersion`.
    pub kernel: Str,
    /// `spec.providerID`, up to `://`.
    pub provider: Str,
    /// The Ready condition is True.
    pub ready: bool,
}
