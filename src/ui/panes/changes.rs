//! What changed while this session looked, newest first, and which findings and stories each change opened or closed.

use std::collections::BTreeSet;

use crate::engine::{ChangeEntry, Snapshot};
use crate::model::{FindingId, Severity};
use crate::theme::Meaning;
use crate::ui::action::Action;
use crate::ui::canvas::{Cell, owned};
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::filter::Found;
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows, details};
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::row::{Path, RowId};
use crate::ui::say;
use crate::ui::since::{Sign, age, counted};
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "changes",
    title: "changes",
    about: "Changes that moved a verdict since this session began, newest first. Enter goes to what a change opened or closed.",
    slot: Slot::Main,
    bar: &[
        "open",
        "fix.one",
        "find.filter",
        "look.all",
        "look.freeze",
        "move.next-part",
        "find.help",
        "leave",
    ],
    commands: &[],
    open: |_, _| Box::new(Listing::new(Changes)),
};

/// Columns of what came of a change, at most.
const COME: usize = 44;

#[derive(Debug)]
struct Changes;

/// Every entry with its identity. Entries of one moment are numbered from the oldest: a newer one renames none.
fn entries(snapshot: &Snapshot) -> Vec<(RowId, &ChangeEntry)> {
    let mut all = Vec::new();
    let mut before: Option<(i128, u32)> = None;
    for entry in snapshot.changes.iter().rev() {
        let at = entry.at.as_nanosecond();
        let number = match before {
            Some((same, n)) if same == at => n + 1,
            _ => 0,
        };
        before = Some((at, number));
        all.push((RowId::Change(at, number), &**entry));
    }
    all.reverse();
    all
}

fn entry<'a>(snapshot: &'a Snapshot, row: &RowId) -> Option<&'a ChangeEntry> {
    let all = entries(snapshot).into_iter();
    all.filter(|(id, _)| id == row).map(|(_, e)| e).next()
}

/// What the change opened and closed, stories first.
fn outcomes(entry: &ChangeEntry) -> Vec<(RowId, Sign)> {
    let diff = &entry.diff;
    let begun = diff.begun.iter().map(|i| (i, Sign::Worse));
    let ended = diff.ended.iter().map(|i| (i, Sign::Better));
    let stories = begun
        .chain(ended)
        .map(|(i, sign)| (RowId::Instance(i.story, i.actor.clone()), sign));
    let opened = diff.opened.iter().map(|(id, _)| (id, Sign::New));
    let closed = diff.closed.iter().map(|(id, _)| (id, Sign::Gone));
    let lingering = diff.lingering.iter().map(|(id, _)| (id, Sign::Better));
    let findings = opened
        .chain(closed)
        .chain(lingering)
        .map(|(id, sign)| (RowId::Finding(Box::new(id.clone())), sign));
    stories.chain(findings).collect()
}

fn sign_of(entry: &ChangeEntry, row: &RowId) -> Option<Sign> {
    let all = outcomes(entry).into_iter();
    all.filter(|(id, _)| id == row).map(|(_, s)| s).next()
}

fn severity(entry: &ChangeEntry, id: &FindingId) -> Option<Severity> {
    let diff = &entry.diff;
    let all = diff
        .opened
        .iter()
        .chain(&diff.closed)
        .chain(&diff.lingering);
    all.filter(|(other, _)| other == id).map(|(_, s)| *s).next()
}

fn holds(cx: &Context<'_>, entry: &ChangeEntry) -> bool {
    let says = say::change(entry);
    let diff = &entry.diff;
    let worst = diff
        .opened
        .iter()
        .chain(&diff.closed)
        .chain(&diff.lingering);
    let severity = worst.map(|(_, s)| *s).max();
    let found = |object| Found {
        object,
        severity,
        title: &says,
        ..Found::default()
    };
    cx.filter.holds(&found(None))
        || entry
            .objects
            .iter()
            .any(|(key, _)| cx.filter.holds(&found(Some(key))))
}

