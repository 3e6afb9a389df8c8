//! Which cells read a place: what a touch can reach is looked up, not searched for.

use std::collections::{BTreeMap, BTreeSet};

use super::cell::CellId;
use super::touched::Touched;
use crate::model::{Kind, Str};
use crate::view::{Place, Reads};

/// Cells by the places that they read. A place that a cell does not read any more stays until the cell goes: the cell is
/// then looked at in vain.
#[derive(Clone, Debug, Default)]
pub struct Readers {
    cells: BTreeMap<Place, BTreeSet<CellId>>,
    places: BTreeMap<CellId, BTreeSet<Place>>,
}

impl Readers {
    /// True when all of this is entered.
    pub fn know(&self, id: &CellId, reads: &Reads) -> bool {
        let known = self.places.get(id);
        reads
            .iter()
            .all(|place| known.is_some_and(|known| known.contains(place)))
    }

    /// Enters what a cell reads.
    pub fn enter(&mut self, id: &CellId, reads: &Reads) {
        let known = self.places.entry(id.clone()).or_default();
        for place in reads
            .iter()
            .filter(|place| !known.contains(place))
            .collect::<Vec<_>>()
        {
            known.insert(place.clone());
            let cells = self.cells.entry(place.clone()).or_default();
            cells.insert(id.clone());
        }
    }

    /// True when anything of a cell is entered.
    pub fn has(&self, id: &CellId) -> bool {
        self.places.contains_key(id)
    }

    /// Takes a cell out.
    pub fn leave(&mut self, id: &CellId) {
        for place in self.places.remove(id).into_iter().flatten() {
            if let Some(cells) = self.cells.get_mut(&place) {
                cells.remove(id);
                if cells.is_empty() {
                    self.cells.remove(&place);
                }
            }
        }
    }

    /// Namespaces of the cells that read something that was touched, by rule.
    pub fn of(&self, touched: &Touched) -> BTreeMap<usize, BTreeSet<Str>> {
        let mut found: BTreeMap<usize, BTreeSet<Str>> = BTreeMap::new();
        let mut enter = |cells: &BTreeSet<CellId>| {
            for (rule, space) in cells {
                found.entry(*rule).or_default().insert(space.clone());
            }
        };
        for (kind, spaces) in touched.kinds() {
            if spaces.everywhere {
                self.of_kind(kind).for_each(&mut enter);
                continue;
            }
            let named = spaces.named.iter().cloned().map(Some);
            for namespace in named.chain([None]) {
                self.cells.get(&Place { kind, namespace }).map(&mut enter);
            }
        }
        found
    }

    fn of_kind(&self, kind: Kind) -> impl Iterator<Item = &BTreeSet<CellId>> {
        let first = Place {
            kind,
            namespace: None,
        };
        let from = self.cells.range(first..);
        from.take_while(move |(place, _)| place.kind == kind)
            .map(|(_, cells)| cells)
    }
}
