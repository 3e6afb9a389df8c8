//! Cells to bytes: the backend that ratatui draws through. It collects one frame and hands it over in one write, inside a
//! synchronised update; a frame that changes nothing hands over nothing.

use super::pen::Pen;
use crate::theme::ColourLevel;
use ratatui::backend::{Backend, ClearType, WindowSize};
use ratatui::buffer::Cell;
use ratatui::layout::{Position, Size};
use std::io::{self, Write};
use std::time::{Duration, Instant};
use unicode_width::UnicodeWidthStr;

/// Begin and end of a synchronised update (DEC private mode 2026): the terminal shows the frame at once or not at all.
/// Terminals that do not know the mode ignore both.
const BEGIN: &[u8] = b"\x1b[?2026h";
const END: &[u8] = b"\x1b[?2026l";

/// What the last hand-over cost.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Drawn {
    /// Bytes sent to the terminal; 0 when the frame looked like the one before.
    pub bytes: usize,
    /// How long the terminal took to take them. A slow line shows here.
    pub flush: Duration,
}

/// The size of the terminal, asked before each frame.
pub(super) type SizeOf = Box<dyn Fn() -> Size + Send>;

/// The backend.
pub(super) struct Painter<W> {
    out: W,
    size: SizeOf,
    clock: fn() -> Instant,
    level: ColourLevel,
    pending: Vec<u8>,
    pen: Pen,
    /// Where the terminal's cursor is, while that is known for certain.
    at: Option<Position>,
    cursor_shown: Option<bool>,
    drawn: Drawn,
}

impl<W: Write> Painter<W> {
    pub(super) fn new(out: W, level: ColourLevel, size: SizeOf, clock: fn() -> Instant) -> Self {
        Self {
            out,
            size,
            clock,
            level,
            pending: Vec::new(),
            pen: Pen::RESET,
            at: None,
            cursor_shown: None,
            drawn: Drawn::default(),
        }
    }

    /// Forgets what is known of the terminal: somebody else used it.
    pub(super) fn forget(&mut self) {
        self.at = None;
        self.cursor_shown = None;
    }

    /// What the last frame cost.
    pub(super) fn drawn(&self) -> Drawn {
        self.drawn
    }

    /// Draws with another number of colours from now on.
    pub(super) fn set_level(&mut self, level: ColourLevel) {
        self.level = level;
    }

    /// The writer itself, between frames.
    pub(super) fn out(&mut self) -> &mut W {
        &mut self.out
    }

    fn go_to(&mut self, to: Position) {
        if self.at != Some(to) {
            let Position { x, y } = to;
            self.pending.extend_from_slice(
                format!("\x1b[{};{}H", y.saturating_add(1), x.saturating_add(1)).as_bytes(),
            );
            self.at = Some(to);
        }
    }

    fn put(&mut self, symbol: &str) {
        self.pending.extend_from_slice(if is_printable(symbol) {
            symbol.as_bytes()
        } else {
            b"?"
        });
        // Quirk "disputed width": terminals do not agree how wide emoji and combining characters are. After anything that
        // is not one plain cell the cursor is placed anew, so a dispute moves one character and not the rest of the row.
        self.at = match self.at {
            Some(Position { x, y }) if symbol.width() == 1 => Some(Position {
                x: x.saturating_add(1),
                y,
            }),
            _ => None,
        };
    }
}

/// Whether the text of a cell is nothing but characters: a name from a cluster must never become a sequence, even where
/// the sanitiser was forgotten.
fn is_printable(symbol: &str) -> bool {
    !symbol.is_empty() && !symbol.chars().any(char::is_control)
}

impl<W: Write> Backend for Painter<W> {
    type Error = io::Error;

