//! A tree on the screen: gutter, branches, columns.

use ratatui::layout::Rect;
use ratatui::style::Style;
use ratatui::text::{Line as Text, Span};
use unicode_width::UnicodeWidthStr as _;

use super::Tree;
use crate::theme::Theme;
use crate::ui::canvas::{Canvas, lay};
use crate::ui::context::Context;
use crate::ui::list::{GUTTER, gutter};
use crate::ui::row::Path;
use crate::ui::widgets::cursor::Cursor;
use crate::ui::widgets::vtree::{self, Twig};

impl Tree {
    /// Draws the lines in the cursor's window.
    pub fn draw(
        &self,
        cx: &Context<'_>,
        cursor: &Cursor<Path>,
        focused: bool,
        canvas: &mut Canvas<'_>,
    ) {
        let window = cursor.window();
        let area = Rect {
            x: canvas.area.x + GUTTER.min(canvas.width()),
            width: canvas.width().saturating_sub(GUTTER),
            ..canvas.area
        };
        let above = self.ancestors(window.start);
        let count = above.len();
        let glyphs = cx.glyphs;
        let rows: Vec<Twig> = above
            .into_iter()
            .chain(window.clone())
            .take(count + usize::from(area.height))
            .filter_map(|at| self.twig(at, area.width, cx.theme, glyphs.cut))
            .collect();
        let signs = (format!("{} ", glyphs.closed), format!("{} ", glyphs.open));
        vtree::draw(area, canvas.cells().0, &rows, count, (&signs.0, &signs.1));
        for (y, at) in window.enumerate() {
            let row = self.row(at);
            let marked = row.as_ref().is_some_and(|row| cx.marks.contains(row));
            let sign = row.as_ref().and_then(|row| self.signs.get(row));
            gutter(canvas, y as u16, at == cursor.at(), focused, marked, sign);
        }
    }

    /// A line as the widget wants it: columns laid out, styled.
    fn twig(&self, at: usize, width: u16, theme: &Theme, cut: &str) -> Option<Twig> {
        let line = self.line(at)?;
        let depth = usize::from(line.depth);
        let room = usize::from(width).saturating_sub(vtree::indent(depth)) as u16;
        let cells = self.cells(line);
        let mut spans: Vec<Span<'static>> = Vec::new();
        let mut column = 0;
        for (x, piece) in lay(room, &cells, cut) {
            let gap = usize::from(x).saturating_sub(column);
            spans.push(Span::styled(" ".repeat(gap), Style::default()));
            column = usize::from(x) + piece.text.width();
            spans.push(Span::styled(
                piece.text.into_owned(),
                theme.style(piece.meaning),
            ));
        }
        Some(Twig {
            depth,
            branch: line.branch,
            line: Text::from(spans),
        })
    }
}
