//! Volumes: which field a source stands in, and the source itself where facts hold all of it.

use serde_json::Value;

use super::{map, or_unset, text};
use crate::model::objects::volume::VolumeSource;

/// Field of a volume that holds this source.
pub(in crate::fix) fn field(source: &VolumeSource) -> &str {
    match source {
        VolumeSource::HostPath { .. } => "hostPath",
        VolumeSource::Secret(_) => "secret",
        VolumeSource::ConfigMap(_) => "configMap",
        VolumeSource::Projected { .. } => "projected",
        VolumeSource::Claim(_) => "persistentVolumeClaim",
        VolumeSource::EmptyDir { .. } => "emptyDir",
        VolumeSource::Csi(_) => "csi",
        VolumeSource::Image { .. } => "image",
        VolumeSource::Other(field) => field,
    }
}

/// The source; `None` where facts hold only part of it.
pub(in crate::fix) fn source(source: &VolumeSource) -> Option<Value> {
    match source {
        VolumeSource::HostPath { path, kind } => {
            Some(map([("path", text(path)), ("type", or_unset(kind))]))
        }
        VolumeSource::Image { reference, pull } => Some(map([
            ("reference", text(reference)),
            ("pullPolicy", or_unset(pull.as_deref().unwrap_or_default())),
        ])),
        _ => None,
    }
}
