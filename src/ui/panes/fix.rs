//! The fix of what was marked or stands under the cursor: its YAML with commands and the way back, what recomputing says
//! of it, what it may break; and the difference that it makes to the live objects.
//!
//! `y` copies once, as soon as an answer is there that is no older than the facts on screen when the key was pressed.
//! "Proven" is said only of an API server's objects, after what the printed steps make of each, as it is now, was found
//! to be what the changes make of its facts.

use crate::engine::FixAnswer;
use crate::fix::Step;
use crate::fix::style::DEFAULT;
use crate::theme::Meaning;
use crate::ui::action::{Action, Answered, PaneMsg};
use crate::ui::canvas::Canvas;
use crate::ui::command::{Command, Group};
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::facts;
use crate::ui::fixing::{self, Live, Proofs, Proving, Questions, Ways, Wish};
use crate::ui::list;
use crate::ui::msg::Note;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::RowId;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::{Scroll, Sheet};

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "fix",
    title: "fix",
    about: "The change as YAML, with the command of each step, the way back, what recomputing says of it and what it may break.",
    slot: Slot::Main,
    bar: &[
        "fix.one",
        "fix.way",
        "fix.style",
        "fix.diff",
        "fix.file",
        "fix.edit",
        "fix.page",
        "find.help",
        "leave",
    ],
    commands: &[
        own(
            "fix.way",
            "o",
            "other way",
            "the next of several ways to mend it",
            |_| tell("fix.way"),
        ),
        own(
            "fix.style",
            "S",
            "style",
            "the next style: patch, kustomize, manifest",
            |_| tell("fix.style"),
        ),
        own(
            "fix.diff",
            "D",
            "diff",
            "the difference to the live object, and back",
            |_| tell("fix.diff"),
        ),
        own("fix.file", "Ctrl-S", "file", "write it to a file", |_| {
            tell("fix.file")
        }),
        own(
            "fix.edit",
            "e",
            "editor",
            "write it to a file and edit that",
            |_| tell("fix.edit"),
        ),
        own("fix.page", "p", "pager", "read it in the pager", |_| {
            tell("fix.page")
        }),
    ],
    open: |cx, target| Box::new(Fix::new(cx, target.rows().to_vec())),
};

/// What is said when the rows are there no more.
const GONE: &str = "What this was about is gone: there is nothing to fix any more.";
/// What is said of a story that works and has no change to offer.
const UNTYPED: &str = "No change that can be printed here ends this story. d says what it rests on, and which controls cut it.";

