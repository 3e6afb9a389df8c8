//! What is not visible: blind places with the permission to ask for, controls that no evidence decides, objects that
//! could not be read. None of these is ever counted as safe.

use std::collections::BTreeSet;

use crate::engine::Snapshot;
use crate::engine::snapshot::{NotVisible, Says};
use crate::model::{Kind, Missing};
use crate::theme::Meaning;
use crate::threats;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::{Cell, owned};
use crate::ui::command::{Command, Group};
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::filter::Found;
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows};
use crate::ui::msg::Note;
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::permission;
use crate::ui::row::{Path, RowId};
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;
use crate::ui::yaml;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "not-visible",
    title: "not visible",
    about: "What this login or the API cannot show, why, what would show it, and what would be judged then. None of it is counted as safe.",
    slot: Slot::Main,
    bar: &[
        "open",
        "not-visible.copy",
        "not-visible.copy-all",
        "find.filter",
        "move.next-part",
        "find.help",
        "leave",
    ],
    commands: &[
        Command {
            id: "not-visible.copy",
            keys: "r",
            help: "copy the permission to ask for",
            label: "copy rule",
            group: Group::Here,
            run: |_| vec![Action::Pane(PaneMsg::Own("not-visible.copy"))],
            ..Command::BASE
        },
        Command {
            id: "not-visible.copy-all",
            keys: "R",
            help: "copy all permissions to ask for",
            label: "all rules",
            group: Group::Here,
            run: |_| vec![Action::Pane(PaneMsg::Own("not-visible.copy-all"))],
            ..Command::BASE
        },
    ],
    open: |_, _| Box::new(Listing::new(Hidden)),
};

/// Titles of checks that are named; the rest is counted.
const NAMED: usize = 8;

#[derive(Debug)]
struct Hidden;

fn hidden<'a>(snapshot: &'a Snapshot, path: &Path) -> Option<&'a NotVisible> {
    let Some(RowId::Hidden(what)) = path.last() else {
        return None;
    };
    snapshot.not_visible.iter().find(|n| *n.what == **what)
}

fn why<'a>(snapshot: &'a Snapshot, path: &Path) -> Option<&'a str> {
    let Some(RowId::Object(key)) = path.last() else {
        return None;
    };
    let found = snapshot.not_assessed.iter().find(|n| n.object == *key);
    found.map(|n| &*n.why)
}

/// Verdicts that are unknown for want of this.
fn held_up(snapshot: &Snapshot, missing: &Missing) -> usize {
    let unknown = snapshot.rows().filter_map(|row| match &row.says {
        Says::Unknown(all) => Some(all),
        Says::Fires(_) => None,
    });
    unknown.filter(|all| all.contains(missing)).count()
}

/// Titles of checks and stories that depend on a kind.
fn judged_by(cx: &Context<'_>, kind: Kind) -> Vec<String> {
    let checks = threats::checks().iter().map(|e| (e.rule.id, e.rule.needs));
    let checks = checks
        .filter(|(_, needs)| needs.contains(&kind))
        .map(|(id, _)| cx.catalogue.check_title(id).to_owned());
    let stories = threats::stories().iter().map(|e| (e.rule.id, e.rule.needs));
    let stories = stories
        .filter(|(_, needs)| needs.contains(&kind))
        .map(|(id, _)| format!("story: {}", cx.catalogue.story_title(id)));
    checks.chain(stories).collect()
}

impl Rows for Hidden {
    fn rows(&self, cx: &Context<'_>, _: &BTreeSet<Path>) -> Vec<Path> {
        let holds = |title: &str, more: &str, namespace: Option<&str>| {
            cx.filter.holds(&Found {
                namespace,
                title,
                more,
                ..Found::default()
            })
        };
        let places = |inside: bool| {
            let all = cx.snapshot.not_visible.iter();
            let all = all.filter(move |n| n.missing.is_some() == inside);
            all.filter(|n| {
                let missing = n.missing.as_ref();
                let namespace = missing.and_then(|m| m.namespace.as_deref());
                holds(&n.what, &n.reason, namespace)
            })
            .map(|n| vec![RowId::Hidden(n.what.as_str().into())])
        };
        let broken = cx.snapshot.not_assessed.iter();
        let broken = broken
            .filter(|n| holds(&n.object.to_string(), &n.why, Some(n.object.home())))
            .map(|n| vec![RowId::Object(n.object.clone())]);
        // What no API tells is the same in every cluster: it comes last.
        places(true).chain(broken).chain(places(false)).collect()
    }

