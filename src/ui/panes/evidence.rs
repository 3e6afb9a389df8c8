//! All there is to know of one row, alone on the screen: what it means, what it rests on, what would stop it.

use crate::engine::{Answer, Query};
use crate::model::ObjectKey;
use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::Canvas;
use crate::ui::context::Context;
use crate::ui::detail::{self, FromCuts};
use crate::ui::list;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::{RowId, Target};
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::{Scroll, Sheet};
use crate::ui::yaml;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "evidence",
    title: "evidence",
    about: "What a verdict or a story rests on, field by field, and the facts that are kept of its object.",
    slot: Slot::Main,
    bar: &[
        "fix.one",
        "look.manifest",
        "copy.kubectl",
        "copy.name",
        "find.help",
        "leave",
    ],
    commands: &[],
    open: |_, target| Box::new(Evidence::new(target)),
};

#[derive(Debug)]
struct Evidence {
    row: Option<RowId>,
    /// The server whose facts were asked for.
    asked: Option<String>,
    kept: Kept,
    scroll: Scroll,
}

/// What is kept of the object.
#[derive(Debug)]
enum Kept {
    /// Not answered, or the row is about no object.
    NotKnown,
    /// The facts, as JSON.
    Facts(String),
    /// The object is not there any more.
    Gone,
}

impl Evidence {
    fn new(target: &Target) -> Evidence {
        Evidence {
            row: target.rows().first().cloned(),
            asked: None,
            kept: Kept::NotKnown,
            scroll: Scroll::default(),
        }
    }

    fn key(&self) -> Option<&ObjectKey> {
        self.row.as_ref().and_then(RowId::object)
    }

    fn sheet(&self, cx: &Context<'_>) -> Sheet {
        let Some(row) = &self.row else {
            return Sheet::new();
        };
        let mut sheet = detail::sheet(cx, row, &FromCuts(cx.snapshot));
        sheet.whole();
        if sheet.is_empty() {
            let says = "There is nothing behind this row.";
            sheet.text(vec![Piece::new(says, Meaning::Muted)]);
        }
        match &self.kept {
            Kept::Facts(facts) => {
                sheet.heading("facts that are kept of the object");
                yaml::lines(&mut sheet, facts);
            }
            Kept::Gone => {
                sheet.heading("the object is not there any more");
            }
            Kept::NotKnown => {}
        }
        sheet
    }
}

impl Pane for Evidence {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let server = &cx.snapshot.cluster.server;
        if self.asked.as_ref() == Some(server) {
            return Vec::new();
        }
        self.asked = Some(server.clone());
        self.kept = Kept::NotKnown;
        let key = self.key().cloned();
        key.map(|key| Action::Ask(Query::Facts(key)))
            .into_iter()
            .collect()
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Answer(answered) => {
                if let (Query::Facts(of), Answer::Facts(facts)) =
                    (&answered.query, &answered.answer)
                    && Some(of) == self.key()
                {
                    self.kept = facts.clone().map_or(Kept::Gone, Kept::Facts);
                }
            }
            PaneMsg::Move(motion) => {
                let lines = self.sheet(cx).lines(usize::from(cx.area.width), "").len();
                self.scroll
                    .step(*motion, lines, usize::from(cx.area.height));
            }
            _ => {}
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        list::sheet(canvas, &self.sheet(cx), self.scroll);
    }

    fn selected(&self) -> Option<RowId> {
        self.row.clone()
    }

    fn title(&self, cx: &Context<'_>) -> Option<String> {
        match &self.row {
            Some(RowId::Finding(id)) => Some(format!(
                "{}: {}",
                cx.catalogue.check_title(id.check),
                id.object
            )),
            Some(RowId::Instance(story, actor)) => {
                Some(format!("{}: {actor}", cx.catalogue.story_title(story)))
            }
            _ => self.key().map(ToString::to_string),
        }
    }
}