    fn draw<'a, I>(&mut self, content: I) -> io::Result<()>
    where
        I: Iterator<Item = (u16, u16, &'a Cell)>,
    {
        let width = (self.size)().width;
        for (x, y, cell) in content {
            self.go_to(Position { x, y });
            let pen = Pen::of(cell, self.level);
            if cell.symbol() != " " || !self.pen.blanks_like(pen) {
                self.pen.turn(pen, self.level, &mut self.pending);
            }
            self.put(cell.symbol());
            // Past the last column the cursor waits there or wraps, as the terminal likes.
            if x.saturating_add(1) >= width {
                self.at = None;
            }
        }
        Ok(())
    }

    fn hide_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown.replace(false) != Some(false) {
            self.pending.extend_from_slice(b"\x1b[?25l");
        }
        Ok(())
    }

    fn show_cursor(&mut self) -> io::Result<()> {
        if self.cursor_shown.replace(true) != Some(true) {
            self.pending.extend_from_slice(b"\x1b[?25h");
        }
        Ok(())
    }

    /// Never asks the terminal: through tmux and ssh an answer may take seconds, and may not come.
    fn get_cursor_position(&mut self) -> io::Result<Position> {
        Ok(self.at.unwrap_or_default())
    }

    fn set_cursor_position<P: Into<Position>>(&mut self, position: P) -> io::Result<()> {
        self.go_to(position.into());
        Ok(())
    }

    fn clear(&mut self) -> io::Result<()> {
        self.clear_region(ClearType::All)
    }

    fn clear_region(&mut self, region: ClearType) -> io::Result<()> {
        // Erasing fills with the pen's background on most terminals.
        self.pen.turn(Pen::RESET, self.level, &mut self.pending);
        self.pending.extend_from_slice(match region {
            ClearType::All => b"\x1b[2J",
            ClearType::AfterCursor => b"\x1b[J",
            ClearType::BeforeCursor => b"\x1b[1J",
            ClearType::CurrentLine => b"\x1b[2K",
            ClearType::UntilNewLine => b"\x1b[K",
        });
        Ok(())
    }

    fn size(&self) -> io::Result<Size> {
        Ok((self.size)())
    }

    fn window_size(&mut self) -> io::Result<WindowSize> {
        Ok(WindowSize {
            columns_rows: (self.size)(),
            pixels: Size::ZERO,
        })
    }

    fn flush(&mut self) -> io::Result<()> {
        self.drawn = Drawn::default();
        if self.pending.is_empty() {
            return Ok(());
        }
        // What somebody else writes between two frames must not inherit our colours.
        self.pen.turn(Pen::RESET, self.level, &mut self.pending);
        let mut frame = Vec::with_capacity(self.pending.len() + BEGIN.len() + END.len());
        for part in [BEGIN, &self.pending, END] {
            frame.extend_from_slice(part);
        }
        self.pending.clear();
        let before = (self.clock)();
        let written = self.out.write_all(&frame).and_then(|()| self.out.flush());
        self.drawn = Drawn {
            bytes: frame.len(),
            flush: (self.clock)().saturating_duration_since(before),
        };
        if written.is_err() {
            self.forget();
        }
        written
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        // Straight to the painter: in a debug build ratatui itself stops at such a cell, in a release build it passes it on.
        #[test]
        fn no_cell_can_become_a_sequence(symbol in "\\PC{0,3}|[\\x00-\\x1f\\x7f-\u{9f}a]{1,4}") {
            let mut sent = Vec::new();
            let size: SizeOf = Box::new(|| Size { width: 9, height: 1 });
            let mut painter = Painter::new(&mut sent, ColourLevel::Mono, size, Instant::now);
            let mut cell = Cell::default();
            cell.set_symbol(&symbol);
            painter.draw([(0, 0, &cell)].into_iter()).unwrap();
            painter.flush().unwrap();
            let text = String::from_utf8(sent).unwrap();
            let text = text.strip_prefix("\x1b[?2026h\x1b[1;1H").and_then(|text| text.strip_suffix("\x1b[?2026l")).unwrap();
            prop_assert!(!text.chars().any(char::is_control), "{:?}", text);
            prop_assert!(!text.is_empty());
        }
    }
}
