//! A pod against a level and version. Source: `policy/registry.go` (`EvaluatePod`).

use super::registry::standard;
use super::{Level, PodFacts, Refusal};

/// A control that refuses a pod.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Violation {
    /// Id of the control.
    pub control: &'static str,
    /// What it says.
    pub refusal: Refusal,
}

/// Every control that refuses the pod at a level and minor version, in upstream's order. None: the pod is allowed.
pub fn violations<'a>(
    level: Level,
    minor: u32,
    pod: impl Into<PodFacts<'a>>,
) -> impl Iterator<Item = Violation> {
    standard().violations(level, minor, pod.into())
}

/// The strictest level that the pod meets at a minor version.
pub fn highest_level<'a>(minor: u32, pod: impl Into<PodFacts<'a>>) -> Level {
    let pod = pod.into();
    let meets = |level: &Level| violations(*level, minor, pod).next().is_none();
    let mut strictest = Level::ALL.into_iter().rev();
    strictest.find(meets).unwrap_or(Level::Privileged)
}
