//! What somebody may do, asked again as facts change: as a matrix of verbs and resources, or as a list.

use ratatui::layout::Rect;

use crate::model::Subject;
use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::Canvas;
use crate::ui::command::{Command, Group};
use crate::ui::context::Context;
use crate::ui::listing::Listing;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::rights::list::List;
use crate::ui::rights::matrix::Matrix;
use crate::ui::row::{RowId, Target};

/// The other form.
const FORM: &str = "rights.form";

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "rights",
    title: "rights",
    about: "What a user, a group or an account may do by RBAC: abilities that make them worth stealing, whom they become and who becomes them, then every right as a matrix, the most dangerous first. l and h go along the verbs; the bindings, roles and rules that give a cell stand below. Groups that a person may be in besides are not in the API.",
    slot: Slot::Main,
    bar: &[
        "open",
        FORM,
        "look.manifest",
        "copy.name",
        "find.help",
        "leave",
    ],
    commands: &[Command {
        id: FORM,
        keys: "M",
        help: "as a list, or as a matrix",
        label: "matrix, list",
        group: Group::Here,
        run: |_| vec![Action::Pane(PaneMsg::Own(FORM))],
        ..Command::BASE
    }],
    open: |_, target| {
        let subject = match target {
            Target::Text(text) => Subject::parse(text),
            _ => None,
        };
        Box::new(Rights {
            matrix: Matrix::new(subject.clone()),
            list: Listing::new(List::new(subject.clone())),
            subject,
            listed: false,
        })
    },
};

#[derive(Debug)]
struct Rights {
    subject: Option<Subject>,
    matrix: Matrix,
    list: Listing<List>,
    /// The list is shown.
    listed: bool,
}

impl Pane for Rights {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let mut actions = self.matrix.refresh(cx);
        actions.extend(self.list.refresh(cx));
        actions
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Own(FORM) => {
                self.listed = !self.listed;
                self.refresh(cx)
            }
            PaneMsg::Answer(answered) => {
                self.matrix.answered(cx, answered);
                self.list.update(cx, msg)
            }
            _ if self.listed => self.list.update(cx, msg),
            _ => {
                self.matrix.update(cx, msg);
                Vec::new()
            }
        }
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        if self.listed {
            self.list.draw(cx, canvas);
        } else {
            self.matrix.draw(cx, canvas);
        }
    }

    fn selected(&self) -> Option<RowId> {
        if self.listed {
            self.list.selected()
        } else {
            self.matrix.selected()
        }
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        Some(format!("rights of {}", self.subject.as_ref()?))
    }

    fn status(&self, _: &Context<'_>) -> Option<(String, Meaning)> {
        self.matrix.status()
    }

    fn splits(&self, area: Rect) -> bool {
        if self.listed {
            self.list.splits(area)
        } else {
            self.matrix.splits(area)
        }
    }

    fn filters(&self) -> bool {
        !self.listed
    }
}