/// The word for what became of a finding or a story.
fn word(row: &RowId, sign: Sign) -> (&'static str, Meaning) {
    let word = match (row, sign) {
        (RowId::Instance(..), Sign::Worse) => "works now",
        (RowId::Instance(..), _) => "ended",
        (_, Sign::New) => "fires",
        (_, Sign::Better) => "old pods",
        (_, _) => "closed",
    };
    (word, sign.meaning())
}

impl Rows for Changes {
    fn rows(&self, cx: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path> {
        let mut rows = Vec::new();
        for (id, entry) in entries(cx.snapshot) {
            if !holds(cx, entry) {
                continue;
            }
            let path = vec![id.clone()];
            let is_open = open.contains(&path);
            rows.push(path);
            if is_open {
                let inner = outcomes(entry).into_iter();
                rows.extend(inner.map(|(row, _)| vec![id.clone(), row]));
            }
        }
        rows
    }

    fn is_branch(&self, cx: &Context<'_>, path: &Path) -> bool {
        let [only] = &path[..] else { return false };
        entry(cx.snapshot, only).is_some_and(|entry| outcomes(entry).len() > 1)
    }

    fn enter(&self, cx: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        match &path[..] {
            [only] => match &outcomes(entry(cx.snapshot, only)?)[..] {
                [(row, _)] => Some(details(row.clone())),
                _ => None,
            },
            [_, row] => Some(details(row.clone())),
            _ => None,
        }
    }

    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static> {
        let Some(entry) = path.first().and_then(|id| entry(cx.snapshot, id)) else {
            return Drawn::default();
        };
        if let [_, row] = &path[..] {
            return outcome(cx, entry, row);
        }
        let mark = if !self.is_branch(cx, path) {
            " "
        } else if open {
            cx.glyphs.open
        } else {
            cx.glyphs.closed
        };
        let mut came = Vec::new();
        let consequence = say::consequence(entry, cx.catalogue, true).into_iter();
        for (at, (text, meaning)) in consequence.enumerate() {
            let before = if at == 0 { cx.glyphs.arrow } else { "," };
            came.push(Piece::new(format!("{before} "), Meaning::Muted));
            came.push(owned(text, meaning));
        }
        let width = came.iter().map(Piece::width).sum::<usize>().min(COME) as u16;
        Drawn::plain(vec![
            Cell::fixed(1, Piece::new(mark, Meaning::Muted)),
            Cell::fixed(4, Piece::new(age(entry.at, cx.now), Meaning::Muted)).to_right(),
            Cell::grow(20, vec![owned(say::change(entry), Meaning::Text)]),
            // What came of it is what the eye looks for: the name of what changed gives way.
            Cell {
                pieces: came,
                ..Cell::fixed(width, Piece::new("", Meaning::Text))
            }
            .keep(1),
        ])
    }

    fn sheet(&self, cx: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        let Some(entry) = path.first().and_then(|id| entry(cx.snapshot, id)) else {
            return sheet;
        };
        if let [_, row] = &path[..] {
            about(cx, entry, row, &mut sheet);
            sheet.blank();
        }
        let at = entry.at.to_zoned(cx.zone.clone());
        sheet.text(vec![Piece::new(
            at.strftime("%Y-%m-%d %H:%M:%S").to_string(),
            Meaning::Muted,
        )]);
        if let Some(note) = &entry.note {
            sheet.text(vec![owned(&**note, Meaning::Text)]);
        }
        for (key, what) in &entry.objects {
            let line = vec![
                owned(key.to_string(), Meaning::Title),
                owned(format!("  {what}"), Meaning::Text),
            ];
            sheet.hanging(2, line);
        }
        let all = outcomes(entry);
        if all.is_empty() {
            let says = "No verdict and no story changed with it.";
            sheet.text(vec![Piece::new(says, Meaning::Muted)]);
        }
        for (row, sign) in &all {
            let (word, meaning) = word(row, *sign);
            let line = vec![
                Piece::new(format!("{} {word:<10}", sign.mark()), meaning),
                owned(named(cx, row), Meaning::Text),
            ];
            sheet.hanging(12, line);
        }
        sheet
    }

    fn node(&self, cx: &Context<'_>, path: &Path) -> Vec<RowId> {
        match &path[..] {
            [only] => {
                let found = entry(cx.snapshot, only);
                let all = found.map(outcomes).unwrap_or_default().into_iter();
                all.filter(|(_, sign)| matches!(sign, Sign::New | Sign::Worse))
                    .map(|(row, _)| row)
                    .collect()
            }
            [.., row] if row.is_fixable() => vec![row.clone()],
            _ => Vec::new(),
        }
    }

    fn nothing(&self, cx: &Context<'_>) -> String {
        if cx.is_loading() {
            format!(
                "Still being read, nothing is compared yet: {}",
                say::loading(cx.snapshot)
            )
        } else if cx.snapshot.changes.is_empty() {
            "Nothing that moves a verdict changed since this session began.".to_owned()
        } else {
            "No change matches the filter.".to_owned()
        }
    }

    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let n = cx.snapshot.changes.len();
        Some((counted(n, "change", "changes"), Meaning::Number))
    }
}

