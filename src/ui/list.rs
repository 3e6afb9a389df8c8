//! Rows on the screen: a gutter with the cursor, the mark and the sign of change, then columns. Every list looks like this.

use std::ops::Range;

use super::canvas::{Canvas, Cell};
use super::since::Sign;
use super::widgets::sheet::{Line, Scroll, Sheet};
use crate::theme::Meaning;

/// Columns that the gutter takes.
pub const GUTTER: u16 = 3;

/// One row to draw.
#[derive(Clone, Debug, Default)]
pub struct Drawn<'a> {
    /// Its columns.
    pub cells: Vec<Cell<'a>>,
    /// It is marked.
    pub marked: bool,
    /// It changed a moment ago.
    pub sign: Option<Sign>,
}

impl<'a> Drawn<'a> {
    /// A row that is neither marked nor changed.
    pub fn plain(cells: Vec<Cell<'a>>) -> Drawn<'a> {
        Drawn {
            cells,
            ..Drawn::default()
        }
    }
}

/// Draws the rows of a window from the top of the canvas on. `at` is the row under the cursor; `focused`: this list has
/// the keys.
pub fn draw<'a>(
    canvas: &mut Canvas<'_>,
    window: Range<usize>,
    at: usize,
    focused: bool,
    mut row: impl FnMut(usize) -> Drawn<'a>,
) {
    for (y, index) in window.enumerate() {
        let y = y as u16;
        if y >= canvas.height() {
            break;
        }
        let drawn = row(index);
        canvas.row(GUTTER, y, &drawn.cells);
        gutter(canvas, y, index == at, focused, drawn.marked, drawn.sign);
    }
}

/// The gutter of a row: `>` under the cursor, `*` marked, a sign where it changed. Selected rows are painted whole.
pub fn gutter(
    canvas: &mut Canvas<'_>,
    y: u16,
    selected: bool,
    focused: bool,
    marked: bool,
    sign: Option<Sign>,
) {
    let glyphs = canvas.glyphs;
    if marked {
        canvas.text(1, y, glyphs.mark, Meaning::Marked);
        let width = canvas.width();
        canvas.paint(GUTTER, y, width, Meaning::Marked);
    } else if let Some(sign) = sign {
        canvas.text(1, y, sign.mark(), sign.meaning());
    }
    if selected {
        canvas.text(0, y, glyphs.cursor, Meaning::Text);
        let meaning = if focused {
            Meaning::Selected
        } else {
            Meaning::SelectedIdle
        };
        let width = canvas.width();
        canvas.paint(0, y, width, meaning);
    }
}

/// Draws a sheet, scrolled.
pub fn sheet(canvas: &mut Canvas<'_>, sheet: &Sheet, scroll: Scroll) {
    let lines = sheet.lines(usize::from(canvas.width()), canvas.glyphs.cut);
    lines_from(canvas, &lines, scroll);
}

/// Draws lines, scrolled; the last line says how much is below.
pub fn lines_from(canvas: &mut Canvas<'_>, lines: &[Line], scroll: Scroll) {
    let height = usize::from(canvas.height());
    let first = scroll.first(lines.len(), height);
    for (y, line) in lines.iter().skip(first).take(height).enumerate() {
        canvas.pieces(0, y as u16, line);
    }
    let below = lines.len().saturating_sub(first + height);
    if below > 0 && height > 2 {
        let text = format!(" {} more ", below + 1);
        let y = canvas.height() - 1;
        let width = canvas.width();
        canvas.text(0, y, &" ".repeat(usize::from(width)), Meaning::Text);
        canvas.text(0, y, text.trim_start(), Meaning::Muted);
    }
}