const fn own(
    id: &'static str,
    keys: &'static str,
    label: &'static str,
    help: &'static str,
    run: fn(&Context<'_>) -> Vec<Action>,
) -> Command {
    Command {
        id,
        keys,
        help,
        label,
        run,
        group: Group::Here,
        ..Command::BASE
    }
}

fn tell(id: &'static str) -> Vec<Action> {
    vec![Action::Pane(PaneMsg::Own(id))]
}

/// A story row still stands. Findings are in the wish itself, and a cut that is not listed was made.
fn is_there(cx: &Context<'_>, row: &RowId) -> bool {
    matches!(row, RowId::Instance(story, actor) if facts::instance(cx.snapshot, story, actor).is_some())
}

#[derive(Debug)]
struct Fix {
    rows: Vec<RowId>,
    wish: Wish,
    style: &'static str,
    /// Which of the ways to mend it, as it was asked for.
    choice: usize,
    questions: Questions,
    /// `y` was pressed at this generation and nothing was copied since.
    wanted: Option<u64>,
    /// The steps that were copied.
    copied: Option<Vec<Step>>,
    /// The difference is shown, of these objects.
    diff: bool,
    live: Live,
    proofs: Proofs,
    scroll: Scroll,
}

impl Fix {
    fn new(cx: &Context<'_>, rows: Vec<RowId>) -> Fix {
        Fix {
            wish: Wish::of(&rows, cx.snapshot),
            rows,
            style: DEFAULT,
            choice: 0,
            questions: Questions::new(cx.is_live()),
            wanted: None,
            copied: None,
            diff: false,
            live: Live::new(),
            proofs: Proofs::default(),
            scroll: Scroll::default(),
        }
    }

    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let (wish, style, choice) = (&self.wish, self.style, self.choice);
        self.questions.ask(cx, self.wanted, |context| {
            wish.queries(context, style, choice)
        })
    }

    fn answered(&mut self, cx: &Context<'_>, answered: &Answered) -> Vec<Action> {
        if !self.questions.take(answered) {
            return Vec::new();
        }
        let mut actions = self.copy();
        if actions.is_empty() && self.is_other_than_copied() {
            self.copied = None;
            let says = "the fix is another one than was copied; y copies it again";
            actions.push(Action::Note(Note::warning(says)));
        }
        if self.wanted.is_some() {
            actions.extend(self.ask(cx));
        }
        actions.extend(self.prove(cx));
        actions
    }

    /// Has everything compared with the live objects that was not yet.
    fn prove(&mut self, cx: &Context<'_>) -> Vec<Action> {
        if !cx.is_live() {
            return Vec::new();
        }
        let all: Vec<Proving> = self.answers().into_iter().filter_map(Proving::of).collect();
        all.into_iter()
            .filter(|proving| self.proofs.want(proving))
            .map(|proving| Action::Do(Effect::Prove(Box::new(proving))))
            .collect()
    }

    /// Copies, if that is wanted and everything is there.
    fn copy(&mut self) -> Vec<Action> {
        let Some(wanted) = self.wanted else {
            return Vec::new();
        };
        if self.questions.oldest().is_none_or(|of| of < wanted) || !self.is_answered() {
            return Vec::new();
        }
        self.wanted = None;
        let Some(text) = self.text() else {
            return vec![Action::Note(Note::notice(
                "no fix to copy; the reason is on screen",
            ))];
        };
        self.copied = Some(fixing::steps(&self.answers()));
        vec![Action::Do(Effect::Copy {
            text,
            parts: self.wish.parts(),
        })]
    }

    fn is_other_than_copied(&self) -> bool {
        // The steps alone: counts of the proof move with the rest of the cluster.
        let copied = self.copied.as_ref().filter(|_| self.is_answered());
        copied.is_some_and(|copied| *copied != fixing::steps(&self.answers()))
    }

    fn is_answered(&self) -> bool {
        self.questions.are_answered()
    }

    fn answers(&self) -> Vec<&FixAnswer> {
        self.questions.answers()
    }

    fn text(&self) -> Option<String> {
        fixing::text(&self.answers())
    }

    /// The text goes somewhere else than to the clipboard.
    fn send(&self, effect: fn(String, Vec<String>) -> Effect) -> Vec<Action> {
        match self.text() {
            Some(text) => vec![Action::Do(effect(text, self.wish.parts()))],
            None => vec![Action::Note(Note::notice("there is no text of a fix yet"))],
        }
    }

    /// The same fix in the next style that prints it whole.
    fn turn_style(&mut self, cx: &Context<'_>) -> Vec<Action> {
        if !self.is_answered() {
            return vec![Action::Note(Note::notice("there is no text of a fix yet"))];
        }
        let Some(next) = fixing::next(self.style, &self.answers()) else {
            let says = format!("no other style than {} prints this fix", self.style);
            return vec![Action::Note(Note::notice(says))];
        };
        self.style = next;
        self.turned(cx)
    }

    fn ways(&self) -> Option<Ways<'_>> {
        Ways::of(&self.wish, self.choice, &self.answers())
    }

    /// The same finding mended, or the same story ended, in the next way.
    fn turn_way(&mut self, cx: &Context<'_>) -> Vec<Action> {
        if !self.is_answered() {
            return vec![Action::Note(Note::notice("there is no text of a fix yet"))];
        }
        let Some(next) = self.ways().map(|ways| ways.next()) else {
            return vec![Action::Note(Note::notice("there is one way to mend this"))];
        };
        self.choice = next;
        self.wish.choose(next);
        // Another change may have no text in this style.
        self.style = DEFAULT;
        self.turned(cx)
    }

    /// Other documents are asked for than were shown.
    fn turned(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.questions.clear();
        // The person asked for other documents: those that were copied are not spoken of any more.
        self.copied = None;
        self.diff = false;
        self.scroll = Scroll::default();
        self.ask(cx)
    }

    fn toggle_diff(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.scroll = Scroll::default();
        self.diff = !self.diff && cx.is_live();
        if self.diff {
            let keys = fixing::targets(&self.answers());
            // What was fetched before may have changed since.
            self.live.clear();
            return keys
                .into_iter()
                .map(|k| Action::Do(Effect::Fetch(k)))
                .collect();
        }
        if cx.is_live() {
            return Vec::new();
        }
        let why = "only an API server has live objects to compare with";
        vec![Action::Note(Note::notice(why))]
    }

    fn sheet(&self, cx: &Context<'_>) -> Sheet {
        let mut sheet = Sheet::new();
        if self.wish.is_empty() {
            let (says, meaning) = if self.rows.iter().any(|row| is_there(cx, row)) {
                (UNTYPED, Meaning::Text)
            } else {
                (GONE, Meaning::Gone)
            };
            sheet.text(vec![Piece::new(says, meaning)]);
            return sheet;
        }
        fixing::head(cx, &self.wish, self.ways().as_ref(), &mut sheet);
        if !self.is_answered() {
            sheet.text(vec![Piece::new(
                "recomputing with the change ...",
                Meaning::Loading,
            )]);
        }
        fixing::style_line(cx, self.style, &self.answers(), &mut sheet);
        if self.diff {
            fixing::differences(&self.answers(), &self.live, &mut sheet);
            return sheet;
        }
        for (at, answer) in self.answers().into_iter().enumerate() {
            if at > 0 {
                sheet.blank();
            }
            fixing::sheet(cx, answer, &self.proofs, &mut sheet);
        }
        sheet
    }
}

