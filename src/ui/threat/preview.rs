//! What is written below a tree that has no sheet beside it, and in place of one that has no rows.

use super::places::PREVIEW;
use crate::theme::Meaning;
use crate::ui::canvas::{Canvas, owned};
use crate::ui::context::Context;
use crate::ui::detail;
use crate::ui::list;
use crate::ui::row::RowId;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::text::wrap;

/// The sentence of the row under the cursor.
pub fn preview(cx: &Context<'_>, row: Option<&RowId>, canvas: &mut Canvas<'_>) {
    canvas.rule(0, Meaning::Border);
    let Some(text) = row.and_then(|row| detail::sentence(cx, row)) else {
        return;
    };
    let width = usize::from(canvas.width().saturating_sub(2));
    let lines = wrap(&[owned(text, Meaning::Text)], width, 0);
    for (y, line) in lines.iter().take(usize::from(PREVIEW) - 1).enumerate() {
        canvas.pieces(1, 1 + y as u16, line);
    }
    if lines.len() >= usize::from(PREVIEW) {
        let x = canvas.width().saturating_sub(2);
        canvas.pieces(x, PREVIEW - 1, &[Piece::new(cx.glyphs.cut, Meaning::Muted)]);
    }
}

/// What stands in place of a tree without rows.
pub fn nothing(cx: &Context<'_>, canvas: &mut Canvas<'_>) {
    let (text, meaning) = if cx.is_loading() || cx.snapshot.generation == 0 {
        ("nothing seen yet", Meaning::Loading)
    } else if !cx.filter.is_empty() {
        ("nothing matches the filter; Esc clears it", Meaning::Filter)
    } else {
        ("there is none in what can be seen", Meaning::Muted)
    };
    canvas.text(list::GUTTER, 0, text, meaning);
}
