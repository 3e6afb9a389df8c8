//! A line that is typed over a list that it narrows: palette, help and pickers.

use super::action::PaneMsg;
use super::canvas::{Canvas, piece};
use super::list::{self, Drawn};
use super::row::RowId;
use super::typing::edit;
use super::widgets::cursor::{Cursor, Motion};
use super::widgets::input::Line;
use super::widgets::piece::Piece;
use crate::theme::Meaning;

/// What is typed, and the row under the cursor.
#[derive(Debug, Default)]
pub struct Chooser {
    line: Line,
    cursor: Cursor<RowId>,
}

impl Chooser {
    /// The text.
    pub fn text(&self) -> &str {
        self.line.text()
    }

    /// Another text, with the cursor behind it.
    pub fn set(&mut self, text: &str) {
        self.line = Line::of(text);
    }

    /// The row under the cursor.
    pub fn selected(&self) -> Option<&RowId> {
        self.cursor.selected()
    }

    /// Finds the cursor's row in the rows as they are now; `height` is that of the whole canvas.
    pub fn settle(&mut self, rows: &[RowId], height: u16) {
        self.cursor
            .settle(rows, usize::from(height.saturating_sub(2)));
    }

    /// Takes what types and what moves. True: the text is another one, and the best match belongs under the cursor.
    pub fn update(&mut self, rows: &[RowId], msg: &PaneMsg) -> bool {
        match msg {
            PaneMsg::Type(key) => {
                if let Some(edit) = edit(*key) {
                    self.line.edit(edit);
                }
                true
            }
            PaneMsg::Paste(text) => {
                self.line.paste(text);
                true
            }
            PaneMsg::Move(motion) => {
                self.cursor.step(rows, *motion);
                false
            }
            PaneMsg::NextPart => {
                self.cursor.step(rows, Motion::Down);
                false
            }
            PaneMsg::PreviousPart => {
                self.cursor.step(rows, Motion::Up);
                false
            }
            _ => false,
        }
    }

    /// Puts the cursor on the first row.
    pub fn to_first(&mut self, rows: &[RowId]) {
        self.cursor.step(rows, Motion::Top);
    }

    /// Puts the cursor on a row.
    pub fn to(&mut self, rows: &[RowId], row: &RowId) {
        self.cursor.select(rows, row);
    }

    /// The line, then the rows; `none` stands in place of an empty list.
    pub fn draw(
        &self,
        canvas: &mut Canvas<'_>,
        prompt: &'static str,
        none: &str,
        row: impl FnMut(usize) -> Drawn<'static>,
    ) {
        let at = prompt.len() as u16;
        let room = usize::from(canvas.width().saturating_sub(at + 1));
        let (shown, column) = self.line.shown(room);
        let pieces = [
            Piece::new(prompt, Meaning::Prompt),
            piece(shown, Meaning::Filter),
        ];
        canvas.pieces(0, 0, &pieces);
        canvas.caret(at + column as u16, 0);
        let mut rest = canvas.area;
        rest.y = rest.y.saturating_add(2);
        rest.height = rest.height.saturating_sub(2);
        let mut part = canvas.part(rest);
        if self.cursor.is_empty() {
            part.text(0, 0, none, Meaning::Muted);
        } else {
            list::draw(&mut part, self.cursor.window(), self.cursor.at(), true, row);
        }
    }
}
