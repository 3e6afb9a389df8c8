//! A question about the network, typed with completion: one workload, or two, maybe a port.

use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::asking::Offer;
use crate::ui::canvas::{Canvas, Cell, owned};
use crate::ui::chooser::Chooser;
use crate::ui::context::Context;
use crate::ui::list::Drawn;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::reaching::offers;
use crate::ui::row::{RowId, Target};

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "can-reach",
    title: "can reach",
    about: "Who reaches whom: FROM [TO] [PORT], each end a workload (deploy/NAMESPACE/NAME) or an address. With one end: everybody around it. Enter takes what is offered.",
    slot: Slot::Over {
        width: 72,
        height: 16,
    },
    bar: &["open", "find.help", "leave"],
    commands: &[],
    open: |_, target| {
        let mut chooser = Chooser::default();
        if let Target::Text(text) = target {
            chooser.set(text);
        }
        Box::new(Prompt {
            chooser,
            offers: Vec::new(),
            rows: Vec::new(),
        })
    },
};

#[derive(Debug)]
struct Prompt {
    chooser: Chooser,
    offers: Vec<Offer>,
    rows: Vec<RowId>,
}

impl Prompt {
    fn take(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let at = self
            .chooser
            .selected()
            .and_then(|row| self.rows.iter().position(|r| r == row));
        match at.and_then(|at| self.offers.get(at)).cloned() {
            Some(Offer::Ask(text)) => vec![
                Action::CloseOver,
                Action::Open("reach", Target::Text(text.as_str().into())),
            ],
            Some(Offer::Go(text)) => {
                self.chooser.set(&text);
                self.refresh(cx);
                self.chooser.to_first(&self.rows);
                Vec::new()
            }
            None => Vec::new(),
        }
    }
}

/// What an offer says.
fn says(offer: &Offer) -> String {
    match offer {
        Offer::Go(text) => text.clone(),
        Offer::Ask(text) if text.contains(' ') => format!("{text}: may it?"),
        Offer::Ask(text) => format!("{text}: who reaches it, whom does it reach?"),
    }
}

impl Pane for Prompt {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let tables = cx.snapshot.spaces.values();
        let workloads = tables.flat_map(|table| table.workloads.iter().map(|row| row.key.path()));
        let workloads: Vec<String> = workloads.collect();
        self.offers = offers(self.chooser.text(), &workloads);
        let row = |offer: &Offer| RowId::Choice(says(offer).into());
        self.rows = self.offers.iter().map(row).collect();
        self.chooser.settle(&self.rows, cx.area.height);
        Vec::new()
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        if *msg == PaneMsg::Open {
            return self.take(cx);
        }
        if self.chooser.update(&self.rows, msg) {
            self.refresh(cx);
            self.chooser.to_first(&self.rows);
        }
        Vec::new()
    }

    fn draw(&self, _: &Context<'_>, canvas: &mut Canvas<'_>) {
        let none = "FROM [TO] [PORT]: deploy/NAMESPACE/NAME, or an address";
        self.chooser.draw(canvas, "from, to, port ", none, |at| {
            let cells = match self.offers.get(at) {
                Some(offer @ Offer::Ask(_)) => vec![
                    Cell::grow(20, vec![owned(says(offer), Meaning::Title)]),
                    Cell::fixed(6, owned("ask", Meaning::Key)).to_right(),
                ],
                Some(offer @ Offer::Go(_)) => {
                    vec![Cell::grow(20, vec![owned(says(offer), Meaning::Text)])]
                }
                None => Vec::new(),
            };
            Drawn::plain(cells)
        });
    }

    fn selected(&self) -> Option<RowId> {
        self.chooser.selected().cloned()
    }

    fn types(&self) -> bool {
        true
    }
}
