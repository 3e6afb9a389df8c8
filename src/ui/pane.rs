//! The contract of a pane: one file, found by being in `src/ui/panes/`.
//!
//! # How to add a pane
//!
//! One new file `src/ui/panes/<pane>.rs` with `pub static PANE: PaneDef`; nothing else is edited. Its `//!` says what it
//! is for. A struct holds its state and implements [`Pane`]:
//!
//! - [`Pane::refresh`] is called before the first draw and whenever facts, choices, filter or size changed: bring rows
//!   up to date there, and keep the cursor by identity ([`Cursor::settle`](super::widgets::cursor::Cursor::settle)).
//! - [`Pane::update`] takes a [`PaneMsg`] and returns [`Action`]s: opening a pane, a question to the engine, an effect. A
//!   pane cannot reach another pane.
//! - [`Pane::draw`] has no side effects and writes inside `canvas.area` only. Text from a cluster passes
//!   [`clean`](crate::model::text::clean) first; looks are asked for by [`Meaning`](crate::theme::Meaning).
//! - [`Pane::selected`] names the row under the cursor: `y`, `d`, `m`, `C`, `K` and marks act on it.
//!
//! Its own keys are in [`PaneDef::commands`]; they may not collide with each other or with the global ones that reach it.
//! A global command that names the pane's id in [`Command::opens`] appears in key bar, help and palette by itself.
//!
//! Tests that every pane gets for nothing (`tests/it/ui_panes.rs`): it draws at every size without a panic and inside
//! its area, twice the same; ASCII mode writes only ASCII; mono writes no colour; no key twice; every command has help.

use std::fmt::Debug;

use ratatui::layout::Rect;

use super::action::{Action, PaneMsg};
use super::canvas::Canvas;
use super::command::Command;
use super::context::Context;
use super::row::{RowId, Target};
use crate::theme::Meaning;

/// A pane, as its file declares it.
#[derive(Debug)]
pub struct PaneDef {
    /// The file's name with dashes.
    pub id: &'static str,
    /// Its name in the breadcrumb, unless [`Pane::title`] says better.
    pub title: &'static str,
    /// One or two sentences: the help's introduction.
    pub about: &'static str,
    /// Where it is drawn.
    pub slot: Slot,
    /// Ids of commands on its key bar, in order; those of panes that do not exist are left out.
    pub bar: &'static [&'static str],
    /// Its own commands.
    pub commands: &'static [Command],
    /// Makes one.
    pub open: fn(&Context<'_>, &Target) -> Box<dyn Pane>,
}

/// Where a pane is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Slot {
    /// The whole screen but for header and key bar; a level of the way back.
    Main,
    /// The same, without the header: it draws its own.
    First,
    /// A box over the rest, at most of this size; it takes the keys until it is left.
    Over {
        /// Columns, with its border.
        width: u16,
        /// Lines, with its border.
        height: u16,
    },
}

/// A pane's state.
pub trait Pane: Debug + Send {
    /// Facts, choices, filter or size changed.
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let _ = cx;
        Vec::new()
    }

    /// Something happened to it.
    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action>;

    /// Draws it into `canvas.area`.
    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>);

    /// The row under the cursor.
    fn selected(&self) -> Option<RowId> {
        None
    }

    /// Every row that can be fixed in the node under the cursor: what `Y` takes when nothing is marked.
    fn node(&self, cx: &Context<'_>) -> Vec<RowId> {
        let _ = cx;
        self.selected()
            .into_iter()
            .filter(RowId::is_fixable)
            .collect()
    }

    /// Its place in the breadcrumb.
    fn title(&self, cx: &Context<'_>) -> Option<String> {
        let _ = cx;
        None
    }

    /// A few words at the right of the header, or of an overlay's border.
    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let _ = cx;
        None
    }

    /// It takes characters as text now, before any command.
    fn types(&self) -> bool {
        false
    }

    /// Something stands beside or below what has the keys, which full screen (`Context::full`) hides.
    fn splits(&self, area: Rect) -> bool {
        let _ = area;
        false
    }

    /// It has rows that `/` can filter.
    fn filters(&self) -> bool {
        false
    }
}