impl Pane for Fix {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.ask(cx)
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Own("fix.copy") => {
                self.wanted = Some(cx.snapshot.generation);
                // What was compared before may have changed since.
                self.proofs.forget();
                let mut actions = self.copy();
                actions.extend(self.ask(cx));
                actions.extend(self.prove(cx));
                actions
            }
            PaneMsg::Own("fix.way") => self.turn_way(cx),
            PaneMsg::Own("fix.style") => self.turn_style(cx),
            PaneMsg::Own("fix.diff") => self.toggle_diff(cx),
            PaneMsg::Own("fix.file") => self.send(|text, parts| Effect::WriteFile { text, parts }),
            PaneMsg::Own("fix.edit") => self.send(|text, parts| Effect::Edit { text, parts }),
            PaneMsg::Own("fix.page") => self.send(|text, _| Effect::Page { text }),
            PaneMsg::Answer(answered) => self.answered(cx, answered),
            PaneMsg::Contexts(current, _) if self.questions.tell(current.as_deref()) => {
                self.ask(cx)
            }
            PaneMsg::Fetched(key, result) => {
                self.live.insert(key.clone(), result.clone());
                Vec::new()
            }
            PaneMsg::Proven(proving, result) => {
                self.proofs.came(proving, result.clone());
                Vec::new()
            }
            PaneMsg::Move(motion) => {
                let lines = self.sheet(cx).lines(usize::from(cx.area.width), "").len();
                self.scroll
                    .step(*motion, lines, usize::from(cx.area.height));
                Vec::new()
            }
            _ => Vec::new(),
        }
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        list::sheet(canvas, &self.sheet(cx), self.scroll);
    }

    fn selected(&self) -> Option<RowId> {
        match &self.rows[..] {
            [one] => Some(one.clone()),
            _ => None,
        }
    }

    fn node(&self, _: &Context<'_>) -> Vec<RowId> {
        self.rows.clone()
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        Some(self.wish.title())
    }

    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let oldest = self.questions.oldest()?;
        let older = oldest < cx.snapshot.generation;
        older.then(|| ("of older facts, asked again".to_owned(), Meaning::Stale))
    }
}
