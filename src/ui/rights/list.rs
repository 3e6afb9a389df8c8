//! Rights as a list: abilities that make somebody worth stealing, then every right by resource, and under each the
//! bindings that give it.

use std::collections::BTreeSet;

use super::title;
use crate::engine::{Answer, GrantRow, PowerRow, Query, RightRow, RightsAnswer};
use crate::model::Subject;
use crate::theme::Meaning;
use crate::ui::action::{Action, Answered};
use crate::ui::canvas::{Cell, owned};
use crate::ui::context::Context;
use crate::ui::grant;
use crate::ui::list::Drawn;
use crate::ui::listing::Rows;
use crate::ui::row::{Path, RowId, Target};
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The list of a subject. The pane asks for its answer.
#[derive(Debug)]
pub(in crate::ui) struct List {
    subject: Option<Subject>,
    answer: Option<Box<RightsAnswer>>,
}

/// A row by what it is about.
enum About<'a> {
    Power(&'a PowerRow),
    Right(&'a RightRow),
}

impl List {
    pub(in crate::ui) fn new(subject: Option<Subject>) -> List {
        List {
            subject,
            answer: None,
        }
    }

    fn about(&self, row: Option<&RowId>) -> Option<About<'_>> {
        let answer = self.answer.as_ref()?;
        match row? {
            RowId::Power(key) => {
                let mut powers = answer.powers.iter();
                powers.find(|power| power.key == **key).map(About::Power)
            }
            RowId::Right(key) => {
                let mut rights = answer.rights.iter();
                rights.find(|right| right.key == **key).map(About::Right)
            }
            _ => None,
        }
    }

    fn by<'s>(&'s self, about: &About<'s>) -> Vec<&'s GrantRow> {
        match (about, &self.answer) {
            (About::Power(power), _) => power.by.iter().collect(),
            (About::Right(right), Some(answer)) => answer.giving(&right.by).collect(),
            (About::Right(_), None) => Vec::new(),
        }
    }

    fn grant(&self, path: &Path) -> Option<&GrantRow> {
        let Some(RowId::Object(key)) = path.last() else {
            return None;
        };
        let by = self.by(&self.about(path.first())?);
        by.into_iter().find(|grant| grant.binding == *key)
    }
}

impl Rows for List {
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
        let powers = answer.powers.iter().map(|power| {
            let row = RowId::Power(Box::new(power.key.clone()));
            (row, About::Power(power))
        });
        let rights = answer.rights.iter().map(|right| {
            let row = RowId::Right(Box::new(right.key.clone()));
            (row, About::Right(right))
        });
        for (row, about) in powers.chain(rights) {
            let path = vec![row];
            let opened = open.contains(&path);
            rows.push(path.clone());
            let mut seen = BTreeSet::new();
            for grant in self.by(&about).into_iter().filter(|_| opened) {
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
                let named = if right.key.names.is_empty() {
                    ""
                } else {
                    " (named)"
                };
                Drawn::plain(vec![
                    sign,
                    Cell::grow(
                        22,
                        vec![owned(format!("{}{named}", right.key.what), Meaning::Text)],
                    )
                    .name(),
                    Cell::fixed(14, owned(right.place(), Meaning::Muted)),
                    Cell::grow(16, vec![owned(right.verbs().join(" "), Meaning::Text)]),
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
        let (says, names) = match &about {
            About::Power(power) => (format!("{subject} may {}", power.says), Vec::new()),
            About::Right(right) => {
                let verbs = right.verbs().join(", ");
                (
                    title(&subject, &verbs, &right.key),
                    right.key.names.to_vec(),
                )
            }
        };
        sheet.text(vec![owned(says, Meaning::Title)]);
        if !names.is_empty() {
            sheet.text(vec![owned(
                format!("only those named {}", names.join(", ")),
                Meaning::Text,
            )]);
        }
        // Of a binding every rule counts, of the whole row every binding.
        let binding = self.grant(path).map(|grant| &grant.binding);
        let shown = self.by(&about).into_iter();
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

    fn nothing(&self, _: &Context<'_>) -> String {
        match (&self.subject, &self.answer) {
            (None, _) => "Only users, groups and accounts have rights.".to_owned(),
            (_, None) => "...".to_owned(),
            _ => "No binding that is visible gives them anything.".to_owned(),
        }
    }
}
