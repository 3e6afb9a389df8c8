//! Pod.

use std::sync::Arc;

use crate::model::{Meta, Str};

use super::pod_spec::PodSpec;

/// A Pod. Its spec is shared with every pod of the same content: sixty replicas keep one.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Pod {
    /// Metadata.
    pub meta: Meta,
    /// The spec, interned by content.
    pub spec: Arc<PodSpec>,
    /// Node it runs on.
    pub node: Option<Str>,
    /// Phase.
    pub phase: Phase,
    /// Pod addresses.
    pub ips: Box<[Str]>,
    /// (container, image as the runtime names it, imageID) of started containers, sorted by container.
    pub images: Arc<[(Str, Str, Str)]>,
    /// (image volume, image id) as the kubelet reports it of mounted ones, sorted.
    #[serde(default)]
    pub volume_images: Box<[(Str, Str)]>,
    /// `status.startTime`, in seconds since 1970: when the kubelet took it on.
    #[serde(default)]
    pub started: Option<i64>,
}

/// `status.phase`.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize, serde::Deserialize,
)]
pub enum Phase {
    /// Accepted, not all containers started.
    Pending,
    /// Running.
    Running,
    /// All containers ended well.
    Succeeded,
    /// All containers ended, one badly.
    Failed,
    /// The node does not answer, or nothing is written.
    Unknown,
}

impl Phase {
    /// Ended for good: runs no code any more.
    pub fn is_finished(self) -> bool {
        matches!(self, Phase::Succeeded | Phase::Failed)
    }

    /// The word as kubectl shows it.
    pub fn word(self) -> &'static str {
        match self {
            Phase::Pending => "Pending",
            Phase::Running => "Running",
            Phase::Succeeded => "Succeeded",
            Phase::Failed => "Failed",
            Phase::Unknown => "Unknown",
        }
    }
}
