//! The first screen: who could hurt this cluster, what to cut first, what is not visible, what changed last.

use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::Canvas;
use crate::ui::command::Command;
use crate::ui::context::Context;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::{RowId, Target};
use crate::ui::widgets::cursor::Cursor;

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
        "find.filter",
        "find.palette",
        "find.help",
        "leave-or-quit",
    ],
    commands: &[] as &[Command],
    open: |_, _| Box::new(First::default()),
};

#[derive(Debug, Default)]
struct First {
    cursor: Cursor<RowId>,
}

fn rows() -> [RowId; 5] {
    ThreatId::ALL.map(RowId::Threat)
}

impl Pane for First {
    fn refresh(&mut self, _: &Context<'_>) -> Vec<Action> {
        self.cursor.settle(&rows()[..], 5);
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
        canvas.text(1, 0, &cx.snapshot.cluster.name, Meaning::Title);
    }

    fn selected(&self) -> Option<RowId> {
        self.cursor.selected().cloned()
    }
}
