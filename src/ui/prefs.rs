//! How the person looks at the cluster right now: floor, order, what is folded away. Never what is true.

use std::collections::BTreeMap;

use crate::model::{Severity, ThreatId};

/// Choices that hold in every pane.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Prefs {
    /// Lowest severity that is listed; `None` is all.
    pub floor: Option<Severity>,
    /// Order of rows.
    pub sort: Sort,
    /// Rows of the system namespaces are folded away.
    pub hide_system: bool,
    /// The view of each threat's pane, where it is not its first.
    pub views: BTreeMap<ThreatId, &'static str>,
}

/// Order of rows.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sort {
    /// Worst first, then by name.
    #[default]
    Severity,
    /// By namespace and name.
    Name,
    /// What this session saw last first.
    Newest,
}

impl Sort {
    /// The word on screen and in files.
    pub fn word(self) -> &'static str {
        match self {
            Sort::Severity => "severity",
            Sort::Name => "name",
            Sort::Newest => "newest",
        }
    }

    /// The order of a word.
    pub fn parse(word: &str) -> Option<Sort> {
        [Sort::Severity, Sort::Name, Sort::Newest]
            .into_iter()
            .find(|sort| sort.word() == word)
    }

    /// The next one.
    #[must_use]
    pub fn next(self) -> Sort {
        match self {
            Sort::Severity => Sort::Name,
            Sort::Name => Sort::Newest,
            Sort::Newest => Sort::Severity,
        }
    }
}

impl Prefs {
    /// The same rows in the same order, whatever the view.
    pub fn list_as(&self, other: &Prefs) -> bool {
        self.floor == other.floor && self.sort == other.sort
    }

    /// Listed at all with this floor.
    pub fn lists(&self, severity: Severity) -> bool {
        self.floor.is_none_or(|floor| severity >= floor)
    }

    /// The next floor: all, medium, high, critical, all.
    pub fn raise_floor(&mut self) {
        self.floor = match self.floor {
            None | Some(Severity::Low) => Some(Severity::Medium),
            Some(Severity::Medium) => Some(Severity::High),
            Some(Severity::High) => Some(Severity::Critical),
            Some(Severity::Critical) => None,
        };
    }
}
