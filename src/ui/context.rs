//! What panes and commands may read: everything, and change nothing.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::catalogue::Catalogue;
use super::filter::Filter;
use super::glyphs::Glyphs;
use super::keys::Keymap;
use super::prefs::Prefs;
use super::row::{RowId, Target};
use crate::engine::Snapshot;
use crate::model::text::clean;
use crate::theme::Theme;

/// The application, read-only, as the pane that has the keys sees it.
#[derive(Clone, Copy, Debug)]
pub struct Context<'a> {
    /// The facts that are shown: the newest, or those of the moment the person froze.
    pub snapshot: &'a Arc<Snapshot>,
    /// Titles and texts of checks and stories.
    pub catalogue: &'a Arc<Catalogue>,
    /// Meanings to styles.
    pub theme: &'a Theme,
    /// Lines and marks.
    pub glyphs: &'static Glyphs,
    /// Now.
    pub now: Timestamp,
    /// The person's time zone.
    pub zone: &'a TimeZone,
    /// The whole screen.
    pub screen: Rect,
    /// Where the pane is drawn.
    pub area: Rect,
    /// How the person looks at things.
    pub prefs: &'a Prefs,
    /// Marked rows.
    pub marks: &'a BTreeSet<RowId>,
    /// The filter of the pane.
    pub filter: &'a Filter,
    /// The pane that has the keys, by id.
    pub pane: &'static str,
    /// What it was opened on.
    pub target: &'a Target,
    /// The row under the cursor: of the pane, or of the one below the overlay.
    pub selected: Option<&'a RowId>,
    /// The pane can be filtered.
    pub filters: bool,
    /// The pane has something beside what has the keys, unless it is full.
    pub splits: bool,
    /// When the person let the facts stand still.
    pub frozen: Option<Timestamp>,
    /// When trouble with the connection was first seen.
    pub trouble: Option<Timestamp>,
    /// The pane is alone on the screen.
    pub full: bool,
    /// Keys of commands.
    pub keymap: &'a Keymap,
    /// Names of themes.
    pub themes: &'a [String],
    /// For an overlay: the pane below it.
    pub beneath: Option<&'a Context<'a>>,
}

impl Context<'_> {
    /// Nothing but counters may be claimed yet.
    pub fn is_loading(&self) -> bool {
        self.snapshot.is_loading()
    }

    /// There is an object to fetch whole: only an API server has more than the facts.
    pub fn is_live(&self) -> bool {
        self.snapshot.cluster.source == crate::model::cluster::SourceName::Live
    }

    /// The selected row that can be fixed, or the marked ones.
    pub fn to_fix(&self) -> Vec<RowId> {
        if self.marks.is_empty() {
            self.selected
                .filter(|row| row.is_fixable())
                .cloned()
                .into_iter()
                .collect()
        } else {
            self.marks.iter().cloned().collect()
        }
    }
}

/// Text of a cluster as it may be shown. Every such text passes here.
pub fn shown(text: &str) -> Cow<'_, str> {
    clean(text)
}
