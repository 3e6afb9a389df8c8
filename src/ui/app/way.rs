//! Where the person is: panes one behind the other, overlays over them, and the places visited before.
//!
//! A place is named by pane and target. The state of a pane that was left stays on a shelf, so that coming back by whatever
//! way finds cursor, filter and open branches as they were.

use std::collections::{BTreeMap, VecDeque};

use crate::ui::context::Context;
use crate::ui::filter::Filter;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::panes;
use crate::ui::row::Target;

/// One pane that is open.
#[derive(Debug)]
pub(super) struct Level {
    pub(super) def: &'static PaneDef,
    pub(super) target: Target,
    pub(super) filter: Filter,
    pub(super) pane: Box<dyn Pane>,
}

impl Level {
    pub(super) fn place(&self) -> Place {
        (self.def.id, self.target.clone())
    }
}

/// A pane and what it was opened on.
pub(super) type Place = (&'static str, Target);

/// The way from the first screen to a pane.
type Visit = Vec<Place>;

/// Panes kept when they were left.
const SHELF: usize = 48;

/// Visits kept.
const VISITS: usize = 200;

/// All that is open.
#[derive(Debug, Default)]
pub(super) struct Way {
    /// From the first screen to the pane that is shown. Never empty once opened.
    pub(super) main: Vec<Level>,
    /// Overlays; the last one has the keys.
    pub(super) over: Vec<Level>,
    shelf: BTreeMap<Place, Level>,
    shelved: VecDeque<Place>,
    visits: Vec<Visit>,
    at: usize,
    last: Option<Visit>,
}

impl Way {
    /// The pane that has the keys.
    pub(super) fn front(&self) -> Option<&Level> {
        self.over.last().or(self.main.last())
    }

    /// The same, to change it.
    pub(super) fn front_mut(&mut self) -> Option<&mut Level> {
        self.over.last_mut().or(self.main.last_mut())
    }

    /// Opens a pane: an overlay over the rest, or a level behind the one that is shown. `make` is asked for a new one.
    pub(super) fn open(&mut self, place: Place, make: &dyn Fn(&Place) -> Option<Level>) {
        let Some(def) = panes::pane(place.0) else {
            return;
        };
        if matches!(def.slot, Slot::Over { .. }) {
            self.over.retain(|level| level.def.id != def.id);
            self.over.extend(make(&place));
            return;
        }
        self.over.clear();
        let mut visit = self.visit();
        match visit.iter().position(|p| *p == place) {
            Some(at) => visit.truncate(at + 1),
            None => visit.push(place),
        }
        self.go(visit, make);
    }

    /// Closes the overlay that has the keys; false when none is open.
    pub(super) fn close_over(&mut self) -> bool {
        self.over.pop().is_some()
    }

    /// One level out; false at the first screen.
    pub(super) fn leave(&mut self, make: &dyn Fn(&Place) -> Option<Level>) -> bool {
        let mut visit = self.visit();
        if visit.len() < 2 {
            return false;
        }
        visit.pop();
        self.go(visit, make);
        true
    }

    /// To a place by way of the first screen.
    pub(super) fn go_to(&mut self, place: Option<Place>, make: &dyn Fn(&Place) -> Option<Level>) {
        let first = self.visit().into_iter().take(1);
        self.over.clear();
        self.go(first.chain(place).collect(), make);
    }

    /// To the visit before or after; false when there is none.
    pub(super) fn step(&mut self, back: bool, make: &dyn Fn(&Place) -> Option<Level>) -> bool {
        let at = if back {
            self.at.checked_sub(1)
        } else {
            Some(self.at + 1)
        };
        let Some((at, visit)) = at.and_then(|at| Some((at, self.visits.get(at)?.clone()))) else {
            return false;
        };
        self.at = at;
        self.last = Some(self.visit());
        self.show(visit, make);
        true
    }

    /// To the last place; a second time comes back.
    pub(super) fn back_to_last(&mut self, make: &dyn Fn(&Place) -> Option<Level>) -> bool {
        let Some(visit) = self.last.clone() else {
            return false;
        };
        self.go(visit, make);
        true
    }

    /// Another cluster: what was opened on rows of the old one closes, with all that was left or visited before. What is
    /// about a cluster as a whole stays, the panes below new and their filters, which are words, as typed; an overlay of
    /// that sort keeps what is being typed into it.
    pub(super) fn start_anew(&mut self, make: &dyn Fn(&Place) -> Option<Level>) {
        let old = std::mem::take(self);
        let stays = |level: &Level| level.target.rows().is_empty();
        let new = |level: Level| {
            Some(Level {
                filter: level.filter.clone(),
                ..make(&level.place())?
            })
        };
        self.main = old
            .main
            .into_iter()
            .take_while(stays)
            .filter_map(new)
            .collect();
        self.over = old.over.into_iter().filter(stays).collect();
        self.visits = vec![self.visit()];
    }

    fn visit(&self) -> Visit {
        self.main.iter().map(Level::place).collect()
    }

    fn go(&mut self, visit: Visit, make: &dyn Fn(&Place) -> Option<Level>) {
        let now = self.visit();
        if now == visit {
            return;
        }
        if !now.is_empty() {
            self.last = Some(now);
        }
        self.visits.truncate(self.at + 1);
        self.visits.push(visit.clone());
        if self.visits.len() > VISITS {
            self.visits.remove(0);
        }
        self.at = self.visits.len() - 1;
        self.show(visit, make);
    }

    fn show(&mut self, visit: Visit, make: &dyn Fn(&Place) -> Option<Level>) {
        let kept = self
            .main
            .iter()
            .zip(&visit)
            .take_while(|(level, place)| level.place() == **place)
            .count();
        for level in self.main.drain(kept..) {
            let place = level.place();
            self.shelved.retain(|p| *p != place);
            self.shelved.push_back(place.clone());
            self.shelf.insert(place, level);
        }
        while self.shelved.len() > SHELF {
            if let Some(oldest) = self.shelved.pop_front() {
                self.shelf.remove(&oldest);
            }
        }
        for place in visit.into_iter().skip(kept) {
            let level = self.shelf.remove(&place).or_else(|| make(&place));
            self.shelved.retain(|p| *p != place);
            self.main.extend(level);
        }
    }
}

/// A new pane for a place.
pub(super) fn level(cx: &Context<'_>, place: &Place) -> Option<Level> {
    let def = panes::pane(place.0)?;
    Some(Level {
        def,
        target: place.1.clone(),
        filter: Filter::default(),
        pane: (def.open)(cx, &place.1),
    })
}
