//! A whole workload made to meet a level of the Pod Security Standards, as changes of its one object.
//!
//! The evaluator of `semantics::pod_security` decides what has to change: only what it refuses is touched, and what it
//! still refuses afterwards is named, because it takes a person to decide. One file mends what belongs together.

mod host;
mod kernel;
mod profiles;
mod users;
mod volumes;
mod work;

use std::sync::Arc;

use self::work::Work;
use super::remedy::{Confidence, Remedy};
use crate::model::Object;
use crate::model::change::Change;
use crate::semantics::pod_security::Level;

/// What it takes for a workload to meet a level.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hardened {
    /// The changes, all of the workload's own object: one patch.
    pub changes: Vec<Change>,
    /// What they may break, each in a sentence.
    pub breaks: Vec<String>,
    /// What to find out before, each in a sentence.
    pub asks: Vec<String>,
    /// What stays refused, and why no change of ours ends it. Empty: the level is met.
    pub left: Vec<Left>,
}

/// A control that a person has to satisfy.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Left {
    /// Its id.
    pub control: &'static str,
    /// What stands in the way, and what to do about it, in a sentence.
    pub says: String,
}

/// Mends what belongs to these controls. Every control of the standard stands here once.
type Mender = (&'static [&'static str], fn(&mut Work, &'static str));

/// In this order: whether a container can do without `privileged` depends on the volumes that are left.
const MENDERS: &[Mender] = &[
    (&["hostPathVolumes", "restrictedVolumes"], volumes::mend),
    (&["hostNamespaces"], host::namespaces),
    (&["hostPorts"], host::ports),
    (&["hostProbesAndHostLifecycle"], host::probes),
    (&["windowsHostProcess"], host::process),
    (&["privileged"], kernel::privileged),
    (&["allowPrivilegeEscalation"], kernel::escalation),
    (
        &["capabilities_baseline", "capabilities_restricted"],
        kernel::capabilities,
    ),
    (&["procMount", "procMount_restricted"], kernel::proc_mount),
    (&["sysctls"], kernel::sysctls),
    (
        &["seccompProfile_baseline", "seccompProfile_restricted"],
        profiles::seccomp,
    ),
    (&["appArmorProfile"], profiles::apparmor),
    (&["seLinuxOptions"], profiles::selinux),
    (&["runAsNonRoot", "runAsUser"], users::mend),
];

/// What it takes for a pod, or for the template of a workload, to meet a level at a minor version. `None` for an object
/// that has no pod spec.
pub fn harden(object: &Arc<Object>, level: Level, minor: u32) -> Option<Hardened> {
    let mut work = Work::new(object, level, minor)?;
    let refused = work.refused();
    for (controls, mend) in MENDERS {
        if let Some(control) = refused.iter().find(|v| controls.contains(&v.control)) {
            mend(&mut work, control.control);
        }
    }
    Some(work.done())
}

impl Hardened {
    /// As a proposal; `None` where there is nothing to change.
    pub fn remedy(&self) -> Option<Remedy> {
        let sure = self.breaks.is_empty() && self.asks.is_empty();
        (!self.changes.is_empty()).then(|| Remedy {
            title: None,
            notes: Vec::new(),
            changes: self.changes.clone(),
            breaks: self.breaks.clone(),
            confidence: if sure {
                Confidence::Safe
            } else {
                Confidence::Review
            },
            asks: (!self.asks.is_empty()).then(|| self.asks.join("; ")),
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::semantics::pod_security::controls;

    #[test]
    fn every_control_is_mended_in_one_place() {
        let mut mended: Vec<&str> = MENDERS.iter().flat_map(|(c, _)| *c).copied().collect();
        mended.sort_unstable();
        let mut known: Vec<&str> = controls().iter().map(|c| c.id).collect();
        known.sort_unstable();
        assert_eq!(mended, known);
    }
}
