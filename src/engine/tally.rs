//! How often each check fires: counted with a namespace's table, added up for the whole.

use std::collections::BTreeSet;

use super::snapshot::Row;
use crate::model::{Severity, Str};

/// Counts of one check.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Count {
    /// Findings.
    pub(super) fires: usize,
    /// Rows that cannot be known.
    pub(super) unknown: usize,
    /// The worst severity that fires.
    pub(super) worst: Option<Severity>,
    /// Namespaces in which it fires; a Namespace object counts as inside itself.
    pub(super) homes: usize,
    /// One of them.
    pub(super) home: Option<Str>,
}

impl Count {
    fn add(&mut self, other: &Count) {
        self.fires += other.fires;
        self.unknown += other.unknown;
        self.worst = self.worst.max(other.worst);
        self.homes += other.homes;
        if self.home.is_none() {
            self.home.clone_from(&other.home);
        }
    }
}

/// Counts of the checks that have any, by number in the registry.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Tally(Vec<(usize, Count)>);

impl Tally {
    /// Counts the rows of the check of this number; numbers come in order.
    pub(super) fn count(&mut self, at: usize, rows: &[Row]) {
        if rows.is_empty() {
            return;
        }
        let mut count = Count::default();
        let mut homes = BTreeSet::new();
        for row in rows {
            let Some(finding) = row.finding() else {
                count.unknown += 1;
                continue;
            };
            count.fires += 1;
            count.worst = count.worst.max(Some(finding.severity));
            homes.insert(finding.id.object.home());
        }
        count.homes = homes.len();
        count.home = homes.first().map(|home| Str::from(*home));
        self.0.push((at, count));
    }

    /// The sum of tallies. No namespace is counted twice: a check's rows in another table are of another namespace.
    pub(super) fn sum<'a>(all: impl IntoIterator<Item = &'a Tally>) -> Tally {
        let mut sum: Vec<Count> = Vec::new();
        for (at, count) in all.into_iter().flat_map(|tally| &tally.0) {
            if sum.len() <= *at {
                sum.resize(at + 1, Count::default());
            }
            sum[*at].add(count);
        }
        Tally(sum.into_iter().enumerate().collect())
    }

    /// Counts of the check of this number.
    pub(super) fn of(&self, at: usize) -> Option<&Count> {
        let found = self.0.binary_search_by_key(&at, |(at, _)| *at);
        found
            .ok()
            .and_then(|found| self.0.get(found))
            .map(|(_, count)| count)
    }
}
