//! The filter while it is typed: every character filters at once, Enter keeps it, Esc brings the old one back.

use crate::term::{Code, Key};
use crate::ui::typing::edit;
use crate::ui::widgets::cursor::Motion;
use crate::ui::widgets::input::{Edit, Line};

/// A filter that is being typed.
#[derive(Clone, Debug)]
pub(super) struct Prompt {
    pub(super) line: Line,
    /// The filter that Esc brings back.
    before: String,
}

/// What a key made of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Outcome {
    /// The text is this now.
    Typed(String),
    /// It is kept.
    Kept,
    /// It is dropped, and the filter is this again.
    Dropped(String),
    /// The cursor of the list moves meanwhile.
    Moved(Motion),
    /// The end of the program.
    Quit,
    /// Nothing.
    Nothing,
}

/// Editing keys go to what types, before any command.
pub(super) fn edits(key: Key) -> bool {
    edit(key).is_some()
}

impl Prompt {
    pub(super) fn new(filter: &str) -> Prompt {
        Prompt {
            line: Line::of(filter),
            before: filter.to_owned(),
        }
    }

    pub(super) fn key(&mut self, key: Key) -> Outcome {
        let empty = self.line.text().is_empty();
        match (key.code, edit(key)) {
            (Code::Enter, _) => Outcome::Kept,
            (Code::Esc, _) => Outcome::Dropped(self.before.clone()),
            (_, Some(Edit::Backspace)) if empty => Outcome::Dropped(String::new()),
            (_, Some(edit)) => {
                self.line.edit(edit);
                Outcome::Typed(self.line.text().to_owned())
            }
            (Code::Up, _) => Outcome::Moved(Motion::Up),
            (Code::Down, _) => Outcome::Moved(Motion::Down),
            (Code::PageUp, _) => Outcome::Moved(Motion::PageUp),
            (Code::PageDown, _) => Outcome::Moved(Motion::PageDown),
            (Code::Char('c'), _) if key.ctrl => Outcome::Quit,
            _ => Outcome::Nothing,
        }
    }

    pub(super) fn paste(&mut self, text: &str) -> Outcome {
        self.line.paste(text);
        Outcome::Typed(self.line.text().to_owned())
    }
}
