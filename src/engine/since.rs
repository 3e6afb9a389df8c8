//! When this session first saw a finding.

use std::collections::BTreeMap;

use jiff::Timestamp;

use crate::model::FindingId;

/// First sights; what was there when the first lists were complete is "before start" and not kept.
#[derive(Debug, Default)]
pub struct Since {
    opened: BTreeMap<FindingId, Timestamp>,
}

impl Since {
    /// A finding opened after the first lists were complete.
    pub fn open(&mut self, id: &FindingId, at: Timestamp) {
        self.opened.entry(id.clone()).or_insert(at);
    }

    /// A finding closed.
    pub fn close(&mut self, id: &FindingId) {
        self.opened.remove(id);
    }

    /// When it opened; `None`: before this session saw everything.
    pub fn of(&self, id: &FindingId) -> Option<Timestamp> {
        self.opened.get(id).copied()
    }
}
