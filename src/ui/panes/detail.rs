//! One row in full: what it means, what it rests on, what would stop it. On narrow screens this is behind Enter.

use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::Canvas;
use crate::ui::context::Context;
use crate::ui::detail::{self, Worth};
use crate::ui::list;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::RowId;
use crate::ui::widgets::sheet::{Scroll, Sheet};

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "detail",
    title: "detail",
    about: "One row in full: what it means, what it rests on with path, value and origin, what would stop it.",
    slot: Slot::Main,
    bar: &[
        "fix.one",
        "look.evidence",
        "look.manifest",
        "copy.name",
        "mark.toggle",
        "find.palette",
        "find.help",
        "leave",
    ],
    commands: &[],
    open: |_, target| {
        Box::new(Detail {
            row: target.rows().first().cloned(),
            scroll: Scroll::default(),
            worth: Worth::default(),
        })
    },
};

#[derive(Debug)]
struct Detail {
    row: Option<RowId>,
    scroll: Scroll,
    worth: Worth,
}

impl Detail {
    fn sheet(&self, cx: &Context<'_>) -> Sheet {
        self.row.as_ref().map_or_else(Sheet::new, |row| {
            detail::sheet(cx, row, &self.worth.at(cx.snapshot))
        })
    }
}

/// Text keeps a column free at both sides.
fn inner(area: ratatui::layout::Rect) -> ratatui::layout::Rect {
    ratatui::layout::Rect {
        x: area.x + 1.min(area.width),
        width: area.width.saturating_sub(2).min(100),
        ..area
    }
}

impl Pane for Detail {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.worth.ask(cx, self.row.as_ref())
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Move(motion) => {
                let area = inner(cx.area);
                let lines = self.sheet(cx).lines(area.width.into(), cx.glyphs.cut);
                self.scroll.step(*motion, lines.len(), area.height.into());
            }
            PaneMsg::Answer(answered) if self.worth.take(answered) => {
                return self.worth.ask(cx, self.row.as_ref());
            }
            PaneMsg::Outward => return vec![Action::Leave],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let area = inner(canvas.area);
        let sheet = self.sheet(cx);
        if sheet.is_empty() {
            canvas.text(1, 0, "nothing more is known of this row", Meaning::Muted);
        }
        list::sheet(&mut canvas.part(area), &sheet, self.scroll);
    }

    fn selected(&self) -> Option<RowId> {
        self.row.clone()
    }

    fn title(&self, cx: &Context<'_>) -> Option<String> {
        self.row.as_ref().map(|row| detail::title(cx, row))
    }
}
