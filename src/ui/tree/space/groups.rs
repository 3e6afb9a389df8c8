//! Findings by the object they are about, gathered in one pass over the rows of a table.

use rustc_hash::FxHashMap;

use crate::model::ObjectKey;

/// Findings by object, while they are being gathered.
#[derive(Default)]
pub(super) struct Groups<'a> {
    pub(super) all: Vec<(&'a ObjectKey, Vec<u32>)>,
    of: FxHashMap<&'a ObjectKey, usize>,
    last: Option<usize>,
}

impl<'a> Groups<'a> {
    /// Adds a finding.
    pub(super) fn add(&mut self, object: &'a ObjectKey, own: u32) {
        // Findings of one object mostly come one after the other.
        let last = self.last.filter(|at| self.all[*at].0 == object);
        let at = last.unwrap_or_else(|| {
            *self.of.entry(object).or_insert_with(|| {
                self.all.push((object, Vec::new()));
                self.all.len() - 1
            })
        });
        self.last = Some(at);
        self.all[at].1.push(own);
    }
}
