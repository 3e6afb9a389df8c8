//! One namespace as a threat's pane sees it: its rows grouped by object and by check, and those of them that are listed.
//!
//! Grouping depends on the table alone and is kept while the table is the same one; which rows are listed depends on
//! filter and floor too. Listing looks at [`Own`], what it needs of each row side by side, not at the rows themselves.

mod groups;
mod sieve;

use std::cmp::Reverse;
use std::ops::Range;
use std::sync::Arc;

use crate::engine::{Row, SpaceTable};
use crate::model::{ObjectKey, Part, Severity, Str, ThreatId};
use crate::ui::catalogue::Catalogue;
use crate::ui::filter::Filter;
use crate::ui::prefs::{Prefs, Sort};

use groups::Groups;
use sieve::More;

/// A namespace.
#[derive(Clone, Debug)]
pub struct Space {
    /// Its table.
    pub table: Arc<SpaceTable>,
    /// Findings of the threat, in order of check.
    own: Vec<Own>,
    /// Their checks.
    checks: Vec<Check>,
    /// Indexes into `own` by object, the worst first.
    by_item: Vec<u32>,
    /// Objects with findings, in order.
    pub items: Vec<Item>,
    /// Other texts of findings, once a filter has asked for them.
    more: Option<More>,
    /// Rows of the threat that cannot be known.
    unknown_rows: Vec<u32>,
    /// Listed rows, by object, the worst first.
    kept: Vec<u32>,
    /// Listed findings, in order of check.
    listed: Vec<Own>,
    /// Objects with listed rows: indexes into `items`, in the order of the screen.
    pub shown: Vec<u32>,
    /// Listed rows that cannot be known.
    pub unknown: Vec<u32>,
    /// Listed findings.
    pub fires: usize,
    /// The worst of them.
    pub worst: Option<Severity>,
    /// The latest that this session saw open, in seconds.
    pub newest: i64,
}

/// What listing needs of a finding.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Own {
    /// Its row in the table.
    pub row: u32,
    /// Its severity.
    pub severity: Severity,
    /// When this session saw it open, in seconds; 0: before it started.
    pub since: i64,
}

/// A check with findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Check {
    id: &'static str,
    /// Where its findings begin in `own`.
    from: u32,
    /// Where its listed ones begin in `listed`.
    listed_from: u32,
    /// The worst listed one.
    worst: Option<Severity>,
}

/// An object with findings.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where its findings begin in `by_item`.
    from: u32,
    /// Where they end.
    to: u32,
    /// Where its listed rows begin in `kept`.
    kept_from: u32,
    /// Where they end.
    kept_to: u32,
    /// The worst listed one.
    pub worst: Option<Severity>,
    /// The latest listed one, in seconds.
    newest: i64,
}

impl Item {
    /// How many rows of it are listed.
    pub fn len(&self) -> usize {
        (self.kept_to - self.kept_from) as usize
    }

    /// The latest listed one that this session saw open, in seconds.
    pub fn newest(&self) -> i64 {
        self.newest
    }

    /// None is.
    pub fn is_empty(&self) -> bool {
        self.kept_to == self.kept_from
    }

    fn all(&self) -> Range<usize> {
        self.from as usize..self.to as usize
    }
}

impl Space {
    /// Groups the rows of a table that belong to a threat.
    pub fn new(table: Arc<SpaceTable>, threat: ThreatId, catalogue: &Catalogue) -> Space {
        let mut space = Space {
            table,
            own: Vec::new(),
            checks: Vec::new(),
            by_item: Vec::new(),
            items: Vec::new(),
            more: None,
            unknown_rows: Vec::new(),
            kept: Vec::new(),
            listed: Vec::new(),
            shown: Vec::new(),
            unknown: Vec::new(),
            fires: 0,
            worst: None,
            newest: 0,
        };
        let table = space.table.clone();
        let rows = table.rows.iter().zip(0..);
        // Rows come in order of check: one look-up a check.
        let mut last: Option<(&str, bool)> = None;
        let mut groups = Groups::default();
        for (row, at) in rows {
            let belongs = match last {
                Some((check, belongs)) if check == row.check => belongs,
                _ => catalogue
                    .check(row.check)
                    .is_some_and(|text| text.threats.contains(&threat)),
            };
            last = Some((row.check, belongs));
            if !belongs {
                continue;
            }
            let (Some(object), Some(finding)) = (&row.object, row.finding()) else {
                space.unknown_rows.push(at);
                continue;
            };
            let own = space.own.len() as u32;
            if space.checks.last().is_none_or(|last| last.id != row.check) {
                space.checks.push(Check {
                    id: row.check,
                    from: own,
                    listed_from: 0,
                    worst: None,
                });
            }
            space.own.push(Own {
                row: at,
                severity: finding.severity,
                since: row.since.map_or(0, jiff::Timestamp::as_second),
            });
            groups.add(object, own);
        }
        space.take(groups);
        space
    }

    fn take(&mut self, groups: Groups<'_>) {
        let own = &self.own;
        let severity = |at: &u32| Reverse(own.get(*at as usize).map(|own| own.severity));
        let mut all: Vec<(&ObjectKey, Vec<u32>)> = groups.all;
        all.sort_unstable_by_key(|(object, _)| *object);
        for (_, mut group) in all {
            group.sort_by_key(severity);
            let from = self.by_item.len() as u32;
            self.by_item.extend(group);
            self.items.push(Item {
                from,
                to: self.by_item.len() as u32,
                kept_from: 0,
                kept_to: 0,
                worst: None,
                newest: 0,
            });
        }
    }

