//! What the application knows beside its panes: facts, time, choices, marks, the note, open questions.

use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;
use std::sync::Arc;

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};
use ratatui::layout::Rect;

use super::Settings;
use super::way::Level;
use crate::engine::{Answer, Query, Snapshot};
use crate::theme::Theme;
use crate::ui::action::{Answered, PaneMsg};
use crate::ui::catalogue::Catalogue;
use crate::ui::context::Context;
use crate::ui::filter::Filter;
use crate::ui::glyphs::Glyphs;
use crate::ui::keys::Keymap;
use crate::ui::layout;
use crate::ui::msg::Note;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::prefs::Prefs;
use crate::ui::row::{RowId, Target};
use crate::ui::since;

/// Everything but the panes.
#[derive(Debug)]
pub(super) struct Core {
    /// The facts on the screen.
    pub(super) shown: Arc<Snapshot>,
    /// The newest facts; others than shown while frozen.
    newest: Arc<Snapshot>,
    /// When the person froze the facts.
    pub(super) frozen: Option<Timestamp>,
    /// When the connection's trouble, if any, was first seen.
    pub(super) trouble: Option<Timestamp>,
    /// When a pane wants to be looked at again.
    again: Option<Timestamp>,
    pub(super) screen: Rect,
    pub(super) now: Timestamp,
    pub(super) zone: TimeZone,
    pub(super) theme: Theme,
    pub(super) themes: Vec<String>,
    pub(super) keymap: Keymap,
    pub(super) glyphs: &'static Glyphs,
    pub(super) catalogue: Arc<Catalogue>,
    pub(super) prefs: Prefs,
    pub(super) marks: BTreeSet<RowId>,
    pub(super) full: bool,
    pub(super) note: Option<Note>,
    asked: BTreeMap<u64, Query>,
    numbers: u64,
}

impl Core {
    pub(super) fn new(settings: Settings) -> Core {
        let nothing = Arc::new(Snapshot::default());
        Core {
            shown: nothing.clone(),
            newest: nothing,
            frozen: None,
            trouble: None,
            again: None,
            screen: Rect::new(0, 0, 80, 24),
            now: settings.now,
            zone: settings.zone,
            theme: settings.theme,
            themes: settings.themes,
            keymap: settings.keymap,
            glyphs: Glyphs::of(settings.ascii),
            catalogue: Arc::new(settings.catalogue),
            prefs: Prefs::default(),
            marks: BTreeSet::new(),
            full: false,
            note: None,
            asked: BTreeMap::new(),
            numbers: 0,
        }
    }

    /// This snapshot is of another cluster than the facts so far.
    pub(super) fn is_another(&self, snapshot: &Snapshot) -> bool {
        self.newest.generation > 0 && !self.newest.cluster.is_same(&snapshot.cluster)
    }

    /// Forgets what belongs to one cluster. Facts of the old one do not stand still over the new one.
    pub(super) fn forget(&mut self) {
        self.frozen = None;
        self.trouble = None;
        self.prefs = Prefs::default();
        self.marks.clear();
        // An answer that still comes is about the old cluster.
        self.asked.clear();
    }

    /// Takes a newer snapshot; true when it is shown now.
    pub(super) fn take(&mut self, snapshot: Arc<Snapshot>) -> bool {
        let fine = snapshot.cluster.trouble.is_empty();
        self.trouble = if fine {
            None
        } else {
            Some(self.trouble.unwrap_or(self.now))
        };
        self.newest = snapshot;
        if self.frozen.is_none() {
            self.shown = self.newest.clone();
        }
        self.frozen.is_none()
    }

    /// Lets the facts stand still, or catch up.
    pub(super) fn freeze(&mut self) {
        self.frozen = match self.frozen {
            None => Some(self.now),
            Some(_) => None,
        };
        if self.frozen.is_none() {
            self.shown = self.newest.clone();
        }
    }

    /// A number for a question; `None` while the same one is open.
    pub(super) fn ask(&mut self, query: &Query) -> Option<u64> {
        if self.asked.values().any(|open| open == query) {
            return None;
        }
        self.numbers += 1;
        self.asked.insert(self.numbers, query.clone());
        Some(self.numbers)
    }

    /// What panes are told of an answer, if its question is still open.
    pub(super) fn answered(
        &mut self,
        number: u64,
        generation: u64,
        answer: Answer,
    ) -> Option<PaneMsg> {
        let query = self.asked.remove(&number)?;
        Some(PaneMsg::Answer(Box::new(Answered {
            query,
            generation,
            answer,
        })))
    }

    /// When time alone changes the screen next.
    pub(super) fn wake(&self) -> Timestamp {
        let into = self.now.as_second().rem_euclid(60);
        let minute = Timestamp::from_second(self.now.as_second() - into + 60);
        let minute = minute.unwrap_or(self.now + SignedDuration::from_secs(60));
        let marks = since::next_end(&self.shown, self.now);
        let lost = self.trouble.and_then(|at| since::next_lost(at, self.now));
        let sooner = marks.into_iter().chain(lost).chain(self.again);
        sooner.fold(minute, Timestamp::min)
    }

    /// A pane wants to be looked at again then.
    pub(super) fn wake_at(&mut self, at: Timestamp) {
        self.again = Some(self.again.map_or(at, |other| other.min(at)));
    }

    /// Time goes on.
    pub(super) fn pass(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        self.again = self.again.filter(|at| *at > now);
    }

    /// The context of a pane; `None`: it is only being made.
    pub(super) fn context<'a>(
        &'a self,
        def: &'static PaneDef,
        target: &'a Target,
        filter: &'a Filter,
        pane: Option<&dyn Pane>,
        selected: Option<&'a RowId>,
    ) -> Context<'a> {
        let parts = layout::parts(self.screen, def.slot == Slot::First);
        let area = match def.slot {
            Slot::Main | Slot::First => parts.body,
            Slot::Over { width, height } => layout::inside(layout::over(parts.body, width, height)),
        };
        Context {
            snapshot: &self.shown,
            catalogue: &self.catalogue,
            theme: &self.theme,
            glyphs: self.glyphs,
            now: self.now,
            zone: &self.zone,
            screen: self.screen,
            area,
            prefs: &self.prefs,
            marks: &self.marks,
            filter,
            pane: def.id,
            target,
            selected,
            filters: pane.is_some_and(Pane::filters),
            splits: pane.is_some_and(|pane| pane.splits(area)),
            frozen: self.frozen,
            trouble: self.trouble,
            full: self.full,
            keymap: &self.keymap,
            themes: &self.themes,
            beneath: None,
        }
    }

    /// The context of a level.
    pub(super) fn context_of<'a>(
        &'a self,
        level: &'a Level,
        selected: Option<&'a RowId>,
    ) -> Context<'a> {
        self.context(
            level.def,
            &level.target,
            &level.filter,
            Some(&*level.pane),
            selected,
        )
    }
}

/// What became of a copy.
pub(super) fn copied(says: &str, care: bool) -> Note {
    if care {
        Note::warning(says)
    } else {
        Note::notice(says)
    }
}

/// What became of a file.
pub(super) fn written(result: Result<PathBuf, String>) -> Note {
    match result {
        Ok(path) => Note::notice(format!("written to {}", path.display())),
        Err(why) => Note::error(why),
    }
}
