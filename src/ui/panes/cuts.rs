//! Single changes by how many working stories each ends, every value found by recomputing with the change in place.

use std::collections::BTreeSet;

use crate::engine::diff::InstanceId;
use crate::engine::{Cut, Snapshot};
use crate::theme::Meaning;
use crate::ui::canvas::{Cell, owned};
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::filter::Found;
use crate::ui::list::Drawn;
use crate::ui::listing::{Listing, Rows};
use crate::ui::pane::{PaneDef, Slot};
use crate::ui::row::{Path, RowId};
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "cuts",
    title: "cuts",
    about: "Single changes, the one that ends most stories first. Each number was found by judging everything again with the change in place.",
    slot: Slot::Main,
    bar: &[
        "open",
        "fix.one",
        "mark.toggle",
        "fix.all",
        "find.filter",
        "find.help",
        "leave",
    ],
    commands: &[],
    open: |_, _| Box::new(Listing::new(Cuts)),
};

/// Stories that are named of each kind of list.
const NAMED: usize = 200;

#[derive(Debug)]
struct Cuts;

fn cut<'a>(snapshot: &'a Snapshot, path: &Path) -> Option<&'a Cut> {
    match path.last() {
        Some(RowId::Cut(says)) => facts::cut(snapshot, says),
        _ => None,
    }
}

fn named(cx: &Context<'_>, id: &InstanceId) -> String {
    format!("{}: {}", cx.catalogue.story_title(id.story), id.actor)
}

/// Working instances that the cut leaves.
fn survivors(snapshot: &Snapshot, cut: &Cut) -> Vec<InstanceId> {
    let stories = snapshot.stories.iter();
    let working = stories.flat_map(|state| {
        let id = state.story.id;
        state.working().map(move |instance| InstanceId {
            story: id,
            actor: instance.actor.clone(),
        })
    });
    let working = working.filter(|id| !cut.ends.contains(id));
    // What is left to those whom it concerns comes first.
    let concerned = |id: &InstanceId| cut.ends.iter().any(|ended| ended.actor == id.actor);
    let (mut near, far): (Vec<_>, Vec<_>) = working.partition(concerned);
    near.extend(far);
    near
}

impl Rows for Cuts {
    fn rows(&self, cx: &Context<'_>, _: &BTreeSet<Path>) -> Vec<Path> {
        let cuts = cx.snapshot.cuts.iter().filter(|cut| {
            let found = Found {
                title: &cut.says,
                object: cut.changes.first().map(|change| &change.object),
                ..Found::default()
            };
            cx.filter.holds(&found)
        });
        cuts.map(|cut| vec![RowId::Cut(cut.says.as_str().into())])
            .collect()
    }

    fn row(&self, cx: &Context<'_>, path: &Path, _: bool) -> Drawn<'static> {
        let Some(cut) = cut(cx.snapshot, path) else {
            return Drawn::default();
        };
        let ends = format!("ends {} of {}", cut.ends.len(), cut.of);
        Drawn::plain(vec![
            Cell::fixed(14, owned(ends, Meaning::Better)),
            Cell::grow(20, vec![owned(&*cut.says, Meaning::Text)]),
        ])
    }

    fn sheet(&self, cx: &Context<'_>, path: &Path) -> Sheet {
        let mut sheet = Sheet::new();
        let Some(cut) = cut(cx.snapshot, path) else {
            return sheet;
        };
        sheet.text(vec![owned(&*cut.says, Meaning::Title)]);
        let n = counted(cut.of, "story that works", "stories that work");
        let worth = format!("ends {} of {n}", cut.ends.len());
        sheet.text(vec![owned(worth, Meaning::Better)]);
        if cut.silences > 0 {
            let silenced = counted(cut.silences, "finding", "findings");
            let says = format!("silences {silenced}");
            sheet.text(vec![owned(says, Meaning::Better)]);
        }
        sheet.text(vec![
            Piece::new("y", Meaning::Key),
            Piece::new(" shows it as YAML and copies it", Meaning::Muted),
        ]);
        if cut.changes.len() > 1 {
            sheet.heading("changes");
            for change in &cut.changes {
                let says = format!("  {}", change.says());
                sheet.hanging(4, vec![owned(says, Meaning::Text)]);
            }
        }
        sheet.heading("ends");
        list(cx, &cut.ends, Meaning::Text, &mut sheet);
        let left = survivors(cx.snapshot, cut);
        if left.is_empty() {
            sheet.heading("no story that works survives it");
        } else {
            sheet.heading("survive it");
            list(cx, &left, Meaning::Works, &mut sheet);
        }
        sheet
    }

    fn node(&self, _: &Context<'_>, path: &Path) -> Vec<RowId> {
        path.clone()
    }

    fn nothing(&self, cx: &Context<'_>) -> String {
        if cx.is_loading() {
            return format!("Still being read: {}", say::loading(cx.snapshot));
        }
        if !cx.snapshot.cuts.is_empty() {
            return "No cut matches the filter.".to_owned();
        }
        let works = cx.snapshot.stories.iter().any(|s| s.working().count() > 0);
        if works && cx.snapshot.weighing {
            "Being worked out: each change is tried on the facts.".to_owned()
        } else if works {
            "No single change that is known ends a story that works now.".to_owned()
        } else {
            "No story works now: there is nothing to cut.".to_owned()
        }
    }

    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let of = cx.snapshot.cuts.first()?.of;
        let says = counted(of, "story works", "stories work");
        Some((says, Meaning::Works))
    }
}

fn list(cx: &Context<'_>, all: &[InstanceId], meaning: Meaning, sheet: &mut Sheet) {
    for id in all.iter().take(NAMED) {
        sheet.hanging(4, vec![owned(format!("  {}", named(cx, id)), meaning)]);
    }
    if all.len() > NAMED {
        let more = format!("  and {} more", all.len() - NAMED);
        sheet.text(vec![Piece::new(more, Meaning::Muted)]);
    }
}
