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
    let main = way.main.last();
    let width = usize::from(canvas.width());
    let way = crumbs(core, way, cx);
    let wanted: usize = way.iter().map(Piece::width).sum();
    let (fresh, meaning) = link::words(cx);
    let mut right = vec![owned(format!("{fresh} "), meaning)];
    let mut taken = right.iter().map(Piece::width).sum::<usize>();
    // The way is whole before anything else is said; the state of the facts is always there.
    let status = main.and_then(|level| level.pane.status(cx));
    let status = status.map(|(text, meaning)| owned(format!("{text}   "), meaning));
    let who = &core.shown.cluster.identity;
    let who = (!who.is_empty()).then(|| {
        owned(
            format!("as {}  ", fit_middle(who, 24, cx.glyphs.cut)),
            Meaning::Muted,
        )
    });
    let room = |taken: usize, piece: &Piece<'_>, least: usize| {
        taken + piece.width() + least.min(wanted) < width
    };
    if let Some(status) = status.filter(|status| room(taken, status, 24)) {
        taken += status.width();
        right.insert(0, status);
    }
    if let Some(who) = who.filter(|who| room(taken, who, wanted)) {
        right.insert(right.len() - 1, who);
    }
    let x = canvas.right(0, &right);
    let mut left = canvas.part(ratatui::layout::Rect {
        width: x.saturating_sub(1),
        ..canvas.area
    });
    left.pieces(0, 0, &way);
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
