//! Volumes come from the API or from a driver
//!
//! ConfigMaps, Secrets, the downward API, projections, scratch space, claims, CSI drivers and images are allowed; paths of the
//! node and the old built-in network drivers, whose client runs in the node's kernel or kubelet, are not, and neither is a
//! source that nobody knows. A volume without any source is an emptyDir, as the server makes it before it judges.
//!
//! Source: `policy/check_restrictedVolumes.go`

use crate::model::objects::volume::{Volume, VolumeSource};
use crate::semantics::pod_security::wording::{each_once, join_quoted, plural};
use crate::semantics::pod_security::{Control, Level, PodFacts, Refusal, Revision};

/// The control.
pub static CONTROL: Control = Control {
    id: "restrictedVolumes",
    level: Level::Restricted,
    revisions: &[Revision {
        since: 0,
        overrides: &["hostPathVolumes"],
        refuses: v1_0,
    }],
};

/// Sources without details of their own that are allowed.
const ALLOWED: &[&str] = &["downwardAPI", "ephemeral"];

/// Sources that upstream calls by name when it refuses them.
const NAMED: &[&str] = &[
    "gcePersistentDisk",
    "awsElasticBlockStore",
    "gitRepo",
    "nfs",
    "iscsi",
    "glusterfs",
    "rbd",
    "flexVolume",
    "cinder",
    "cephfs",
    "flocker",
    "fc",
    "azureFile",
    "vsphereVolume",
    "quobyte",
    "azureDisk",
    "photonPersistentDisk",
    "portworxVolume",
    "scaleIO",
    "storageos",
];

fn v1_0(pod: PodFacts<'_>) -> Option<Refusal> {
    let refused = || {
        let volumes = pod.spec.volumes.iter();
        volumes.filter_map(|v| Some((&*v.name, refused(v)?)))
    };
    let volumes: Vec<&str> = refused().map(|(name, _)| name).collect();
    (!volumes.is_empty()).then(|| {
        let types = each_once(refused().map(|(_, source)| source));
        Refusal {
            reason: "restricted volume types",
            detail: format!(
                "{} {} {} {} {}",
                plural("volume", "volumes", volumes.len()),
                join_quoted(&volumes),
                plural("uses", "use", volumes.len()),
                plural(
                    "restricted volume type",
                    "restricted volume types",
                    types.len()
                ),
                join_quoted(&types)
            ),
        }
    })
}

/// The type by which a volume is refused.
pub fn refused(volume: &Volume) -> Option<&str> {
    match &volume.source {
        VolumeSource::HostPath { .. } => Some("hostPath"),
        VolumeSource::Other(source) if ALLOWED.contains(&&**source) => None,
        VolumeSource::Other(source) => {
            let named = NAMED.iter().find(|named| **named == &**source);
            Some(named.copied().unwrap_or("unknown"))
        }
        VolumeSource::Secret(_)
        | VolumeSource::ConfigMap(_)
        | VolumeSource::Projected { .. }
        | VolumeSource::Claim(_)
        | VolumeSource::EmptyDir { .. }
        | VolumeSource::Csi(_)
        | VolumeSource::Image { .. } => None,
    }
}
