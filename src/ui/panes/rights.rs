//! What somebody may do: what makes them worth stealing, then every right by resource, and under each the bindings and
//! rules that give it. Asked again as facts change.

use std::collections::BTreeSet;

use crate::engine::{Answer, GrantRow, PowerRow, Query, RightRow, RightsAnswer};
use crate::model::Subject;
use crate::theme::Meaning;
use crate::ui::action::{Action, Answered};
use crate::ui::again::Again;
use crate::ui::canvas::{Cell, owned};
use crate::ui::context::Context;
use crate::ui::grant;
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows};
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::row::{Path, RowId, Target};
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "rights",
    title: "rights",
    about: "What a user, a group or an account may do by RBAC: abilities that make them worth stealing, then every right by resource, each with the bindings and rules that give it. Groups that a person may be in besides are not in the API.",
    slot: Slot::Main,
    bar: &["open", "look.manifest", "copy.name", "find.help", "leave"],
    commands: &[],
    open: |_, target| Box::new(Listing::new(Rights::new(target))),
};

#[derive(Debug)]
struct Rights {
    subject: Option<Subject>,
    answer: Option<Box<RightsAnswer>>,
    again: Again,
}

/// A row by what it is about.
enum About<'a> {
    Power(&'a PowerRow),
    Right(&'a RightRow),
}

impl<'a> About<'a> {
    fn by(&self) -> &'a [GrantRow] {
        match *self {
            About::Power(power) => &power.by,
            About::Right(right) => &right.by,
        }
    }
}

/// The row of a right: two of one resource differ in scope or names.
fn right_row(right: &RightRow) -> RowId {
    let names = right.names.join(" ");
    RowId::Choice(format!("{} {} {names}", right.scope, right.resource).into())
}

fn power_row(power: &PowerRow) -> RowId {
    RowId::Choice(format!("may {}", power.says).into())
}

impl Rights {
    fn new(target: &Target) -> Rights {
        Rights {
            subject: match target {
                Target::Text(text) => Subject::parse(text),
                _ => None,
            },
            answer: None,
            again: Again::default(),
        }
    }

    fn about(&self, row: Option<&RowId>) -> Option<About<'_>> {
        let answer = self.answer.as_ref()?;
        let row = row?;
        let powers = answer
            .powers
            .iter()
            .map(|p| (power_row(p), About::Power(p)));
        let rights = answer
            .rights
            .iter()
            .map(|r| (right_row(r), About::Right(r)));
        let mut all = powers.chain(rights);
        all.find(|(id, _)| id == row).map(|(_, about)| about)
    }

    fn grant(&self, path: &Path) -> Option<&GrantRow> {
        let Some(RowId::Object(key)) = path.last() else {
            return None;
        };
        let mut by = self.about(path.first())?.by().iter();
        by.find(|grant| grant.binding == *key)
    }
}