    fn row(&self, cx: &Context<'_>, path: &Path, _: bool) -> Drawn<'static> {
        let (what, word) = match (hidden(cx.snapshot, path), path.last()) {
            (Some(hidden), _) => {
                let word = hidden.missing.as_ref().map(|m| m.reason.word());
                (hidden.what.clone(), word.unwrap_or("outside-api"))
            }
            (None, Some(RowId::Object(key))) => (key.to_string(), "not assessed"),
            (None, _) => (String::new(), ""),
        };
        Drawn::plain(vec![
            Cell::fixed(13, Piece::new(word, Meaning::Unknown)),
            Cell::grow(20, vec![owned(what, Meaning::Text)]),
        ])
    }

    fn sheet(&self, cx: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        if let (Some(why), Some(RowId::Object(key))) = (why(cx.snapshot, path), path.last()) {
            sheet.text(vec![owned(key.to_string(), Meaning::Title)]);
            field(&mut sheet, "not judged", why, Meaning::Unknown);
            let says = "no check looked at it; what depends on it is unknown, not safe";
            sheet.text(vec![Piece::new(says, Meaning::Text)]);
            return sheet;
        }
        let Some(hidden) = hidden(cx.snapshot, path) else {
            return sheet;
        };
        sheet.text(vec![owned(&*hidden.what, Meaning::Title)]);
        field(&mut sheet, "why", &hidden.reason, Meaning::Unknown);
        field(&mut sheet, "to see it", &hidden.how, Meaning::Text);
        if let Some(missing) = &hidden.missing {
            place(cx, missing, &mut sheet);
        }
        sheet
    }

    fn own(&self, cx: &Context<'_>, path: Option<&Path>, id: &'static str) -> Vec<Action> {
        let identity = &cx.snapshot.cluster.identity;
        let all = cx.snapshot.not_visible.iter();
        let places = all.filter_map(|n| n.missing.as_ref());
        let text = if id == "not-visible.copy-all" {
            permission::recipes(places, identity)
        } else {
            path.and_then(|path| hidden(cx.snapshot, path))
                .and_then(|n| n.missing.as_ref())
                .and_then(|missing| permission::recipe(missing, identity))
        };
        let Some(text) = text else {
            return vec![Action::Note(Note::notice(
                "no permission would make this visible",
            ))];
        };
        vec![Action::Do(Effect::Copy {
            text,
            parts: vec!["permission".to_owned()],
        })]
    }

    fn nothing(&self, cx: &Context<'_>) -> String {
        if cx.snapshot.not_visible.is_empty() && cx.snapshot.not_assessed.is_empty() {
            "Everything that is looked for is visible.".to_owned()
        } else {
            "Nothing that is not visible matches the filter.".to_owned()
        }
    }

    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let blind = cx.snapshot.blind().len();
        (blind > 0).then(|| {
            (
                counted(blind, "blind place", "blind places"),
                Meaning::Unknown,
            )
        })
    }
}

/// What the place holds up, and the permission for it.
fn place(cx: &Context<'_>, missing: &Missing, sheet: &mut Sheet) {
    let n = held_up(cx.snapshot, missing);
    if n > 0 {
        let says = format!(
            "{} unknown for want of it",
            counted(n, "verdict is", "verdicts are")
        );
        field(sheet, "holds up", &says, Meaning::Number);
    }
    let titles = judged_by(cx, missing.kind);
    if !titles.is_empty() {
        sheet.heading("would be judged with it");
        for title in titles.iter().take(NAMED) {
            sheet.hanging(4, vec![owned(format!("  {title}"), Meaning::Text)]);
        }
        if titles.len() > NAMED {
            let more = format!("  and {} more", titles.len() - NAMED);
            sheet.text(vec![Piece::new(more, Meaning::Muted)]);
        }
    }
    if let Some(recipe) = permission::recipe(missing, &cx.snapshot.cluster.identity) {
        sheet.heading("ask an administrator for");
        yaml::lines(sheet, &recipe);
    }
}

fn field(sheet: &mut Sheet, label: &'static str, text: &str, meaning: Meaning) {
    let label = Piece::new(format!("{label:<11}"), Meaning::Muted);
    sheet.hanging(11, vec![label, owned(text, meaning)]);
}
