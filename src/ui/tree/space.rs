//! One namespace as a threat's pane sees it: its rows grouped by object, and those of them that are listed.
//!
//! Grouping depends on the table alone and is kept while the table is the same one; which rows are listed depends on
//! filter and floor too.

use std::sync::Arc;

use rustc_hash::FxHashMap;

use crate::engine::{Row, SpaceTable};
use crate::model::{ObjectKey, Part, Severity, Str, ThreatId};
use crate::ui::catalogue::Catalogue;
use crate::ui::filter::{Filter, Found};
use crate::ui::prefs::{Prefs, Sort};

/// A namespace.
#[derive(Clone, Debug)]
pub struct Space {
    /// Its table.
    pub table: Arc<SpaceTable>,
    /// Indexes of rows of the threat, by object.
    rows: Vec<u32>,
    /// Objects with rows, in order.
    pub items: Vec<Item>,
    /// Listed rows, by object, the worst first.
    kept: Vec<u32>,
    /// Objects with listed rows: indexes into `items`, in the order of the screen.
    pub shown: Vec<u32>,
    /// Listed findings by check.
    pub checks: Vec<(&'static str, u32, Severity)>,
    /// Listed rows that cannot be known.
    pub unknown: Vec<u32>,
    /// Listed findings.
    pub fires: usize,
    /// The worst of them.
    pub worst: Option<Severity>,
    /// The latest that this session saw open, in seconds.
    pub newest: i64,
}

/// An object with rows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Item {
    /// Where its rows begin in `rows`.
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
}

impl Space {
    /// Groups the rows of a table that belong to a threat.
    pub fn new(table: Arc<SpaceTable>, threat: ThreatId, catalogue: &Catalogue) -> Space {
        let mut groups: Vec<Vec<u32>> = Vec::new();
        let mut of: FxHashMap<&ObjectKey, usize> = FxHashMap::default();
        let mut unknown = Vec::new();
        let mut last: Option<(&str, bool)> = None;
        for (at, row) in table.rows.iter().enumerate() {
            // Rows come in order of check: one look-up a check.
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
            match (&row.object, row.finding()) {
                (Some(object), Some(_)) => {
                    let next = groups.len();
                    let group = *of.entry(object).or_insert(next);
                    if group == next {
                        groups.push(Vec::new());
                    }
                    groups[group].push(at as u32);
                }
                _ => unknown.push(at as u32),
            }
        }
        let object = |group: &Vec<u32>| {
            group
                .first()
                .and_then(|at| table.rows[*at as usize].object.clone())
        };
        groups.sort_by_cached_key(object);
        let mut rows = Vec::new();
        let mut items = Vec::with_capacity(groups.len());
        for group in groups {
            let from = rows.len() as u32;
            rows.extend(group);
            items.push(Item {
                from,
                to: rows.len() as u32,
                kept_from: 0,
                kept_to: 0,
                worst: None,
                newest: 0,
            });
        }
        rows.extend(&unknown);
        Space {
            table,
            rows,
            items,
            kept: Vec::new(),
            shown: Vec::new(),
            checks: Vec::new(),
            unknown,
            fires: 0,
            worst: None,
            newest: 0,
        }
    }

    /// Chooses what is listed, and in which order.
    pub fn list(&mut self, filter: &Filter, prefs: &Prefs, catalogue: &Catalogue) {
        let table = self.table.clone();
        let holds = |row: &Row, severity: Option<Severity>| {
            filter.is_empty() || filter.holds(&found(row, severity, catalogue))
        };
        self.kept.clear();
        self.checks.clear();
        (self.fires, self.worst, self.newest) = (0, None, 0);
        for item in &mut self.items {
            item.kept_from = self.kept.len() as u32;
            (item.worst, item.newest) = (None, 0);
            for at in &self.rows[item.from as usize..item.to as usize] {
                let row = &table.rows[*at as usize];
                let Some(finding) = row.finding() else {
                    continue;
                };
                let severity = finding.severity;
                if !prefs.lists(severity) || !holds(row, Some(severity)) {
                    continue;
                }
                self.kept.push(*at);
                item.worst = item.worst.max(Some(severity));
                let since = row.since.map_or(0, jiff::Timestamp::as_second);
                item.newest = item.newest.max(since);
                match self
                    .checks
                    .iter_mut()
                    .find(|(check, ..)| *check == row.check)
                {
                    Some(slot) => {
                        slot.1 += 1;
                        slot.2 = slot.2.max(severity);
                    }
                    None => self.checks.push((row.check, 1, severity)),
                }
            }
            item.kept_to = self.kept.len() as u32;
            let own = &mut self.kept[item.kept_from as usize..];
            own.sort_by_key(|at| {
                let finding = table.rows[*at as usize].finding();
                std::cmp::Reverse(finding.map(|f| f.severity))
            });
            self.worst = self.worst.max(item.worst);
            self.newest = self.newest.max(item.newest);
        }
        self.fires = self.kept.len();
        let all = self.rows.get(self.rows_of_items()..).unwrap_or(&[]);
        self.unknown = all
            .iter()
            .copied()
            .filter(|at| holds(&table.rows[*at as usize], None))
            .collect();
        self.order(prefs.sort);
    }

    /// Rows that cannot be known stand behind those of the items.
    fn rows_of_items(&self) -> usize {
        self.items.last().map_or(0, |item| item.to as usize)
    }

    fn order(&mut self, sort: Sort) {
        let listed = (0..self.items.len() as u32).filter(|at| !self.items[*at as usize].is_empty());
        self.shown = listed.collect();
        let items = &self.items;
        match sort {
            Sort::Name => {}
            Sort::Severity => self
                .shown
                .sort_by_key(|at| std::cmp::Reverse(items[*at as usize].worst)),
            Sort::Newest => self
                .shown
                .sort_by_key(|at| std::cmp::Reverse(items[*at as usize].newest)),
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

    /// A row of the table.
    pub fn row(&self, at: u32) -> Option<&Row> {
        self.table.rows.get(at as usize)
    }

    /// The object of an item.
    pub fn object(&self, item: u32) -> Option<&ObjectKey> {
        let item = self.items.get(item as usize)?;
        self.row(*self.rows.get(item.from as usize)?)?
            .object
            .as_ref()
    }

    /// The item of an object.
    pub fn item_of(&self, object: &ObjectKey) -> Option<u32> {
        let found = self.items.binary_search_by(|item| {
            let at = self.rows.get(item.from as usize);
            let own = at
                .and_then(|at| self.row(*at))
                .and_then(|row| row.object.as_ref());
            own.cmp(&Some(object))
        });
        found.ok().map(|at| at as u32)
    }

    /// Its name.
    pub fn name(&self) -> &Str {
        &self.table.namespace
    }
}

/// What a row can be found by.
fn found<'a>(row: &'a Row, severity: Option<Severity>, catalogue: &Catalogue) -> Found<'a> {
    Found {
        object: row.object.as_ref(),
        namespace: None,
        severity,
        check: row.check,
        title: catalogue.check_title(row.check),
        more: row.finding().map_or("", |finding| part(&finding.id.part)),
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
