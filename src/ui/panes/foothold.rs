//! Suppose this is taken: what an attacker there reaches, by the cheapest way, step by step with what each step rests on.
//! Asked again as facts change.

use std::collections::BTreeSet;

use crate::engine::{Answer, FootholdAnswer, GoalRow, PathStep, PathWay, Query, Start};
use crate::model::{ObjectKey, Subject};
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
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "foothold",
    title: "foothold",
    about: "Suppose that this workload, user, group or account is taken: what is within reach by rights, tokens and pods, and the cheapest way there. The network, flaws of kernels and rights outside RBAC are not followed.",
    slot: Slot::Main,
    bar: &["open", "copy.name", "find.help", "leave"],
    commands: &[],
    open: |_, target| Box::new(Listing::new(Foothold::new(target))),
};

#[derive(Debug)]
struct Foothold {
    start: Option<Start>,
    answer: Option<Box<FootholdAnswer>>,
    again: Again,
}

fn goal_row(goal: &GoalRow) -> RowId {
    RowId::Choice(goal.says.into())
}

/// The cheapest way, and whether it is certain.
fn way(goal: &GoalRow) -> Option<(&PathWay, bool)> {
    let certain = goal.way.as_ref().map(|way| (way, true));
    certain.or(goal.unsure.as_ref().map(|way| (way, false)))
}

impl Foothold {
    fn new(target: &Target) -> Foothold {
        Foothold {
            start: match target {
                Target::Text(text) => Subject::parse(text).map(Start::Subject),
                Target::Row(RowId::Object(key)) => Some(Start::Workload(key.clone())),
                _ => None,
            },
            answer: None,
            again: Again::default(),
        }
    }

    fn name(&self) -> String {
        match &self.start {
            Some(Start::Subject(subject)) => subject.to_string(),
            Some(Start::Workload(ObjectKey {
                namespace, name, ..
            })) => match namespace {
                Some(namespace) => format!("{namespace}/{name}"),
                None => name.to_string(),
            },
            None => String::new(),
        }
    }

    fn goal(&self, row: Option<&RowId>) -> Option<&GoalRow> {
        let mut goals = self.answer.as_ref()?.goals.iter();
        goals.find(|goal| Some(&goal_row(goal)) == row)
    }

    /// The step that a row is about.
    fn step(&self, path: &Path) -> Option<&PathStep> {
        let [goal, RowId::Choice(at)] = &path[..] else {
            return None;
        };
        let (way, _) = way(self.goal(Some(goal))?)?;
        way.steps.get(at.parse::<usize>().ok()?)
    }
}

fn step_lines(step: &PathStep, sheet: &mut Sheet) {
    sheet.blank();
    sheet.text(vec![owned(&*step.says, Meaning::Text)]);
    if let Some(unsure) = &step.unsure {
        sheet.text(vec![owned(
            format!("  not certain: {unsure}"),
            Meaning::Unknown,
        )]);
    }
    for cited in &step.evidence {
        let object = &cited.object;
        let place = match &object.namespace {
            Some(namespace) => format!("{namespace}/{}", object.name),
            None => object.name.to_string(),
        };
        let says = format!(
            "  {} {place} {} = {}",
            object.kind.name(),
            cited.path,
            cited.value
        );
        sheet.text(vec![owned(says, Meaning::Muted)]);
    }
}

impl Rows for Foothold {
    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let query = self.start.clone().map(Query::Foothold);
        self.again.ask(cx, query.into_iter())
    }

    fn answered(&mut self, answered: &Answered) {
        let ours =
            matches!(&answered.query, Query::Foothold(start) if Some(start) == self.start.as_ref());
        if let (true, Answer::Foothold(answer)) = (ours, &answered.answer) {
            self.answer = Some(answer.clone());
        }
    }

    fn rows(&self, _: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path> {
        let mut rows = Vec::new();
        for goal in self.answer.iter().flat_map(|answer| &answer.goals) {
            let path = vec![goal_row(goal)];
            let opened = open.contains(&path);
            rows.push(path.clone());
            let steps = way(goal).map_or(0, |(way, _)| way.steps.len());
            for at in (0..steps).filter(|_| opened) {
                let mut below = path.clone();
                below.push(RowId::Choice(at.to_string().into()));
                rows.push(below);
            }
        }
        rows
    }

    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static> {
        if let Some(step) = self.step(path) {
            return Drawn::plain(vec![
                Cell::fixed(3, Piece::new("", Meaning::Text)),
                Cell::grow(30, vec![owned(&*step.says, Meaning::Text)]),
            ]);
        }
        let Some(goal) = self.goal(path.first()) else {
            return Drawn::default();
        };
        let sign = match (way(goal), open) {
            (None, _) => " ",
            (_, true) => cx.glyphs.open,
            (_, false) => cx.glyphs.closed,
        };
        let (says, meaning) = match way(goal) {
            None => ("not reached".to_owned(), Meaning::Better),
            Some((way, _)) if way.steps.is_empty() => ("it is that".to_owned(), Meaning::Fires),
            Some((way, true)) => (counted(way.steps.len(), "step", "steps"), Meaning::Fires),
            Some((way, false)) => {
                let steps = counted(way.steps.len(), "step", "steps");
                (format!("{steps}, not certain"), Meaning::Unknown)
            }
        };
        Drawn::plain(vec![
            Cell::fixed(1, Piece::new(sign, Meaning::Muted)),
            Cell::grow(28, vec![owned(goal.says, Meaning::Title)]),
            Cell::fixed(22, owned(says, meaning)),
        ])
    }

    fn sheet(&self, _: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        let (Some(goal), Some(answer)) = (self.goal(path.first()), &self.answer) else {
            return sheet;
        };
        let title = format!("{} and {}", self.name(), goal.says);
        sheet.text(vec![owned(title, Meaning::Title)]);
        match (self.step(path), way(goal)) {
            (Some(step), _) => step_lines(step, &mut sheet),
            (None, Some((way, _))) => way
                .steps
                .iter()
                .for_each(|step| step_lines(step, &mut sheet)),
            (None, None) => {
                let says = if answer.is_known {
                    "no way by rights, tokens and pods, as far as can be seen"
                } else {
                    "nothing runs in it and no binding names it: it leads nowhere"
                };
                sheet.text(vec![Piece::new(says, Meaning::Text)]);
            }
        }
        sheet
    }

    fn is_branch(&self, _: &Context<'_>, path: &Path) -> bool {
        let steps = |goal| way(goal).is_some_and(|(way, _)| !way.steps.is_empty());
        path.len() == 1 && self.goal(path.first()).is_some_and(steps)
    }

    fn enter(&self, _: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        // The object that the step rests on last: a role, a pod, an account.
        let cited = self.step(path)?.evidence.last()?;
        let row = RowId::Object(cited.object.clone());
        Some(vec![Action::Open("detail", Target::Row(row))])
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        Some(format!("suppose {} is taken", self.name()))
    }

    fn status(&self, _: &Context<'_>) -> Option<(String, Meaning)> {
        let answer = self.answer.as_ref()?;
        grant::status(&answer.missing, &answer.others)
    }

    fn nothing(&self, _: &Context<'_>) -> String {
        match &self.start {
            None => "Only a workload, a user, a group or an account can be taken.".to_owned(),
            Some(_) => "...".to_owned(),
        }
    }
}
