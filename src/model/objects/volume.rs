//! Volumes.

use crate::model::Str;

/// One volume of a pod spec.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Volume {
    /// Name.
    pub name: Str,
    /// Index in `volumes`, for field paths.
    pub index: u16,
    /// What it is.
    pub source: VolumeSource,
}

/// Source of a volume: kept in detail only where a rule reads it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub enum VolumeSource {
    /// `hostPath`: path as written, and type.
    HostPath {
        /// Path on the node.
        path: Str,
        /// `type`; empty without.
        kind: Str,
    },
    /// `secret`: name of the Secret.
    Secret(Str),
    /// `configMap`: name of the ConfigMap.
    ConfigMap(Str),
    /// `projected`: Secrets in it, and service account tokens.
    Projected {
        /// Names of Secrets.
        secrets: Box<[Str]>,
        /// Each `serviceAccountToken` source.
        tokens: Box<[TokenSource]>,
    },
    /// `persistentVolumeClaim`: name of the claim.
    Claim(Str),
    /// `emptyDir`.
    EmptyDir {
        /// `medium`; empty without.
        medium: Str,
        /// `sizeLimit` is set.
        limited: bool,
    },
    /// `csi`: driver name.
    Csi(Str),
    /// `image`: the content of an OCI artifact, mounted read-only (GA in 1.36).
    Image {
        /// `reference`, as written.
        reference: Str,
        /// `pullPolicy`.
        pull: Option<Str>,
    },
    /// Any other source, by its field name (`nfs`, `downwardAPI`, ...).
    Other(Str),
}

/// A `serviceAccountToken` source of a projected volume.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct TokenSource {
    /// `audience`; empty is the API server's own.
    pub audience: Str,
    /// `expirationSeconds`; `None` is Kubernetes' default, one hour.
    pub seconds: Option<i64>,
}

impl VolumeSource {
    /// An `emptyDir` with nothing set.
    pub fn empty_dir() -> VolumeSource {
        VolumeSource::EmptyDir {
            medium: Str::from(""),
            limited: false,
        }
    }
}
