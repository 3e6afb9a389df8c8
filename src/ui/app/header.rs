//! The header: where one is, as whom, how fresh the facts are.

use crate::theme::Meaning;
use crate::ui::canvas::{Canvas, owned, piece};
use crate::ui::context::Context;
use crate::ui::link;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::text::fit_middle;

use super::core::Core;
use super::way::Way;

/// Draws the header line of the pane that is shown.
pub(super) fn draw(core: &Core, way: &Way, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
    let (fresh, meaning) = link::words(cx);
    let mut right = vec![owned(format!("{fresh} "), meaning)];
    let main = way.main.last();
    let status = main.and_then(|level| level.pane.status(cx));
    let who = &core.shown.cluster.identity;
    let width = usize::from(canvas.width());
    if !who.is_empty() && width >= 72 {
        right.insert(
            0,
            owned(format!("as {}  ", fit_middle(who, 24, "~")), Meaning::Muted),
        );
    }
    if let Some((text, meaning)) = status {
        right.insert(0, owned(format!("{text}   "), meaning));
    }
    while right.len() > 1 && right.iter().map(Piece::width).sum::<usize>() + 16 > width {
        // The state of the facts stays longest.
        right.remove(0);
    }
    let x = canvas.right(0, &right);
    let mut left = canvas.part(ratatui::layout::Rect {
        width: x.saturating_sub(1),
        ..canvas.area
    });
    left.pieces(0, 0, &crumbs(core, way, cx));
}

/// The way from the cluster to the pane, without the first screen's own name.
fn crumbs(core: &Core, way: &Way, cx: &Context<'_>) -> Vec<Piece<'static>> {
    let cluster = &core.shown.cluster;
    let name = if cluster.name.is_empty() {
        "connecting"
    } else {
        &cluster.name
    };
    let mut all = vec![
        Piece::new(" ", Meaning::Text),
        owned(fit_middle(name, 28, "~"), Meaning::Breadcrumb),
    ];
    let levels = way.main.iter().skip(1);
    let count = levels.clone().count();
    for (at, level) in levels.enumerate() {
        let meaning = if at + 1 == count {
            Meaning::Title
        } else {
            Meaning::Breadcrumb
        };
        let own = core.context_of(level, cx.selected);
        let title = level
            .pane
            .title(&own)
            .unwrap_or_else(|| level.def.title.to_owned());
        all.push(Piece::new(" > ", Meaning::Muted));
        all.push(piece(&title, meaning).into_owned());
    }
    all
}
