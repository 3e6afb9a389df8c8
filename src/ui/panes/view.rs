//! Chooses what a threat's pane lists: its stories and controls, or one inventory with each row's standing.

use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::action::{Action, Choice, Motion, PaneMsg};
use crate::ui::canvas::{Canvas, Cell, piece};
use crate::ui::command::{Command, Group};
use crate::ui::context::Context;
use crate::ui::list::{self, Drawn};
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::{RowId, Target};
use crate::ui::view;
use crate::ui::widgets::cursor::Cursor;
use crate::ui::widgets::piece::Piece;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "view",
    title: "list what",
    about: "What the threat's pane lists. Every row shows its standing in that threat alone.",
    slot: Slot::Over {
        width: 72,
        height: 9,
    },
    bar: &["open", "view.next", "leave"],
    commands: &[Command {
        id: "view.next",
        keys: "v",
        help: "to the next view",
        group: Group::Here,
        label: "next",
        run: |_| vec![Action::Pane(PaneMsg::Own("view.next"))],
        ..Command::BASE
    }],
    open: |cx, target| Box::new(View::new(cx, target)),
};

#[derive(Debug)]
struct View {
    threat: ThreatId,
    cursor: Cursor<RowId>,
}

fn rows() -> Vec<RowId> {
    view::NAMES
        .iter()
        .map(|name| RowId::Choice((*name).into()))
        .collect()
}

impl View {
    fn new(cx: &Context<'_>, target: &Target) -> View {
        let threat = match target {
            Target::Threat(threat) => *threat,
            _ => ThreatId::ExternalAttacker,
        };
        let now = cx.prefs.views.get(&threat).copied();
        View {
            threat,
            cursor: Cursor::on(RowId::Choice(now.unwrap_or(view::OVERVIEW).into())),
        }
    }
}

impl Pane for View {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.cursor.settle(&rows()[..], usize::from(cx.area.height));
        Vec::new()
    }

    fn update(&mut self, _: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Move(motion) => self.cursor.step(&rows()[..], *motion),
            PaneMsg::Own("view.next") if self.cursor.at() + 1 == view::NAMES.len() => {
                self.cursor.step(&rows()[..], Motion::Top);
            }
            PaneMsg::Own("view.next") => self.cursor.step(&rows()[..], Motion::Down),
            PaneMsg::Open | PaneMsg::Inward => {
                let name = view::NAMES.get(self.cursor.at()).copied();
                let choice = name.map(|name| Action::Choose(Choice::View(self.threat, name)));
                return std::iter::once(Action::CloseOver).chain(choice).collect();
            }
            PaneMsg::Outward => return vec![Action::CloseOver],
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, _: &Context<'_>, canvas: &mut Canvas<'_>) {
        let at = self.cursor.at();
        list::draw(canvas, self.cursor.window(), at, true, |at| {
            let name = view::NAMES.get(at).copied().unwrap_or_default();
            Drawn::plain(vec![
                Cell::fixed(12, Piece::new(name, Meaning::Title)),
                Cell::grow(
                    10,
                    vec![piece(view::about(name, self.threat), Meaning::Muted)],
                ),
            ])
        });
    }

    fn selected(&self) -> Option<RowId> {
        self.cursor.selected().cloned()
    }
}
