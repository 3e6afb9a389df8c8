//! A control of the standard, its history, and what it is asked about.

use super::Level;
use crate::model::Labels;
use crate::model::objects::container::Container;
use crate::model::objects::pod::Pod;
use crate::model::objects::pod_spec::PodSpec;
use crate::model::objects::workload::Template;
use crate::view::PodLike;

/// A control: one of upstream's `policy/check_*.go`.
#[derive(Debug)]
pub struct Control {
    /// Upstream's check id.
    pub id: &'static str,
    /// The level that asks it first.
    pub level: Level,
    /// What it asked from which version on, the oldest first. Before the first it did not exist.
    pub revisions: &'static [Revision],
}

/// One state of a control's rule.
#[derive(Debug)]
pub struct Revision {
    /// The minor from which it holds.
    pub since: u32,
    /// Baseline controls that are left out at `restricted` because this one asks more.
    pub overrides: &'static [&'static str],
    /// The rule.
    pub refuses: fn(PodFacts<'_>) -> Option<Refusal>,
}

/// A pod that a control refuses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Refusal {
    /// Upstream's `ForbiddenReason`.
    pub reason: &'static str,
    /// Upstream's `ForbiddenDetail`.
    pub detail: String,
}

/// All that controls read of a pod.
#[derive(Clone, Copy, Debug)]
pub struct PodFacts<'a> {
    /// Annotations of the pod.
    pub annotations: &'a Labels,
    /// Its spec.
    pub spec: &'a PodSpec,
}

impl Revision {
    /// A revision that overrides nothing.
    pub(super) const fn new(since: u32, refuses: fn(PodFacts<'_>) -> Option<Refusal>) -> Self {
        Revision {
            since,
            overrides: &[],
            refuses,
        }
    }
}

impl<'a> PodFacts<'a> {
    /// Names of the containers for which something holds: init, regular and ephemeral ones, as upstream's
    /// `policy/visitor.go` walks them.
    pub(super) fn containers(self, holds: impl Fn(&Container) -> bool) -> Vec<&'a str> {
        let all = self.spec.containers.iter();
        all.filter(|c| holds(c)).map(|c| &*c.name).collect()
    }

    /// The pod says that it runs on Windows.
    pub(super) fn is_windows(self) -> bool {
        self.spec.os.as_deref() == Some("windows")
    }

    /// The pod has a user namespace of its own (`relaxPolicyForUserNamespacePod` in `policy/helpers.go`).
    pub(super) fn has_own_users(self) -> bool {
        self.spec.host_users == Some(false)
    }
}

impl<'a> From<&'a Pod> for PodFacts<'a> {
    fn from(pod: &'a Pod) -> Self {
        PodFacts {
            annotations: &pod.meta.annotations,
            spec: &pod.spec,
        }
    }
}

impl<'a> From<&'a Template> for PodFacts<'a> {
    fn from(template: &'a Template) -> Self {
        PodFacts {
            annotations: &template.annotations,
            spec: &template.spec,
        }
    }
}

impl<'a> From<&PodLike<'a>> for PodFacts<'a> {
    fn from(pod: &PodLike<'a>) -> Self {
        PodFacts {
            annotations: pod.annotations,
            spec: pod.spec,
        }
    }
}
