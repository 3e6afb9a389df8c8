//! Paths of the node may not be mounted
//!
//! Read-only or not, whatever the path. At `restricted` the control on volume types says the same and replaces it.
//!
//! Source: `policy/check_hostPathVolumes.go`

use crate::model::objects::volume::VolumeSource;
use crate::semantics::pod_security::wording::{join_quoted, plural};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "hostPathVolumes",
    level: Level::Baseline,
    revisions: &[Revision::new(0, v1_0)],
};

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let volumes = pod.spec.volumes.iter();
    let volumes = volumes.filter(|v| matches!(v.source, VolumeSource::HostPath { .. }));
    let volumes: Vec<&str> = volumes.map(|v| &*v.name).collect();
    (!volumes.is_empty()).then(|| Refusal {
        reason: "hostPath volumes",
        detail: format!(
            "{} {}",
            plural("volume", "volumes", volumes.len()),
            join_quoted(&volumes)
        ),
    })
}
