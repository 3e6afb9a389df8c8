//! Verdicts and findings: what a check says of an object.

use super::fingerprint::fnv1a;
use super::{Evidence, Missing, ObjectKey, Part, Severity, Text};

/// Identity of a finding, stable across restarts.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingId {
    /// Id of the check.
    pub check: &'static str,
    /// The object.
    pub object: ObjectKey,
    /// The part of it.
    pub part: Part,
}

impl FindingId {
    /// Hash of check, identity and part: what a baseline file holds.
    pub fn fingerprint(&self) -> String {
        let api_version = self.object.kind.api_version();
        let group = api_version.split_once('/').map_or("", |(group, _)| group);
        let part = self.part.to_string();
        let namespace = self.object.namespace.as_deref().unwrap_or("");
        format!(
            "{:016x}",
            fnv1a([
                self.check,
                group,
                self.object.kind.name(),
                namespace,
                &self.object.name,
                &part
            ])
        )
    }
}

/// A verdict that fires, with its evidence.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Finding {
    /// Identity.
    pub id: FindingId,
    /// How bad, here.
    pub severity: Severity,
    /// Why that severity here, in one sentence.
    pub why: Text,
    /// What it rests on.
    pub evidence: Box<[Evidence]>,
    /// Live pods concerned; all zero for objects without pods.
    pub pods: Pods,
}

/// Live pods of a finding on a workload.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Default)]
pub struct Pods {
    /// Live pods of the workload.
    pub live: u32,
    /// Those on which the check fires.
    pub firing: u32,
    /// The template is clear and only pods fire: they run an older template, or were changed after they were made.
    pub only_live: bool,
}

/// What a check says of an object.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It fires.
    Fires(Finding),
    /// It does not.
    Clear,
    /// It cannot be known; what is missing, never empty.
    Unknown(Box<[Missing]>),
}

impl Verdict {
    /// The word in reports.
    pub fn word(&self) -> &'static str {
        match self {
            Verdict::Fires(_) => "fires",
            Verdict::Clear => "clear",
            Verdict::Unknown(_) => "unknown",
        }
    }
}
