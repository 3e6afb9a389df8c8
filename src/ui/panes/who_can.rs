//! A question to RBAC, typed with completion: a verb, a resource or a path, maybe a name and a namespace.

use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::asking::{Offer, offers};
use crate::ui::canvas::{Canvas, Cell, owned};
use crate::ui::chooser::Chooser;
use crate::ui::context::Context;
use crate::ui::list::Drawn;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::{RowId, Target};

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "who-can",
    title: "who can",
    about: "Who may do something, by RBAC: VERB RESOURCE [NAME] [-n NAMESPACE], or VERB /PATH. Enter takes what is offered; without -n the question is about the whole cluster.",
    slot: Slot::Over {
        width: 64,
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
    fn chosen(&self) -> Option<&Offer> {
        let row = self.chooser.selected()?;
        let at = self.rows.iter().position(|other| other == row)?;
        self.offers.get(at)
    }

    fn take(&mut self, cx: &Context<'_>) -> Vec<Action> {
        match self.chosen().cloned() {
            Some(Offer::Ask(text)) => vec![
                Action::CloseOver,
                Action::Open("who", Target::Text(text.as_str().into())),
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

/// The row of an offer: a question and the text that leads to it are two rows.
fn row(offer: &Offer) -> RowId {
    let (sign, text) = match offer {
        Offer::Ask(text) => ('?', text),
        Offer::Go(text) => ('+', text),
    };
    RowId::Choice(format!("{sign}{text}").into())
}

impl Pane for Prompt {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let spaces = cx.snapshot.spaces.keys().filter(|name| !name.is_empty());
        let namespaces: Vec<String> = spaces.map(ToString::to_string).collect();
        self.offers = offers(self.chooser.text(), &namespaces);
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
        let none = "VERB RESOURCE [NAME] [-n NAMESPACE], or VERB /PATH";
        self.chooser.draw(canvas, "who can ", none, |at| {
            let cells = match self.offers.get(at) {
                Some(Offer::Ask(text)) => vec![
                    Cell::grow(20, vec![owned(format!("who can {text}?"), Meaning::Title)]),
                    Cell::fixed(6, owned("ask", Meaning::Key)).to_right(),
                ],
                Some(Offer::Go(text)) => {
                    vec![Cell::grow(20, vec![owned(&**text, Meaning::Text)])]
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
