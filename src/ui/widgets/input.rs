//! One line that is being typed, with its cursor; the editing itself is tui-input's.

use tui_input::{Input, InputRequest};
use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr;

/// What editing keys do to the line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Edit {
    /// Type a character.
    Insert(char),
    /// Take the character before the cursor away.
    Backspace,
    /// Take the character under the cursor away.
    Delete,
    /// Take the word before the cursor away.
    DeleteWord,
    /// Take everything before the cursor away.
    Clear,
    /// A character to the left.
    Left,
    /// A character to the right.
    Right,
    /// To the beginning.
    Home,
    /// To the end.
    End,
}

/// Characters at most: a pasted file is no filter.
const LONGEST: usize = 400;

/// The line.
#[derive(Clone, Debug, Default)]
pub struct Line(Input);

impl Line {
    /// A line that already holds a text, with the cursor behind it.
    pub fn of(text: &str) -> Line {
        Line(Input::new(text.chars().take(LONGEST).collect()))
    }

    /// The text.
    pub fn text(&self) -> &str {
        self.0.value()
    }

    /// Edits.
    pub fn edit(&mut self, edit: Edit) {
        if matches!(edit, Edit::Insert(_)) && self.0.value().chars().count() >= LONGEST {
            return;
        }
        self.0.handle(match edit {
            Edit::Insert(c) => InputRequest::InsertChar(c),
            Edit::Backspace => InputRequest::DeletePrevChar,
            Edit::Delete => InputRequest::DeleteNextChar,
            Edit::DeleteWord => InputRequest::DeletePrevWord,
            Edit::Clear => InputRequest::DeleteFromStart,
            Edit::Left => InputRequest::GoToPrevChar,
            Edit::Right => InputRequest::GoToNextChar,
            Edit::Home => InputRequest::GoToStart,
            Edit::End => InputRequest::GoToEnd,
        });
    }

    /// Inserts a text: line ends become spaces.
    pub fn paste(&mut self, text: &str) {
        for c in text.chars().take(LONGEST) {
            match c {
                '\n' | '\t' => self.edit(Edit::Insert(' ')),
                c if c.is_control() => {}
                c => self.edit(Edit::Insert(c)),
            }
        }
    }

    /// The part to show in `width` columns, and the cursor's column in it.
    pub fn shown(&self, width: usize) -> (&str, usize) {
        let text = self.text();
        let at: usize = text
            .char_indices()
            .nth(self.0.cursor())
            .map_or(text.len(), |(at, _)| at);
        let mut from = 0;
        for grapheme in text.graphemes(true) {
            if text.get(from..at).map_or(0, UnicodeWidthStr::width) < width.max(1) {
                break;
            }
            from += grapheme.len();
        }
        let column = text.get(from..at).map_or(0, UnicodeWidthStr::width);
        (text.get(from..).unwrap_or(""), column)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_cursor_stays_in_sight() {
        let mut line = Line::of("ns:shop kind:deploy");
        assert_eq!(line.shown(40), ("ns:shop kind:deploy", 19));
        let (shown, column) = line.shown(8);
        assert_eq!((shown, column), (":deploy", 7));
        line.edit(Edit::Home);
        assert_eq!(line.shown(8), ("ns:shop kind:deploy", 0));
        line.edit(Edit::DeleteWord);
        line.paste("a\nb");
        assert_eq!(line.text(), "a bns:shop kind:deploy");
    }

    #[test]
    fn a_pasted_file_is_cut() {
        let mut line = Line::default();
        line.paste(&"x".repeat(100_000));
        assert_eq!(line.text().len(), LONGEST);
    }
}
