//! Workloads: objects that own a pod template.

use std::sync::Arc;

use crate::model::{Kind, Labels, Meta, Str};

use super::pod_spec::PodSpec;
use super::selector::Selector;

/// Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicationController, or a ReplicaSet without an owner.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Workload {
    /// Metadata; the key's kind tells which.
    pub meta: Meta,
    /// The pod template.
    pub template: Template,
    /// `spec.selector`; `None` where the kind has none or leaves it to the server.
    pub selector: Option<Selector>,
    /// Wanted replicas; `None` for kinds without the field, or unset.
    pub replicas: Option<i32>,
    /// Suspended (Job, CronJob).
    pub suspended: bool,
    /// What the server said when it refused to create pods of it: `message` of a true condition `ReplicaFailure`
    /// (Deployment, ReplicaSet and ReplicationController have it; other kinds say so in events alone).
    pub refused: Option<Str>,
}

/// A pod template.
#[derive(Clone, Debug, PartialEq, Eq, Hash, serde::Serialize, serde::Deserialize)]
pub struct Template {
    /// Labels of its pods.
    pub labels: Labels,
    /// Kept annotations of its pods.
    pub annotations: Labels,
    /// The spec, interned by content.
    pub spec: Arc<PodSpec>,
}

/// Path of the pod spec inside an object of a kind.
pub fn pod_spec_path(kind: Kind) -> &'static str {
    match kind {
        Kind::Pod => "spec",
        Kind::CronJob => "spec.jobTemplate.spec.template.spec",
        _ => "spec.template.spec",
    }
}

/// Path of the pod's metadata inside an object of a kind.
pub fn pod_meta_path(kind: Kind) -> &'static str {
    match kind {
        Kind::Pod => "metadata",
        Kind::CronJob => "spec.jobTemplate.spec.template.metadata",
        _ => "spec.template.metadata",
    }
}
