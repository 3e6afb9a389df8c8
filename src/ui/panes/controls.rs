//! Every key control of the five groups: whether it holds, the line of the text that asks for it, and what fails it.

use std::collections::BTreeSet;

use crate::engine::controls::Holds;
use crate::engine::{ControlState, Row, Snapshot};
use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::action::Action;
use crate::ui::canvas::{Cell, owned};
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::filter::Found;
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows, details};
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::row::{Path, RowId, Target};
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "controls",
    title: "controls",
    about: "The key controls of the texts behind the five groups: which hold, which fail and on what, which cannot be seen. Enter lists the findings.",
    slot: Slot::Main,
    bar: &[
        "open",
        "fix.one",
        "fix.all",
        "mark.toggle",
        "find.filter",
        "look.all",
        "find.help",
        "leave",
    ],
    commands: &[],
    open: |_, _| Box::new(Listing::new(Controls)),
};

#[derive(Debug)]
struct Controls;

/// Rows of verdicts behind a control, worst first, as the person wants them listed.
fn verdicts<'a>(cx: &'a Context<'_>, state: &ControlState) -> Vec<&'a Row> {
    let spaces = cx.snapshot.spaces.values();
    let shown = spaces.filter(|space| !(space.system && cx.prefs.hide_system));
    let rows = shown.flat_map(|space| &space.rows);
    let mut rows: Vec<&Row> = rows
        .filter(|row| state.checks.contains(&row.check) && is_listed(cx, row))
        .collect();
    let severity = |row: &Row| row.finding().map(|f| f.severity);
    rows.sort_by_key(|row| std::cmp::Reverse(severity(row)));
    rows
}

fn is_listed(cx: &Context<'_>, row: &Row) -> bool {
    let finding = row.finding();
    let severity = finding.map(|f| f.severity);
    severity.is_none_or(|s| cx.prefs.lists(s))
        && cx.filter.holds(&Found {
            object: row.object.as_ref(),
            severity,
            check: row.check,
            title: cx.catalogue.check_title(row.check),
            more: finding.map_or("", |f| &f.why),
            ..Found::default()
        })
}

fn id(row: &Row) -> RowId {
    match row.finding() {
        Some(finding) => RowId::Finding(Box::new(finding.id.clone())),
        None => RowId::Unknown(row.check, row.object.clone()),
    }
}

fn control<'a>(snapshot: &'a Snapshot, row: Option<&RowId>) -> Option<&'a ControlState> {
    match row {
        Some(RowId::Control(slug)) => facts::control(snapshot, slug),
        _ => None,
    }
}

/// The state in a word: nothing but a failure is claimed while facts are still being read.
fn word(cx: &Context<'_>, state: &ControlState) -> (String, Meaning) {
    match &state.holds {
        Holds::Fails(n) => (format!("fails {n}"), say::holds(&state.holds)),
        _ if cx.is_loading() => ("...".to_owned(), Meaning::Loading),
        other => (other.word().to_owned(), say::holds(other)),
    }
}

fn matches(cx: &Context<'_>, state: &ControlState) -> bool {
    cx.filter.holds(&Found {
        title: state.control.title,
        check: state.control.slug,
        more: state.control.seed,
        ..Found::default()
    })
}

impl Rows for Controls {
    fn rows(&self, cx: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path> {
        let mut rows = Vec::new();
        for threat in ThreatId::ALL {
            let mut inner = Vec::new();
            let own = cx.snapshot.controls.iter().filter(|c| c.threat == threat);
            for state in own {
                let path = vec![RowId::Control(state.control.slug)];
                let found = if open.contains(&path) || !cx.filter.is_empty() {
                    verdicts(cx, state)
                } else {
                    Vec::new()
                };
                if !matches(cx, state) && found.is_empty() {
                    continue;
                }
                inner.push(path.clone());
                if open.contains(&path) {
                    let below = found.into_iter().map(id);
                    inner.extend(below.map(|row| vec![path[0].clone(), row]));
                }
            }
            if !inner.is_empty() {
                rows.push(vec![RowId::Threat(threat)]);
                rows.extend(inner);
            }
        }
        rows
    }

    fn is_branch(&self, cx: &Context<'_>, path: &Path) -> bool {
        let [only] = &path[..] else { return false };
        let Some(state) = control(cx.snapshot, Some(only)) else {
            return false;
        };
        match state.holds {
            Holds::Fails(_) => true,
            Holds::Holds => false,
            Holds::NotVisible => {
                let mut rows = cx.snapshot.rows();
                rows.any(|row| state.checks.contains(&row.check))
            }
        }
    }

    fn enter(&self, _: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        match path.last()? {
            RowId::Threat(threat) => Some(vec![Action::Go("threat", Target::Threat(*threat))]),
            row @ (RowId::Finding(_) | RowId::Unknown(..)) => Some(details(row.clone())),
            _ => None,
        }
    }

    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static> {
        match path.last() {
            Some(RowId::Threat(threat)) => head(cx, *threat),
            Some(row @ (RowId::Finding(_) | RowId::Unknown(..))) => verdict(cx, row),
            row => {
                let Some(state) = control(cx.snapshot, row) else {
                    return Drawn::default();
                };
                let (word, meaning) = word(cx, state);
                let mark = match state.holds {
                    Holds::Fails(_) if open => cx.glyphs.open,
                    Holds::Fails(_) => cx.glyphs.closed,
                    _ => " ",
                };
                Drawn::plain(vec![
                    Cell::fixed(1, Piece::new(mark, Meaning::Muted)),
                    Cell::fixed(11, Piece::new(word, meaning)),
                    Cell::grow(20, vec![Piece::new(state.control.title, Meaning::Text)]),
                ])
            }
        }
    }

    fn sheet(&self, cx: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        match path.last() {
            Some(RowId::Threat(threat)) => {
                if let Some(threat) = say::threat(*threat) {
                    sheet.text(vec![Piece::new(threat.title, Meaning::Title)]);
                    sheet.text(vec![Piece::new(threat.text, Meaning::Text)]);
                }
            }
            Some(RowId::Finding(id)) => {
                sheet.text(vec![Piece::new(
                    cx.catalogue.check_title(id.check),
                    Meaning::Title,
                )]);
                sheet.text(vec![owned(id.object.to_string(), Meaning::Text)]);
                if let Some(finding) = facts::finding(cx.snapshot, id) {
                    let severity = finding.severity;
                    sheet.text(vec![
                        Piece::new(format!("{}: ", severity.word()), say::severity(severity)),
                        owned(&*finding.why, Meaning::Text),
                    ]);
                }
            }
            row => {
                if let Some(state) = control(cx.snapshot, row) {
                    about(cx, state, &mut sheet);
                }
            }
        }
        sheet
    }

    fn node(&self, cx: &Context<'_>, path: &Path) -> Vec<RowId> {
        if let Some(row) = path.last().filter(|row| row.is_fixable()) {
            return vec![row.clone()];
        }
        let Some(state) = control(cx.snapshot, path.last()) else {
            return Vec::new();
        };
        let rows = verdicts(cx, state).into_iter().map(id);
        rows.filter(RowId::is_fixable).collect()
    }

    fn nothing(&self, cx: &Context<'_>) -> String {
        if cx.snapshot.controls.is_empty() {
            "Nothing is known yet.".to_owned()
        } else {
            "No control and no finding of one matches the filter.".to_owned()
        }
    }

    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let all = &cx.snapshot.controls;
        let fails = all.iter().filter(|c| matches!(c.holds, Holds::Fails(_)));
        let n = fails.count();
        let meaning = if n > 0 {
            Meaning::Fires
        } else {
            Meaning::Muted
        };
        let fails = counted(n, "control fails", "controls fail");
        (!all.is_empty()).then(|| (format!("{fails} of {}", all.len()), meaning))
    }
}

