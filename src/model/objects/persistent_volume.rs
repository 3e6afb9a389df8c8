//! PersistentVolume: where it lies on a node, if it does, and who claims it.

use crate::model::{Meta, Str};

/// A PersistentVolume. Sources that lie on no node are not kept.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct PersistentVolume {
    /// Metadata.
    pub meta: Meta,
    /// `hostPath.path` or `local.path`, as written.
    pub node_path: Option<NodePath>,
    /// `claimRef`, as namespace and name.
    pub claim: Option<(Str, Str)>,
    /// Secrets that the kubelet is given for its driver, as namespace and name (`VisitPVSecretNames` in kubernetes/kubernetes
    /// `pkg/api/v1/persistentvolume/util.go`).
    #[serde(default)]
    pub secrets: Box<[(Str, Str)]>,
}

/// A path of the node.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct NodePath {
    /// As written.
    pub path: Str,
    /// `local`, which is bound to one node; else `hostPath`.
    pub local: bool,
}

impl NodePath {
    /// The field that holds it.
    pub fn field(&self) -> &'static str {
        if self.local {
            "spec.local.path"
        } else {
            "spec.hostPath.path"
        }
    }
}
