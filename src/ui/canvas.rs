//! Where panes draw: a rectangle of cells, with text that is cleaned, cut to its place and styled by meaning.

use ratatui::buffer::Buffer;
use ratatui::layout::{Position, Rect};
use unicode_width::UnicodeWidthStr as _;

use super::context::shown;
use super::glyphs::Glyphs;
use super::widgets::columns::{Width, widths};
use super::widgets::piece::Piece;
use super::widgets::text::{fit, fit_middle};
use crate::theme::{Meaning, Theme};

/// A piece whose text comes from anywhere: cleaned.
pub fn piece(text: &str, meaning: Meaning) -> Piece<'_> {
    Piece::new(shown(text), meaning)
}

/// A piece made of an owned text from anywhere: cleaned.
pub fn owned(text: impl Into<String>, meaning: Meaning) -> Piece<'static> {
    let text = text.into();
    Piece::new(shown(&text).into_owned(), meaning)
}

/// One cell of a row of columns.
#[derive(Clone, Debug)]
pub struct Cell<'a> {
    /// What it holds.
    pub pieces: Vec<Piece<'a>>,
    /// Its width.
    pub width: Width,
    /// It ends at the right of its column.
    pub right: bool,
    /// What does not fit is cut in the middle: both ends of a name tell it apart from its neighbours.
    pub middle: bool,
    /// How long it stays where there is little room; those of 0 go first.
    pub keep: u8,
}

impl<'a> Cell<'a> {
    /// Text that takes what room there is, at least so many columns.
    pub fn grow(least: u16, pieces: Vec<Piece<'a>>) -> Cell<'a> {
        Cell {
            pieces,
            width: Width::Grow(least),
            right: false,
            middle: false,
            keep: 0,
        }
    }

    /// Text of a fixed width.
    pub fn fixed(width: u16, piece: Piece<'a>) -> Cell<'a> {
        Cell {
            pieces: vec![piece],
            width: Width::Fixed(width),
            right: false,
            middle: false,
            keep: 0,
        }
    }

    /// The same for a name, cut in its middle.
    #[must_use]
    pub fn name(mut self) -> Cell<'a> {
        self.middle = true;
        self
    }

    /// The same, staying longer than others.
    #[must_use]
    pub fn keep(mut self, keep: u8) -> Cell<'a> {
        self.keep = keep;
        self
    }

    /// The same, ending at the right.
    #[must_use]
    pub fn to_right(mut self) -> Cell<'a> {
        self.right = true;
        self
    }
}

/// A rectangle to draw in. Nothing that is drawn gets out of it.
#[derive(Debug)]
pub struct Canvas<'a> {
    /// The rectangle.
    pub area: Rect,
    /// Lines and marks.
    pub glyphs: &'static Glyphs,
    theme: &'a Theme,
    buffer: &'a mut Buffer,
    caret: &'a mut Option<Position>,
}