/// The head of a group, with how many of its controls hold.
fn head(cx: &Context<'_>, threat: ThreatId) -> Drawn<'static> {
    let title = say::threat(threat).map_or("", |t| t.title);
    let own = cx.snapshot.controls.iter().filter(|c| c.threat == threat);
    let (mut holds, mut all) = (0, 0);
    for state in own {
        all += 1;
        holds += usize::from(state.holds == Holds::Holds);
    }
    let says = if cx.is_loading() {
        "...".to_owned()
    } else {
        format!("{holds} of {all} hold")
    };
    Drawn::plain(vec![
        Cell::grow(
            16,
            vec![Piece::new(
                format!("{} {title}", threat.number()),
                Meaning::Heading,
            )],
        ),
        Cell::fixed(14, Piece::new(says, Meaning::Muted)).to_right(),
    ])
}

/// A finding or an unknown verdict below its control.
fn verdict(cx: &Context<'_>, row: &RowId) -> Drawn<'static> {
    let (check, object, word, meaning) = match row {
        RowId::Finding(id) => {
            let severity = facts::finding(cx.snapshot, id).map(|f| f.severity);
            let word = severity.map_or("gone", |s| s.word());
            let meaning = severity.map_or(Meaning::Gone, say::severity);
            (id.check, Some(&id.object), word, meaning)
        }
        RowId::Unknown(check, object) => (*check, object.as_ref(), "unknown", Meaning::Unknown),
        _ => return Drawn::default(),
    };
    let place = object.map_or_else(|| "the cluster".to_owned(), ToString::to_string);
    Drawn::plain(vec![
        Cell::fixed(3, Piece::new("", Meaning::Text)),
        Cell::fixed(9, Piece::new(word, meaning)),
        Cell::grow(12, vec![owned(place, Meaning::Text)]),
        Cell::grow(
            12,
            vec![Piece::new(cx.catalogue.check_title(check), Meaning::Muted)],
        ),
    ])
}

fn about(cx: &Context<'_>, state: &ControlState, sheet: &mut Sheet) {
    let (word, meaning) = word(cx, state);
    sheet.text(vec![Piece::new(state.control.title, Meaning::Title)]);
    sheet.text(vec![Piece::new(word, meaning)]);
    field(sheet, "asked for", state.control.seed, Meaning::Text);
    if let Some(how) = state.control.not_visible {
        field(sheet, "to see it", how, Meaning::Text);
    }
    if !state.checks.is_empty() {
        sheet.heading("decided by");
        for check in &state.checks {
            let title = cx.catalogue.check_title(check);
            sheet.hanging(4, vec![Piece::new(format!("  {title}"), Meaning::Text)]);
        }
    }
    let stories = cx.snapshot.stories.iter().filter(|s| {
        let mut steps = s.story.steps.iter();
        steps.any(|step| step.cut_by.contains(&state.control.slug))
    });
    let stories: Vec<_> = stories.collect();
    if !stories.is_empty() {
        sheet.heading("stops");
        for story in stories {
            let (word, meaning) = say::state(story.state);
            let title = cx.catalogue.story_title(story.story.id);
            let line = vec![
                Piece::new(format!("  {word:<8} "), meaning),
                Piece::new(title, Meaning::Text),
            ];
            sheet.hanging(11, line);
        }
    }
}

fn field(sheet: &mut Sheet, label: &'static str, text: &'static str, meaning: Meaning) {
    let label = Piece::new(format!("{label:<11}"), Meaning::Muted);
    sheet.hanging(11, vec![label, Piece::new(text, meaning)]);
}
