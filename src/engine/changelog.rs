//! The change log: what changed, and which verdicts and stories it opened or closed.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::Timestamp;

use super::diff::Diff;
use crate::model::ObjectKey;

/// Entries kept; older ones fall off.
const KEPT: usize = 500;

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeEntry {
    /// When the batch was applied.
    pub at: Timestamp,
    /// What changed: the objects of the batch, each with a few words.
    pub objects: Vec<(ObjectKey, String)>,
    /// A note of the source.
    pub note: Option<String>,
    /// What it opened and closed.
    pub diff: Diff,
}

/// The log, newest first.
#[derive(Debug, Default)]
pub struct Changelog {
    entries: VecDeque<Arc<ChangeEntry>>,
}

impl Changelog {
    /// Adds an entry.
    pub fn push(&mut self, entry: ChangeEntry) {
        self.entries.push_front(Arc::new(entry));
        self.entries.truncate(KEPT);
    }

    /// The entries, newest first.
    pub fn entries(&self) -> Arc<[Arc<ChangeEntry>]> {
        self.entries.iter().cloned().collect()
    }
}
