//! The application: all state, one flat `update`, one `draw` without side effects.

mod acts;
mod bar;
mod core;
mod header;
mod paint;
mod prompt;
mod way;

use std::sync::Arc;

use jiff::Timestamp;
use jiff::tz::TimeZone;
use ratatui::Frame;
use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};

use super::action::{Action, PaneMsg};
use super::catalogue::Catalogue;
use super::effect::Effects;
use super::keys::Keymap;
use super::msg::{Msg, Note};
use crate::engine::Snapshot;
use crate::term::{Key, Why};
use crate::theme::Theme;
use core::Core;
use prompt::Prompt;
use way::Way;

/// What the explorer starts with.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The theme, brought down to what the terminal can show.
    pub theme: Theme,
    /// Names of the themes there are.
    pub themes: Vec<String>,
    /// Keys.
    pub keymap: Keymap,
    /// Borders and marks in ASCII only.
    pub ascii: bool,
    /// The person's time zone.
    pub zone: TimeZone,
    /// Now.
    pub now: Timestamp,
    /// Titles and texts.
    pub catalogue: Catalogue,
}

/// The explorer.
#[derive(Debug)]
pub struct App {
    core: Core,
    way: Way,
    prompt: Option<Prompt>,
    /// What was painted when facts or time last changed: tells whether rows changed or only counts.
    seen: Option<Buffer>,
}

impl App {
    /// An explorer that knows nothing yet. It can be drawn at once.
    pub fn new(settings: Settings) -> App {
        let mut app = App {
            core: Core::new(settings),
            way: Way::default(),
            prompt: None,
            seen: None,
        };
        let mut effects = Effects::none();
        app.act(
            Action::Open("first", super::row::Target::Whole),
            &mut effects,
        );
        app
    }

    /// The only place where state changes.
    pub fn update(&mut self, msg: Msg) -> Effects {
        let mut effects = Effects::none();
        match msg {
            Msg::Key(key) => self.key(key, &mut effects),
            Msg::Paste(text) => self.paste(&text, &mut effects),
            Msg::Resize(width, height) => self.resize(width, height, &mut effects),
            Msg::Snapshot(snapshot) => self.snapshot(snapshot, &mut effects),
            Msg::Answer {
                number,
                generation,
                answer,
            } => {
                if let Some(told) = self.core.answered(number, generation, answer) {
                    self.tell_all(&told, &mut effects);
                }
            }
            Msg::Tick(now) => self.tick(now, &mut effects),
            Msg::Copied { says, care } => self.say(core::copied(&says, care), &mut effects),
            Msg::Written(result) => self.say(core::written(result), &mut effects),
            Msg::Fetched { object, result } => {
                self.tell_all(&PaneMsg::Fetched(object, result), &mut effects);
            }
            Msg::Proven { proving, result } => {
                self.tell_all(&PaneMsg::Proven(proving, result), &mut effects);
            }
            Msg::Contexts { current, names } => {
                self.tell_all(&PaneMsg::Contexts(current, names), &mut effects);
            }
            Msg::Theme(Ok(theme)) => {
                self.core.theme = *theme;
                effects.mark(Why::Input);
            }
            Msg::Themes(names) => self.core.themes = names,
            Msg::Keymap(Ok(keymap)) => {
                self.core.keymap = *keymap;
                effects.mark(Why::Input);
            }
            Msg::Theme(Err(wrong)) | Msg::Keymap(Err(wrong)) => {
                self.say(Note::error(wrong), &mut effects);
            }
            Msg::Recalled(memory) => self.recall(&memory, &mut effects),
            Msg::Returned(result) => {
                if let Err(wrong) = result {
                    self.say(Note::error(wrong), &mut effects);
                }
                effects.push(super::effect::Effect::Repaint);
                effects.mark(Why::Input);
            }
            Msg::Note(note) => self.say(note, &mut effects),
        }
        effects
    }

    /// Draws the whole screen.
    pub fn draw(&self, frame: &mut Frame<'_>) {
        let area = frame.area();
        if let Some(caret) = self.paint(area, frame.buffer_mut()) {
            frame.set_cursor_position(caret);
        }
    }

    /// Draws the whole screen into cells. Returns where the terminal's cursor stands, if anything is typed.
    pub fn paint(&self, area: Rect, buffer: &mut Buffer) -> Option<Position> {
        paint::paint(self, area, buffer)
    }

    /// When a [`Msg::Tick`] would change the screen although nothing else happens: the next full minute, or the end of
    /// the marks on rows that changed.
    pub fn wake(&self) -> Timestamp {
        self.core.wake()
    }

    /// The facts that are shown.
    pub fn snapshot_shown(&self) -> &Arc<Snapshot> {
        &self.core.shown
    }

    fn key(&mut self, key: Key, effects: &mut Effects) {
        effects.mark(Why::Input);
        self.core.note = None;
        if let Some(prompt) = &mut self.prompt {
            let outcome = prompt.key(key);
            self.prompted(outcome, effects);
            return;
        }
        let Some(front) = self.way.front() else {
            return;
        };
        let types = front.pane.types() && prompt::edits(key);
        let id = self.core.keymap.command(front.def, key);
        if types {
            self.act(Action::Pane(PaneMsg::Type(key)), effects);
        } else if let Some(id) = id {
            self.run(id, effects);
        }
    }

    fn paste(&mut self, text: &str, effects: &mut Effects) {
        effects.mark(Why::Input);
        if let Some(prompt) = &mut self.prompt {
            let outcome = prompt.paste(text);
            self.prompted(outcome, effects);
        } else if self.way.front().is_some_and(|front| front.pane.types()) {
            self.act(Action::Pane(PaneMsg::Paste(text.to_owned())), effects);
        }
    }

    fn resize(&mut self, width: u16, height: u16, effects: &mut Effects) {
        let screen = Rect::new(0, 0, width, height);
        if self.core.screen != screen {
            self.core.screen = screen;
            self.refresh(effects);
            effects.mark(Why::Input);
        }
    }

    fn snapshot(&mut self, snapshot: Arc<Snapshot>, effects: &mut Effects) {
        let another = self.core.is_another(&snapshot);
        if another {
            self.core.forget();
        }
        if self.core.take(snapshot) {
            if another {
                self.start_anew(effects);
            } else {
                self.refresh(effects);
            }
            self.mark_if_changed(effects);
        }
    }

    fn tick(&mut self, now: Timestamp, effects: &mut Effects) {
        let due = now >= self.core.wake();
        self.core.pass(now);
        if due {
            self.refresh(effects);
            self.mark_if_changed(effects);
        }
    }

    /// Finds out by painting whether a frame is due: rows on the screen changed, counts alone, or nothing.
    fn mark_if_changed(&mut self, effects: &mut Effects) {
        let mut now = Buffer::empty(self.core.screen);
        self.paint(self.core.screen, &mut now);
        let why = match &self.seen {
            Some(before) if before.area == now.area => paint::difference(before, &now),
            _ => Some(Why::Rows),
        };
        if let Some(why) = why {
            effects.mark(why);
        }
        self.seen = Some(now);
    }

    fn recall(&mut self, memory: &super::memory::Memory, effects: &mut Effects) {
        self.core.prefs = memory.prefs(crate::ui::view::NAMES);
        self.refresh(effects);
        effects.mark(Why::Rows);
    }

    fn say(&mut self, note: Note, effects: &mut Effects) {
        self.core.note = Some(note);
        effects.mark(Why::Rows);
    }
}
