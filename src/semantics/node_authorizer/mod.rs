//! What kubelets may do: the Node authorizer, which stands before RBAC wherever kubelets have logins of their own.
//!
//! A login named `system:node:NAME` in the group `system:nodes` reads what the pods of its node refer to, has tokens of their
//! accounts, and keeps its own objects; everything else it is allowed by fixed rules, as every node is. [`node_of`] says
//! whether somebody is a node, [`References`] what its pods refer to, [`decide`] answers one request in the server's own
//! words, [`narrowed`] what admission leaves of a write that is allowed here.
//!
//! Whether a control plane runs the authorizer is not told by the API; every installer that is known turns it on, so it is
//! taken as running. Objects that are not watched (VolumeAttachments, ResourceClaims, ResourceSlices) are not visible.
//!
//! Source: kubernetes/kubernetes `plugin/pkg/auth/authorizer/node` of v1.36.3, `pkg/auth/nodeidentifier/default.go`.

mod decide;
mod narrowed;
mod references;
#[cfg(test)]
mod tests;

pub use decide::{Opinion, decide};
pub use narrowed::narrowed;
pub use references::References;

use super::rbac::Identity;

/// Group of every kubelet.
pub const NODES: &str = "system:nodes";
const PREFIX: &str = "system:node:";

/// The node whose kubelet this is. The name may be empty: then no node is known and nothing is allowed.
pub fn node_of(who: &Identity) -> Option<&str> {
    let name = who.name()?.strip_prefix(PREFIX)?;
    let member = who.groups().iter().any(|group| &**group == NODES);
    member.then_some(name)
}
