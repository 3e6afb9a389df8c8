//! The first screen: who could hurt this cluster, what to cut first, what is not visible, what changed last.

use ratatui::layout::Rect;

use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::Canvas;
use crate::ui::context::Context;
use crate::ui::detail::{self, FromCuts};
use crate::ui::first::{self, Wants};
use crate::ui::list;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::{RowId, Target};
use crate::ui::widgets::cursor::Cursor;
use crate::ui::widgets::sheet::Scroll;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "first",
    title: "first screen",
    about: "The five threats with what works now, the first cut, what is not visible and what changed last.",
    slot: Slot::First,
    bar: &[
        "open",
        "go.external-attacker",
        "go.malicious-container",
        "go.stolen-credentials",
        "go.misconfiguration",
        "go.vulnerable-applications",
        "go.controls",
        "go.cuts",
        "go.changes",
        "find.palette",
        "find.help",
        "leave-or-quit",
    ],
    commands: &[],
    open: |_, _| Box::new(First::default()),
};

/// Columns of the board where a card stands beside it.
const BOARD: u16 = 84;

#[derive(Debug, Default)]
struct First {
    cursor: Cursor<RowId>,
}

fn rows() -> [RowId; 5] {
    ThreatId::ALL.map(RowId::Threat)
}

/// There is room for a card beside the board.
fn is_wide(area: Rect) -> bool {
    area.width >= BOARD + 36
}

/// The board, and beside it the selected threat where there is room, unless the board is to stand alone.
fn parts(area: Rect, full: bool) -> (Rect, Option<Rect>) {
    if full || !is_wide(area) {
        return (area, None);
    }
    let board = Rect {
        width: BOARD,
        ..area
    };
    let card = Rect {
        x: area.x + BOARD + 2,
        width: area.width - BOARD - 2,
        ..area
    };
    (board, Some(card))
}

impl Pane for First {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let plan = first::plan(cx.area.height, Wants::of(cx.snapshot));
        self.cursor.settle(&rows()[..], usize::from(plan.threats));
        Vec::new()
    }

    fn update(&mut self, _: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match (msg, self.cursor.selected()) {
            (PaneMsg::Move(motion), _) => self.cursor.step(&rows()[..], *motion),
            (PaneMsg::Open | PaneMsg::Inward, Some(RowId::Threat(threat))) => {
                return vec![Action::Open("threat", Target::Threat(*threat))];
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let (board, card) = parts(canvas.area, cx.full);
        self.board(cx, &mut canvas.part(board));
        if let (Some(card), Some(row)) = (card, self.cursor.selected()) {
            for y in 0..card.height {
                let line = Rect::new(card.x - 2, card.y + y, 1, 1);
                canvas.part(line).text(0, 0, cx.glyphs.bar, Meaning::Border);
            }
            let sheet = detail::sheet(cx, row, &FromCuts(cx.snapshot));
            list::sheet(&mut canvas.part(card), &sheet, Scroll::default());
        }
    }

    fn selected(&self) -> Option<RowId> {
        self.cursor.selected().cloned()
    }

    fn splits(&self, area: Rect) -> bool {
        is_wide(area)
    }
}

impl First {
    fn board(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let plan = first::plan(canvas.height(), Wants::of(cx.snapshot));
        let rule = |at: usize, y: u16, canvas: &mut Canvas<'_>| {
            if plan.rules[at] {
                canvas.rule(y, Meaning::Border);
            }
            y + u16::from(plan.rules[at])
        };
        let mut y = first::header(cx, plan.header, canvas);
        y = rule(0, y, canvas);
        if plan.heads {
            first::heading(y, canvas);
            y += 1;
        }
        for at in self.cursor.window() {
            let Some(threat) = ThreatId::ALL.get(at) else {
                continue;
            };
            let selected = at == self.cursor.at();
            y = first::threat(cx, *threat, selected, plan.loudest, y, canvas);
        }
        y = rule(1, y, canvas);
        first::cuts(cx, plan.cuts, y, canvas);
        y = rule(2, y + plan.cuts, canvas);
        first::hidden(cx, plan.hidden, y, canvas);
        y += plan.hidden;
        first::changes(cx, plan.changes, y, canvas);
        rule(3, y + plan.changes, canvas);
    }
}