impl<'a> Canvas<'a> {
    /// A canvas over cells.
    pub fn new(
        area: Rect,
        buffer: &'a mut Buffer,
        caret: &'a mut Option<Position>,
        theme: &'a Theme,
        glyphs: &'static Glyphs,
    ) -> Canvas<'a> {
        Canvas {
            area: area.intersection(buffer.area),
            glyphs,
            theme,
            buffer,
            caret,
        }
    }

    /// A part of it, given in the screen's own coordinates.
    pub fn part(&mut self, area: Rect) -> Canvas<'_> {
        Canvas {
            area: area.intersection(self.area),
            glyphs: self.glyphs,
            theme: self.theme,
            buffer: self.buffer,
            caret: self.caret,
        }
    }

    /// Columns.
    pub fn width(&self) -> u16 {
        self.area.width
    }

    /// Lines.
    pub fn height(&self) -> u16 {
        self.area.height
    }

    /// The cells, for widgets that draw by themselves; keep inside [`Canvas::area`].
    pub fn cells(&mut self) -> (&mut Buffer, &Theme) {
        (self.buffer, self.theme)
    }

    /// Writes pieces from a column of a line on, cut at the right end. Returns the column behind the last.
    pub fn pieces(&mut self, x: u16, y: u16, pieces: &[Piece<'_>]) -> u16 {
        let mut column = x;
        for (at, piece) in pieces.iter().enumerate() {
            let left = self.area.width.saturating_sub(column);
            // The mark of a cut text needs to know whether more follows: then this piece must leave room for it.
            let more = pieces
                .get(at + 1)
                .is_some_and(|next| piece.width() == usize::from(left) && next.width() > 0);
            let room = usize::from(left);
            let text = if more {
                fit(&format!("{} ", piece.text), room, self.glyphs.cut).into_owned()
            } else {
                fit(&piece.text, room, self.glyphs.cut).into_owned()
            };
            column = self.put(column, y, &text, piece.meaning);
            if column >= self.area.width {
                break;
            }
        }
        column
    }

    /// Writes a text from anywhere from a column of a line on, cut at the right end.
    pub fn text(&mut self, x: u16, y: u16, text: &str, meaning: Meaning) -> u16 {
        self.pieces(x, y, &[piece(text, meaning)])
    }

    /// Writes a text so that it ends at the right end. Returns the column where it begins.
    pub fn right(&mut self, y: u16, pieces: &[Piece<'_>]) -> u16 {
        let columns: usize = pieces.iter().map(Piece::width).sum();
        let x = usize::from(self.area.width).saturating_sub(columns) as u16;
        self.pieces(x, y, pieces);
        x
    }

    /// Writes a row of columns.
    pub fn row(&mut self, x: u16, y: u16, cells: &[Cell<'_>]) {
        let total = self.area.width.saturating_sub(x);
        for (column, piece) in lay(total, cells, self.glyphs.cut) {
            self.put(x + column, y, &piece.text, piece.meaning);
        }
    }

    /// Writes a line of one mark.
    pub fn rule(&mut self, y: u16, meaning: Meaning) {
        let line = self.glyphs.rule.repeat(usize::from(self.area.width));
        self.put(0, y, &line, meaning);
    }

    /// Gives cells of a line a meaning over what stands in them.
    pub fn paint(&mut self, x: u16, y: u16, width: u16, meaning: Meaning) {
        let area = Rect::new(
            self.area.x.saturating_add(x),
            self.area.y.saturating_add(y),
            width,
            1,
        );
        self.buffer
            .set_style(area.intersection(self.area), self.theme.style(meaning));
    }

    /// Empties it, and gives all of it a meaning.
    pub fn clear(&mut self, meaning: Meaning) {
        for y in self.area.top()..self.area.bottom() {
            for x in self.area.left()..self.area.right() {
                if let Some(cell) = self.buffer.cell_mut((x, y)) {
                    cell.reset();
                }
            }
        }
        self.buffer.set_style(self.area, self.theme.style(meaning));
    }

    /// Puts the terminal's own cursor somewhere.
    pub fn caret(&mut self, x: u16, y: u16) {
        if x < self.area.width && y < self.area.height {
            *self.caret = Some(Position::new(self.area.x + x, self.area.y + y));
        }
    }

    fn put(&mut self, x: u16, y: u16, text: &str, meaning: Meaning) -> u16 {
        if x >= self.area.width || y >= self.area.height {
            return x;
        }
        let left = usize::from(self.area.width - x);
        let style = self.theme.style(meaning);
        let (end, _) = self
            .buffer
            .set_stringn(self.area.x + x, self.area.y + y, text, left, style);
        end.saturating_sub(self.area.x)
    }
}

/// Cells laid out in so many columns: where each piece stands, cut to its place.
pub fn lay<'a>(total: u16, cells: &'a [Cell<'a>], cut: &str) -> Vec<(u16, Piece<'a>)> {
    let columns: Vec<(Width, u8)> = cells.iter().map(|cell| (cell.width, cell.keep)).collect();
    let mut laid = Vec::new();
    let mut x = 0;
    for (cell, width) in cells.iter().zip(widths(total, &columns)) {
        if width == 0 {
            continue;
        }
        let taken: usize = cell.pieces.iter().map(Piece::width).sum();
        let mut column = if cell.right {
            x + usize::from(width).saturating_sub(taken) as u16
        } else {
            x
        };
        let end = x + width;
        let middle = cell.middle && cell.pieces.len() == 1;
        for piece in &cell.pieces {
            let room = usize::from(end.saturating_sub(column));
            let text = if middle {
                fit_middle(&piece.text, room, cut)
            } else {
                fit(&piece.text, room, cut)
            };
            let columns = text.width() as u16;
            if columns > 0 {
                laid.push((column, Piece::new(text.into_owned(), piece.meaning)));
            }
            column += columns;
        }
        x = end + 1;
    }
    laid
}
