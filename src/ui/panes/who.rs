//! Everybody who may do what was asked: subjects as bindings name them, under each the bindings that allow it, with role
//! and rule. Asked again as facts change.

use std::collections::BTreeSet;

use crate::engine::{Answer, GrantRow, Query, Question, WhoAnswer, WhoMay};
use crate::model::Subject;
use crate::theme::Meaning;
use crate::ui::action::{Action, Answered};
use crate::ui::again::Again;
use crate::ui::canvas::{Cell, owned};
use crate::ui::command::{Command, Group};
use crate::ui::context::Context;
use crate::ui::grant;
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows};
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::row::{Path, RowId, Target};
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "who",
    title: "who can",
    about: "Everybody whom RBAC allows what was asked: subjects as bindings name them, and under each the bindings that allow it, with role and rule. Members of groups of people are not in the API.",
    slot: Slot::Main,
    bar: &[
        "open",
        "who.other",
        "look.manifest",
        "copy.name",
        "find.help",
        "leave",
    ],
    commands: &[Command {
        id: "who.other",
        keys: "e",
        help: "ask something else, from this question on",
        label: "other",
        group: Group::Here,
        run: |_| vec![Action::Pane(crate::ui::action::PaneMsg::Own("who.other"))],
        ..Command::BASE
    }],
    open: |_, target| Box::new(Listing::new(Who::new(target))),
};

#[derive(Debug)]
struct Who {
    question: String,
    query: Option<Query>,
    answer: Option<Box<WhoAnswer>>,
    again: Again,
}

impl Who {
    fn new(target: &Target) -> Who {
        let question = match target {
            Target::Text(text) => text.to_string(),
            _ => String::new(),
        };
        let what = Question::parse(&question).and_then(|question| question.action());
        Who {
            query: what.ok().map(Query::WhoCan),
            question,
            answer: None,
            again: Again::default(),
        }
    }

    fn who(&self, row: Option<&RowId>) -> Option<&WhoMay> {
        let Some(RowId::Subject(name)) = row else {
            return None;
        };
        let mut all = self.answer.iter().flat_map(|answer| &answer.who);
        all.find(|who| who.subject.to_string() == **name)
    }

    fn way(&self, path: &Path) -> Option<&GrantRow> {
        let Some(RowId::Object(key)) = path.last() else {
            return None;
        };
        let who = self.who(path.first())?;
        who.ways.iter().find(|way| way.binding == *key)
    }
}

fn is_cluster(way: &GrantRow) -> bool {
    way.binding.namespace.is_none()
}

/// Where somebody may, in a word: what counts everywhere counts here.
fn scope(who: &WhoMay) -> &str {
    match who
        .ways
        .iter()
        .find(|way| is_cluster(way))
        .or(who.ways.first())
    {
        Some(way) => grant::place(way),
        None => "everywhere",
    }
}

impl Rows for Who {
    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.again.ask(cx, self.query.iter().cloned())
    }

    fn answered(&mut self, answered: &Answered) {
        if Some(&answered.query) != self.query.as_ref() {
            return;
        }
        if let Answer::WhoCan(answer) = &answered.answer {
            self.answer = Some(answer.clone());
        }
    }

    fn rows(&self, _: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path> {
        let mut rows = Vec::new();
        for who in self.answer.iter().flat_map(|answer| &answer.who) {
            let subject = vec![RowId::Subject(who.subject.to_string().into())];
            let opened = open.contains(&subject);
            rows.push(subject.clone());
            for way in who.ways.iter().filter(|_| opened) {
                let mut path = subject.clone();
                path.push(RowId::Object(way.binding.clone()));
                rows.push(path);
            }
        }
        rows
    }

    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static> {
        if let Some(way) = self.way(path) {
            return grant::row(way);
        }
        let Some(who) = self.who(path.first()) else {
            return Drawn::default();
        };
        let sign = match (who.ways.is_empty(), open) {
            (true, _) => " ",
            (_, true) => cx.glyphs.open,
            (_, false) => cx.glyphs.closed,
        };
        let by = match who.ways.len() {
            0 => "before RBAC is asked".to_owned(),
            n => counted(n, "binding", "bindings"),
        };
        Drawn::plain(vec![
            Cell::fixed(1, Piece::new(sign, Meaning::Muted)),
            Cell::grow(24, vec![owned(who.subject.to_string(), Meaning::Text)]).name(),
            Cell::fixed(14, owned(scope(who), Meaning::Muted)),
            Cell::fixed(20, owned(by, Meaning::Muted)),
        ])
    }

    fn sheet(&self, _: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        let Some(who) = self.who(path.first()) else {
            return sheet;
        };
        let title = format!("{} can {}", who.subject, self.question);
        sheet.text(vec![owned(title, Meaning::Title)]);
        let ways: Vec<&GrantRow> = match self.way(path) {
            Some(way) => vec![way],
            None => who.ways.iter().collect(),
        };
        if ways.is_empty() {
            let says = "its members are allowed everything before any authorizer is asked; no binding gives or takes that";
            sheet.text(vec![Piece::new(says, Meaning::Text)]);
        }
        let subject = who.subject.to_string();
        for way in ways {
            grant::lines(way, &subject, &mut sheet);
        }
        match (&who.subject, &who.members) {
            (Subject::Group(_), None) => {
                sheet.blank();
                let says =
                    "who is in this group is known to the identity provider, not to the cluster";
                sheet.text(vec![Piece::new(says, Meaning::Unknown)]);
            }
            (Subject::Group(_), Some(members)) => {
                sheet.blank();
                let says = format!("{} now", counted(members.len(), "account", "accounts"));
                sheet.text(vec![owned(says, Meaning::Number)]);
                for member in members {
                    sheet.text(vec![owned(format!("  {member}"), Meaning::Text)]);
                }
            }
            _ => {}
        }
        sheet
    }

    fn is_branch(&self, _: &Context<'_>, path: &Path) -> bool {
        path.len() == 1
            && self
                .who(path.first())
                .is_some_and(|who| !who.ways.is_empty())
    }

    fn enter(&self, _: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        let row = self.way(path).and(path.last())?;
        Some(vec![Action::Open("detail", Target::Row(row.clone()))])
    }

    fn own(&self, _: &Context<'_>, _: Option<&Path>, id: &'static str) -> Vec<Action> {
        match id {
            "who.other" => {
                let text = Target::Text(self.question.as_str().into());
                vec![Action::Open("who-can", text)]
            }
            _ => Vec::new(),
        }
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        Some(format!("who can {}", self.question))
    }

    fn status(&self, _: &Context<'_>) -> Option<(String, Meaning)> {
        let answer = self.answer.as_ref()?;
        grant::status(&answer.missing, &answer.others)
    }

    fn nothing(&self, _: &Context<'_>) -> String {
        match (&self.query, &self.answer) {
            (None, _) => "This is no question: VERB RESOURCE [NAME] [-n NAMESPACE].".to_owned(),
            (_, None) => "...".to_owned(),
            _ => "nobody".to_owned(),
        }
    }
}
