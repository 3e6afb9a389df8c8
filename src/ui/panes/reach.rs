//! Who reaches a workload over the network, and whom it reaches, each with the rule that decides or the nearest miss.
//! Asked again as facts change.

use std::collections::BTreeSet;

use crate::engine::{
    Answer, Because, Enforcement, Other, Party, Query, ReachAnswer, ReachQuestion, ReachRow,
    ReachVerdict, Reached,
};
use crate::model::ObjectKey;
use crate::theme::Meaning;
use crate::ui::action::{Action, Answered};
use crate::ui::again::Again;
use crate::ui::canvas::{Cell, owned};
use crate::ui::context::Context;
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows};
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::row::{Path, RowId, Target};
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "reach",
    title: "reach",
    about: "Who reaches this workload over the network, and whom it reaches, by NetworkPolicy: the ports of pods, the rule that decides, or the nearest miss. Enter opens the policy; a on a row asks about that one. Its own node always reaches a pod.",
    slot: Slot::Main,
    bar: &["open", "copy.name", "ask.reach", "find.help", "leave"],
    commands: &[],
    open: |_, target| Box::new(Listing::new(Reach::new(target))),
};

/// The parts of the list: the way, the verdicts in it, and what it is called.
const PARTS: [(&str, bool, Sort); 6] = [
    ("reach it", true, Sort::Passes),
    ("it reaches", false, Sort::Passes),
    ("may reach it: not certain", true, Sort::Depends),
    ("it may reach: not certain", false, Sort::Depends),
    ("cannot reach it", true, Sort::Denied),
    ("it cannot reach", false, Sort::Denied),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sort {
    Passes,
    Depends,
    Denied,
}

impl Sort {
    fn of(reached: &Reached) -> Sort {
        match reached.verdict() {
            Some(ReachVerdict::Allow) => Sort::Passes,
            Some(ReachVerdict::Undetermined(_)) => Sort::Depends,
            Some(ReachVerdict::Deny) | None => Sort::Denied,
        }
    }

    fn meaning(self) -> Meaning {
        match self {
            Sort::Passes => Meaning::Fires,
            Sort::Depends => Meaning::Unknown,
            Sort::Denied => Meaning::Better,
        }
    }
}

#[derive(Debug)]
struct Reach {
    question: Option<ReachQuestion>,
    answer: Option<Box<ReachAnswer>>,
    again: Again,
}

fn row_of(who: &Other) -> RowId {
    match who {
        Other::Workload(key) => RowId::Object(key.clone()),
        Other::Addresses(says) => RowId::Choice(says.clone()),
    }
}

fn name(who: &Other) -> String {
    match who {
        Other::Workload(key) => place(key),
        Other::Addresses(says) => says.to_string(),
    }
}

fn place(key: &ObjectKey) -> String {
    format!("{}/{}", key.home(), key.name)
}

fn rule(because: &Because) -> String {
    let rule = match because.rule {
        Some(at) => format!("rule {at}"),
        None => "no rule of it".to_owned(),
    };
    let direction = because.direction.word().to_lowercase();
    format!("{} {direction}, {rule}", place(&because.policy))
}

/// Why, in few words: for the row.
fn why(row: &ReachRow) -> String {
    match (&row.nearest_miss, row.because.last(), row.verdict.doubt()) {
        (Some(miss), ..) => miss.clone(),
        (None, _, Some(doubt)) => doubt.sentence().to_owned(),
        (None, Some(because), None) => rule(because),
        (None, None, None) => "no policy isolates either".to_owned(),
    }
}

impl Reach {
    fn new(target: &Target) -> Reach {
        let question = match target {
            Target::Text(text) => ReachQuestion::parse(text),
            Target::Row(RowId::Object(key)) => Some(ReachQuestion {
                from: Party::Workload(key.clone()),
                to: None,
                port: None,
            }),
            _ => None,
        };
        Reach {
            question,
            answer: None,
            again: Again::default(),
        }
    }

    fn here(&self) -> String {
        match self.question.as_ref().map(|q| &q.from) {
            Some(Party::Workload(key)) => place(key),
            Some(Party::Addresses(net)) => format!("addresses {net}"),
            None => String::new(),
        }
    }

    /// Rows of a part.
    fn part(&self, part: usize) -> impl Iterator<Item = &Reached> {
        let found = PARTS.get(part).zip(self.answer.as_deref());
        found.into_iter().flat_map(|((_, into, sort), answer)| {
            let side = if *into { &answer.into } else { &answer.out };
            side.iter().filter(|reached| Sort::of(reached) == *sort)
        })
    }

    fn part_of(path: &Path) -> Option<usize> {
        let Some(RowId::Section(name)) = path.first() else {
            return None;
        };
        PARTS.iter().position(|(says, ..)| says == name)
    }

    fn reached(&self, path: &Path) -> Option<(usize, &Reached)> {
        let part = Reach::part_of(path)?;
        let row = path.get(1)?;
        let reached = self.part(part).find(|r| row_of(&r.who) == *row)?;
        Some((part, reached))
    }

    fn is_pair(&self) -> bool {
        self.question.as_ref().is_some_and(|q| q.to.is_some())
    }
}

impl Rows for Reach {
    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let query = self.question.clone().map(Query::Reach);
        self.again.ask(cx, query.into_iter())
    }

    fn answered(&mut self, answered: &Answered) {
        let ours = matches!(&answered.query, Query::Reach(q) if Some(q) == self.question.as_ref());
        if let (true, Answer::Reach(answer)) = (ours, &answered.answer) {
            self.answer = Some(answer.clone());
        }
    }

    fn rows(&self, _: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path> {
        let mut rows = Vec::new();
        for (at, (says, ..)) in PARTS.iter().enumerate() {
            let mut members = self.part(at).peekable();
            if members.peek().is_none() {
                continue;
            }
            let path = vec![RowId::Section(says)];
            // Of one pair every row is seen at once.
            let opened = open.contains(&path) || self.is_pair();
            rows.push(path.clone());
            for reached in members.filter(|_| opened) {
                let mut below = path.clone();
                below.push(row_of(&reached.who));
                rows.push(below);
            }
        }
        rows
    }

    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static> {
        let Some(part) = Reach::part_of(path) else {
            return Drawn::default();
        };
        let Some((part_says, _, sort)) = PARTS.get(part).copied() else {
            return Drawn::default();
        };
        if path.len() == 1 {
            let (mut workloads, mut blocks) = (0, 0);
            for reached in self.part(part) {
                match reached.who {
                    Other::Workload(_) => workloads += 1,
                    Other::Addresses(_) => blocks += 1,
                }
            }
            let mut says = Vec::new();
            if workloads > 0 {
                says.push(counted(workloads, "workload", "workloads"));
            }
            if blocks > 0 {
                says.push("outside".to_owned());
            }
            let sign = if open || self.is_pair() {
                cx.glyphs.open
            } else {
                cx.glyphs.closed
            };
            return Drawn::plain(vec![
                Cell::fixed(1, Piece::new(sign, Meaning::Muted)),
                Cell::grow(20, vec![Piece::new(part_says, Meaning::Title)]),
                Cell::fixed(22, owned(says.join(", "), sort.meaning())).keep(2),
            ]);
        }
        let Some((_, reached)) = self.reached(path) else {
            return Drawn::default();
        };
        let (sure, maybe) = reached.ports();
        let ports = match sort {
            Sort::Passes => sure.to_string(),
            Sort::Depends => maybe.to_string(),
            Sort::Denied => String::new(),
        };
        let says = reached.rows.first().map(why).unwrap_or_default();
        let mut cells = vec![
            Cell::fixed(3, Piece::new("", Meaning::Text)),
            Cell::grow(20, vec![owned(name(&reached.who), Meaning::Text)]).keep(3),
        ];
        if sort != Sort::Denied {
            cells.push(Cell::fixed(18, owned(ports, sort.meaning())).keep(2));
        }
        cells.push(Cell::grow(20, vec![owned(says, Meaning::Muted)]));
        Drawn::plain(cells)
    }

    fn sheet(&self, _: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        let Some((part, reached)) = self.reached(path) else {
            return sheet;
        };
        let into = PARTS.get(part).is_some_and(|(_, into, _)| *into);
        let (here, there) = (self.here(), name(&reached.who));
        let (from, to) = if into { (there, here) } else { (here, there) };
        sheet.text(vec![owned(format!("{from} to {to}"), Meaning::Title)]);
        for row in &reached.rows {
            sheet.blank();
            let (says, meaning) = match row.verdict {
                ReachVerdict::Allow => (format!("passes on {}", row.ports), Meaning::Fires),
                ReachVerdict::Deny => ("does not pass".to_owned(), Meaning::Better),
                ReachVerdict::Undetermined(_) => {
                    (format!("not certain on {}", row.ports), Meaning::Unknown)
                }
            };
            sheet.text(vec![owned(says, meaning)]);
            if let Some(doubt) = row.verdict.doubt() {
                sheet.text(vec![Piece::new(doubt.sentence(), Meaning::Text)]);
            }
            if row.because.is_empty() && row.verdict == ReachVerdict::Allow {
                let says = "no NetworkPolicy isolates either side: everything passes";
                sheet.text(vec![Piece::new(says, Meaning::Text)]);
            }
            for because in &row.because {
                let says = format!("  NetworkPolicy {}", rule(because));
                sheet.text(vec![owned(says, Meaning::Muted)]);
            }
            if let Some(miss) = &row.nearest_miss {
                sheet.text(vec![owned(format!("nearest: {miss}"), Meaning::Text)]);
            }
        }
        sheet
    }

    fn is_branch(&self, _: &Context<'_>, path: &Path) -> bool {
        path.len() == 1 && !self.is_pair()
    }

    fn enter(&self, _: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        let (_, reached) = self.reached(path)?;
        let decided = reached.rows.iter().find_map(|row| row.because.last());
        let object = match (decided, &reached.who) {
            (Some(because), _) => because.policy.clone(),
            (None, Other::Workload(key)) => key.clone(),
            (None, Other::Addresses(_)) => return None,
        };
        Some(vec![Action::Open(
            "detail",
            Target::Row(RowId::Object(object)),
        )])
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        Some(format!("who reaches {}", self.here()))
    }

    fn status(&self, _: &Context<'_>) -> Option<(String, Meaning)> {
        let answer = self.answer.as_ref()?;
        let hidden = answer.missing.first();
        let hidden = hidden.map(|missing| {
            (
                format!("not visible: {}", missing.sentence()),
                Meaning::Unknown,
            )
        });
        hidden.or(match answer.enforcement {
            Enforcement::By(plugin) => Some((format!("enforced by {plugin}"), Meaning::Muted)),
            Enforcement::Nobody(plugin) => {
                Some((format!("{plugin} enforces nothing"), Meaning::Fires))
            }
            Enforcement::CannotTell => {
                Some(("enforcing plugin not seen".to_owned(), Meaning::Unknown))
            }
        })
    }

    fn nothing(&self, _: &Context<'_>) -> String {
        match (&self.question, &self.answer) {
            (None, _) => "Only a workload or an address can be reached.".to_owned(),
            (_, Some(answer)) if answer.is_unknown => {
                format!("{} runs nothing that is known.", self.here())
            }
            _ => "...".to_owned(),
        }
    }
}