    /// Chooses what is listed, and in which order.
    pub fn list(&mut self, filter: &Filter, prefs: &Prefs, catalogue: &Catalogue) {
        let passes = self.sieve(filter, prefs, catalogue);
        let passes = |at: usize| passes.get(at).is_some_and(|passes| *passes);
        self.kept.clear();
        (self.worst, self.newest) = (None, 0);
        for item in &mut self.items {
            item.kept_from = self.kept.len() as u32;
            (item.worst, item.newest) = (None, 0);
            for at in &self.by_item[item.all()] {
                let at = *at as usize;
                if passes(at) {
                    let own = self.own[at];
                    self.kept.push(own.row);
                    item.worst = item.worst.max(Some(own.severity));
                    item.newest = item.newest.max(own.since);
                }
            }
            item.kept_to = self.kept.len() as u32;
            self.worst = self.worst.max(item.worst);
            self.newest = self.newest.max(item.newest);
        }
        self.fires = self.kept.len();
        self.list_checks(passes);
        let unknown = self.unknown_rows.iter().copied();
        self.unknown = unknown
            .filter(|at| {
                let row = self.row(*at);
                filter.is_empty() || row.is_some_and(|row| sieve::holds(filter, row, catalogue))
            })
            .collect();
        self.order(prefs.sort);
    }

    fn list_checks(&mut self, passes: impl Fn(usize) -> bool) {
        self.listed.clear();
        let ends: Vec<u32> = self.checks.iter().skip(1).map(|check| check.from).collect();
        let ends = ends.into_iter().chain([self.own.len() as u32]);
        for (check, to) in self.checks.iter_mut().zip(ends) {
            check.listed_from = self.listed.len() as u32;
            let own = check.from as usize..to as usize;
            let own = own.filter(|at| passes(*at)).map(|at| self.own[at]);
            self.listed.extend(own);
            let listed = &self.listed[check.listed_from as usize..];
            check.worst = listed.iter().map(|own| own.severity).max();
        }
    }

    fn order(&mut self, sort: Sort) {
        let listed = (0..self.items.len() as u32).filter(|at| !self.items[*at as usize].is_empty());
        self.shown = listed.collect();
        let items = &self.items;
        match sort {
            Sort::Name => {}
            Sort::Severity => self
                .shown
                .sort_by_key(|at| Reverse(items[*at as usize].worst)),
            Sort::Newest => self
                .shown
                .sort_by_key(|at| Reverse(items[*at as usize].newest)),
        }
    }

    /// The listed rows of an item.
    pub fn rows_of(&self, item: u32) -> &[u32] {
        let item = self.items.get(item as usize);
        item.and_then(|item| {
            self.kept
                .get(item.kept_from as usize..item.kept_to as usize)
        })
        .unwrap_or(&[])
    }

    /// All listed findings.
    pub fn kept(&self) -> &[u32] {
        &self.kept
    }

    /// The checks that have listed findings: how many, and the worst.
    pub fn checks(&self) -> impl Iterator<Item = (&'static str, usize, Severity)> {
        let all = self.checks.iter().enumerate();
        all.filter_map(|(n, check)| Some((check.id, self.listed_of(n).len(), check.worst?)))
    }

    /// The listed findings of a check.
    pub fn listed(&self, check: &str) -> &[Own] {
        let at = self.checks.iter().position(|own| own.id == check);
        at.map_or(&[], |at| self.listed_of(at))
    }

    fn listed_of(&self, check: usize) -> &[Own] {
        let from = |at: usize| self.checks.get(at).map(|check| check.listed_from as usize);
        let to = from(check + 1).unwrap_or(self.listed.len());
        from(check)
            .and_then(|from| self.listed.get(from..to))
            .unwrap_or(&[])
    }

    /// A row of the table.
    pub fn row(&self, at: u32) -> Option<&Row> {
        self.table.rows.get(at as usize)
    }

    /// The object of an item.
    pub fn object(&self, item: u32) -> Option<&ObjectKey> {
        let item = self.items.get(item as usize)?;
        let own = self
            .own
            .get(*self.by_item.get(item.from as usize)? as usize)?;
        self.row(own.row)?.object.as_ref()
    }

    /// The item of an object.
    pub fn item_of(&self, object: &ObjectKey) -> Option<u32> {
        let (mut from, mut to) = (0, self.items.len() as u32);
        while from < to {
            let at = from + (to - from) / 2;
            match self.object(at).cmp(&Some(object)) {
                std::cmp::Ordering::Less => from = at + 1,
                std::cmp::Ordering::Greater => to = at,
                std::cmp::Ordering::Equal => return Some(at),
            }
        }
        None
    }

    /// Its name.
    pub fn name(&self) -> &Str {
        &self.table.namespace
    }
}

/// The name in a part.
pub fn part(part: &Part) -> &str {
    match part {
        Part::Container(name)
        | Part::Volume(name)
        | Part::Subject(name)
        | Part::Webhook(name)
        | Part::Host(name)
        | Part::Image(name) => name,
        Part::Whole | Part::Port(..) | Part::Rule(_) => "",
    }
}
