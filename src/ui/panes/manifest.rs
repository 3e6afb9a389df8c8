//! The live object whole, as its API server has it now; values that can be secrets are hidden before it gets here.

use crate::model::ObjectKey;
use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::{Canvas, owned};
use crate::ui::command::{Command, Group};
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::facts;
use crate::ui::list;
use crate::ui::msg::Note;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::{RowId, Target};
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::{Scroll, Sheet};
use crate::ui::yaml;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "manifest",
    title: "manifest",
    about: "The live object as the API server has it. Values of variables and whatever looks like a credential are hidden.",
    slot: Slot::Main,
    bar: &[
        "manifest.again",
        "manifest.page",
        "fix.one",
        "copy.kubectl",
        "find.help",
        "leave",
    ],
    commands: &[
        Command {
            id: "manifest.again",
            keys: "r",
            help: "fetch it again",
            label: "fetch again",
            group: Group::Here,
            run: |_| vec![Action::Pane(PaneMsg::Own("manifest.again"))],
            ..Command::BASE
        },
        Command {
            id: "manifest.page",
            keys: "p",
            help: "read it in the pager",
            label: "pager",
            group: Group::Here,
            run: |_| vec![Action::Pane(PaneMsg::Own("manifest.page"))],
            ..Command::BASE
        },
    ],
    open: |_, target| Box::new(Manifest::new(target)),
};

#[derive(Debug)]
struct Manifest {
    row: Option<RowId>,
    /// The server that was asked: another one has another object of that name.
    asked: Option<String>,
    text: Option<Result<String, String>>,
    scroll: Scroll,
}

impl Manifest {
    fn new(target: &Target) -> Manifest {
        Manifest {
            row: target.rows().first().cloned(),
            asked: None,
            text: None,
            scroll: Scroll::default(),
        }
    }

    fn key(&self) -> Option<&ObjectKey> {
        self.row.as_ref().and_then(RowId::object)
    }

    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.asked = Some(cx.snapshot.cluster.server.clone());
        self.text = None;
        let key = self.key().cloned();
        key.map(|key| Action::Do(Effect::Fetch(key)))
            .into_iter()
            .collect()
    }

    fn sheet(&self, cx: &Context<'_>) -> Sheet {
        let mut sheet = Sheet::new();
        self.because(cx, &mut sheet);
        match &self.text {
            None => sheet.text(vec![Piece::new("being fetched ...", Meaning::Loading)]),
            Some(Err(why)) => sheet.text(vec![owned(&**why, Meaning::Error)]),
            Some(Ok(text)) => {
                yaml::lines(&mut sheet, text);
                &mut sheet
            }
        };
        sheet
    }

    /// The fields that the finding rests on: what to look for in the text.
    fn because(&self, cx: &Context<'_>, sheet: &mut Sheet) {
        let Some(RowId::Finding(id)) = &self.row else {
            return;
        };
        let Some(finding) = facts::finding(cx.snapshot, id) else {
            return;
        };
        for cited in finding.evidence.iter().filter(|e| !e.path.is_empty()) {
            let value = vec![owned(&*cited.value, Meaning::YamlValue)];
            sheet.pair(0, owned(&*cited.path, Meaning::YamlKey), value);
        }
        sheet.blank();
    }
}

impl Pane for Manifest {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        if self.asked.as_deref() == Some(&*cx.snapshot.cluster.server) {
            Vec::new()
        } else {
            self.ask(cx)
        }
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Fetched(key, result) if Some(key) == self.key() => {
                self.text = Some(result.clone());
            }
            PaneMsg::Own("manifest.again") => return self.ask(cx),
            PaneMsg::Own("manifest.page") => {
                return match &self.text {
                    Some(Ok(text)) => vec![Action::Do(Effect::Page { text: text.clone() })],
                    _ => vec![Action::Note(Note::notice("there is no text to show yet"))],
                };
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

    fn title(&self, _: &Context<'_>) -> Option<String> {
        self.key().map(|key| format!("manifest of {key}"))
    }
}
