//! Which rows a report keeps.

use std::collections::BTreeSet;

use crate::model::{ObjectKey, Severity, ThreatId};

/// A filter. Empty keeps everything.
#[derive(Clone, Debug, Default)]
pub struct Filter {
    /// Only these groups.
    pub threats: Vec<ThreatId>,
    /// Only these checks.
    pub checks: Vec<String>,
    /// Only these namespaces.
    pub namespaces: Vec<String>,
    /// Only firing verdicts at or above; unknown ones stay: what is hidden has no severity.
    pub severity: Option<Severity>,
    /// Only these objects (chosen by their labels); `None` keeps all.
    pub objects: Option<BTreeSet<ObjectKey>>,
}

impl Filter {
    /// Keeps a check.
    pub fn check(&self, id: &str, threats: &[ThreatId]) -> bool {
        (self.checks.is_empty() || self.checks.iter().any(|c| c == id))
            && (self.threats.is_empty() || threats.iter().any(|t| self.threats.contains(t)))
    }

    /// Keeps an object; `None` is the cluster as a whole.
    pub fn object(&self, object: Option<&ObjectKey>) -> bool {
        let here = self.namespaces.is_empty()
            || object.is_none_or(|o| self.namespaces.iter().any(|ns| *ns == *o.home()));
        let chosen = match (&self.objects, object) {
            (Some(objects), Some(object)) => objects.contains(object),
            (Some(_), None) | (None, _) => true,
        };
        here && chosen
    }

    /// Keeps a severity.
    pub fn severity(&self, severity: Severity) -> bool {
        self.severity.is_none_or(|floor| severity >= floor)
    }

    /// Keeps a group.
    pub fn threat(&self, threat: ThreatId) -> bool {
        self.threats.is_empty() || self.threats.contains(&threat)
    }
}