impl Rows for Rights {
    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let query = self.subject.clone().map(Query::Rights);
        self.again.ask(cx, query.into_iter())
    }

    fn answered(&mut self, answered: &Answered) {
        let ours =
            matches!(&answered.query, Query::Rights(who) if Some(who) == self.subject.as_ref());
        if let (true, Answer::Rights(answer)) = (ours, &answered.answer) {
            self.answer = Some(answer.clone());
        }
    }

    fn rows(&self, _: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path> {
        let mut rows = Vec::new();
        let Some(answer) = &self.answer else {
            return rows;
        };
        let powers = answer.powers.iter().map(|p| (power_row(p), &p.by));
        let rights = answer.rights.iter().map(|r| (right_row(r), &r.by));
        for (row, by) in powers.chain(rights) {
            let path = vec![row];
            let opened = open.contains(&path);
            rows.push(path.clone());
            let mut seen = BTreeSet::new();
            for grant in by.iter().filter(|_| opened) {
                if seen.insert(&grant.binding) {
                    let mut below = path.clone();
                    below.push(RowId::Object(grant.binding.clone()));
                    rows.push(below);
                }
            }
        }
        rows
    }

    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static> {
        if let Some(grant) = self.grant(path) {
            return grant::row(grant);
        }
        let sign = if open {
            cx.glyphs.open
        } else {
            cx.glyphs.closed
        };
        let sign = Cell::fixed(1, Piece::new(sign, Meaning::Muted));
        match self.about(path.first()) {
            Some(About::Power(power)) => Drawn::plain(vec![
                sign,
                Cell::fixed(
                    8,
                    owned(power.severity.word(), say::severity(power.severity)),
                ),
                Cell::grow(
                    30,
                    vec![owned(format!("may {}", power.says), Meaning::Text)],
                ),
            ]),
            Some(About::Right(right)) => {
                let verbs: Vec<&str> = right.verbs.iter().map(|verb| &**verb).collect();
                let named = if right.names.is_empty() {
                    ""
                } else {
                    " (named)"
                };
                Drawn::plain(vec![
                    sign,
                    Cell::grow(
                        22,
                        vec![owned(format!("{}{named}", right.resource), Meaning::Text)],
                    )
                    .name(),
                    Cell::fixed(14, owned(&*right.scope, Meaning::Muted)),
                    Cell::grow(16, vec![owned(verbs.join(" "), Meaning::Text)]),
                ])
            }
            None => Drawn::default(),
        }
    }

    fn sheet(&self, _: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        let (Some(about), Some(subject)) = (self.about(path.first()), &self.subject) else {
            return sheet;
        };
        let subject = subject.to_string();
        let (title, names) = match &about {
            About::Power(power) => (format!("{subject} may {}", power.says), Vec::new()),
            About::Right(right) => {
                let verbs: Vec<&str> = right.verbs.iter().map(|verb| &**verb).collect();
                let place = match &*right.scope {
                    "everywhere" => "everywhere".to_owned(),
                    namespace => format!("in {namespace}"),
                };
                let title = format!(
                    "{subject} may {} {} {place}",
                    verbs.join(", "),
                    right.resource
                );
                (title, right.names.clone())
            }
        };
        sheet.text(vec![owned(title, Meaning::Title)]);
        if !names.is_empty() {
            sheet.text(vec![owned(
                format!("only those named {}", names.join(", ")),
                Meaning::Text,
            )]);
        }
        // Of a binding every rule counts, of the whole row every binding.
        let binding = self.grant(path).map(|grant| &grant.binding);
        let shown = about.by().iter();
        let shown = shown.filter(|grant| binding.is_none_or(|key| grant.binding == *key));
        shown.for_each(|grant| grant::lines(grant, &subject, &mut sheet));
        if let Some(answer) = &self.answer {
            if !answer.mounted.is_empty() {
                sheet.blank();
                let says = counted(answer.mounted.len(), "workload has", "workloads have");
                sheet.text(vec![owned(
                    format!("{says} this token mounted"),
                    Meaning::Number,
                )]);
                for key in &answer.mounted {
                    sheet.text(vec![owned(
                        format!("  {} {}", key.kind.name(), key.name),
                        Meaning::Text,
                    )]);
                }
            }
            for key in &answer.dangling {
                sheet.blank();
                let says = format!(
                    "{} {} names a role that does not exist",
                    key.kind.name(),
                    key.name
                );
                sheet.text(vec![owned(says, Meaning::Unknown)]);
            }
        }
        sheet
    }

    fn is_branch(&self, _: &Context<'_>, path: &Path) -> bool {
        path.len() == 1 && self.about(path.first()).is_some()
    }

    fn enter(&self, _: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        let row = self.grant(path).and(path.last())?;
        Some(vec![Action::Open("detail", Target::Row(row.clone()))])
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        Some(format!("rights of {}", self.subject.as_ref()?))
    }

    fn status(&self, _: &Context<'_>) -> Option<(String, Meaning)> {
        let answer = self.answer.as_ref()?;
        grant::status(&answer.missing, &answer.others)
    }

    fn nothing(&self, _: &Context<'_>) -> String {
        match (&self.subject, &self.answer) {
            (None, _) => "Only users, groups and accounts have rights.".to_owned(),
            (_, None) => "...".to_owned(),
            _ => "No binding that is visible gives them anything.".to_owned(),
        }
    }
}
