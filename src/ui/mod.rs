//! The explorer: what is on the screen and what keys do. Synchronous and pure, tested without a terminal.
//!
//! [`App::update`] is the only place where state changes; it takes a [`Msg`] and returns [`Effects`], wishes that the event
//! loop runs and answers with messages. [`App::draw`] has no side effects. No I/O, no clock, no environment in here.
//!
//! ```text
//! Msg -> App::update -> commands (command.rs, panes) -> Actions -> state, Effects
//!                       panes refresh their rows (by identity) when facts, filter, choices or size changed
//! App::draw -> header, pane, overlay, note, key bar -> cells
//! ```

mod action;
mod again;
mod app;
mod asking;
pub mod canvas;
mod catalogue;
pub mod chooser;
pub mod command;
mod context;
pub mod detail;
mod effect;
pub mod facts;
pub mod filter;
pub mod first;
pub mod fixing;
mod glyphs;
mod grant;
pub mod keys;
mod kubectl;
pub mod ladder;
mod layout;
pub mod link;
pub mod list;
pub mod listing;
mod memory;
mod msg;
pub mod palette;
pub mod pane;
pub mod panes;
mod permission;
mod prefs;
mod reaching;
mod rights;
mod row;
pub mod say;
pub mod since;
pub mod threat;
pub mod tree;
pub mod typing;
pub mod view;
pub mod widgets;
pub mod yaml;

pub use action::{Action, Answered, Choice, Motion, PaneMsg};
pub use app::{App, Settings};
pub use catalogue::{Catalogue, CheckText, StoryText};
pub use command::commands;
pub use context::{Context, shown};
pub use effect::{Effect, Effects};
pub use fixing::Proving;
pub use glyphs::Glyphs;
pub use memory::Memory;
pub use msg::{Msg, Note, Tone};
pub use prefs::{Prefs, Sort};
pub use row::{Path, RowId, Target};