/// A finding or a story by title and place.
fn named(cx: &Context<'_>, row: &RowId) -> String {
    match row {
        RowId::Finding(id) => {
            let part = id.part.to_string();
            let gap = if part.is_empty() { "" } else { " " };
            let title = cx.catalogue.check_title(id.check);
            format!("{title}: {}{gap}{part}", id.object)
        }
        RowId::Instance(story, actor) => {
            format!("{}: {actor}", cx.catalogue.story_title(story))
        }
        _ => String::new(),
    }
}

/// A row of a branch.
fn outcome(cx: &Context<'_>, entry: &ChangeEntry, row: &RowId) -> Drawn<'static> {
    let sign = sign_of(entry, row).unwrap_or(Sign::Gone);
    let (word, meaning) = word(row, sign);
    let (rank, look) = match row {
        RowId::Finding(id) => {
            severity(entry, id).map_or(("", Meaning::Text), |s| (s.word(), say::severity(s)))
        }
        _ => ("story", Meaning::Heading),
    };
    Drawn::plain(vec![
        Cell::fixed(5, Piece::new("", Meaning::Text)),
        Cell::fixed(1, Piece::new(sign.mark(), meaning)),
        Cell::fixed(9, Piece::new(word, meaning)),
        Cell::fixed(8, Piece::new(rank, look)),
        Cell::grow(16, vec![owned(named(cx, row), Meaning::Text)]),
    ])
}

/// What is true of a finding or a story now, whatever happened since.
fn about(cx: &Context<'_>, entry: &ChangeEntry, row: &RowId, sheet: &mut Sheet) {
    sheet.text(vec![owned(named(cx, row), Meaning::Title)]);
    let sign = sign_of(entry, row).unwrap_or(Sign::Gone);
    let opened = matches!(sign, Sign::New | Sign::Worse);
    match row {
        RowId::Finding(id) => match (facts::finding(cx.snapshot, id), opened) {
            (Some(finding), true) => {
                sheet.text(vec![owned(&*finding.why, Meaning::Text)]);
            }
            (Some(_), false) => later(sheet, "It fires again since."),
            (None, true) => later(sheet, "It is closed since."),
            (None, false) => {}
        },
        RowId::Instance(story, actor) => {
            let instance = facts::instance(cx.snapshot, story, actor);
            match (instance.filter(|i| i.works()), opened) {
                (Some(instance), true) => {
                    sheet.text(vec![owned(&*instance.says, Meaning::Text)]);
                }
                (Some(_), false) => later(sheet, "It works again since."),
                (None, true) => later(sheet, "It ended since."),
                (None, false) => {}
            }
        }
        _ => {}
    }
}

fn later(sheet: &mut Sheet, says: &'static str) {
    sheet.text(vec![Piece::new(says, Meaning::Notice)]);
}
