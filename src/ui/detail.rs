//! What a row means, as a text sheet: the sentence, what it rests on, what would stop it.
//!
//! One function a kind of row, each pure: the threat's pane shows it beside the tree, the `detail` pane alone.

mod control;
mod finding;
mod images;
mod inventory;
mod story;
mod threat;
mod worth;

pub use worth::Worth;

use super::canvas::owned;
use super::context::Context;
use super::row::RowId;
use super::widgets::piece::Piece;
use super::widgets::sheet::{Line, Sheet};
use crate::engine::Snapshot;
use crate::model::change::Change;
use crate::model::{Evidence, Missing};
use crate::theme::Meaning;

/// What is known of single changes: how many working story instances each ends.
pub trait Values {
    /// `None`: not known yet. The flag says that the answer is of older facts.
    fn ends(&self, change: &Change) -> Option<(usize, bool)>;
}

/// Nothing is known but what the snapshot's own cuts say.
#[derive(Debug)]
pub struct FromCuts<'a>(pub &'a Snapshot);

impl Values for FromCuts<'_> {
    fn ends(&self, change: &Change) -> Option<(usize, bool)> {
        let cuts = self.0.cuts.iter();
        cuts.filter(|cut| cut.changes == std::slice::from_ref(change))
            .map(|cut| (cut.ends.len(), false))
            .next()
    }
}

/// The sheet of a row.
pub fn sheet(cx: &Context<'_>, row: &RowId, values: &dyn Values) -> Sheet {
    let mut sheet = Sheet::new();
    match row {
        RowId::Threat(id) => threat::threat(cx, *id, &mut sheet),
        RowId::Story(id) => story::kind(cx, id, &mut sheet),
        RowId::Instance(id, actor) => story::instance(cx, id, actor, values, &mut sheet),
        RowId::Finding(id) => finding::finding(cx, id, &mut sheet),
        RowId::Unknown(check, place) => finding::unknown(cx, check, place.as_ref(), &mut sheet),
        RowId::Check(id) => finding::check(cx, id, &mut sheet),
        RowId::Control(slug) => control::control(cx, slug, &mut sheet),
        RowId::Hidden(what) => control::hidden(cx, what, &mut sheet),
        RowId::Namespace(name) => inventory::namespace(cx, name, &mut sheet),
        RowId::Object(key) => inventory::object(cx, key, &mut sheet),
        RowId::Subject(name) => inventory::subject(cx, name, &mut sheet),
        RowId::Repository(name) => images::repository(cx, name, &mut sheet),
        RowId::Tag(names) => images::tag(cx, names, &mut sheet),
        RowId::Digest(names) => images::digest(cx, names, &mut sheet),
        RowId::Section(_)
        | RowId::Change(..)
        | RowId::Cut(_)
        | RowId::Level(_)
        | RowId::Power(_)
        | RowId::Right(_)
        | RowId::Command(_)
        | RowId::Choice(_) => {}
    }
    sheet
}

/// A row in a few words, for the breadcrumb.
pub fn title(cx: &Context<'_>, row: &RowId) -> String {
    let object = |key: &crate::model::ObjectKey| match &key.namespace {
        Some(namespace) => format!("{namespace}/{}", key.name),
        None => key.name.to_string(),
    };
    match row {
        RowId::Finding(id) => object(&id.object),
        RowId::Instance(_, crate::threats::Actor::Object(key)) | RowId::Object(key) => object(key),
        RowId::Level(rung) => format!("{} to {}", object(&rung.0), rung.1.word()),
        RowId::Instance(_, crate::threats::Actor::Subject(subject)) => subject.to_string(),
        RowId::Story(id) => cx.catalogue.story_title(id).to_owned(),
        RowId::Check(id) | RowId::Unknown(id, _) => cx.catalogue.check_title(id).to_owned(),
        RowId::Control(slug) => super::facts::control(cx.snapshot, slug)
            .map_or("control", |state| state.control.title)
            .to_owned(),
        RowId::Threat(id) => super::say::threat(*id).map_or("", |t| t.title).to_owned(),
        RowId::Section(title) => (*title).to_owned(),
        RowId::Namespace(name)
        | RowId::Subject(name)
        | RowId::Repository(name)
        | RowId::Hidden(name)
        | RowId::Cut(name)
        | RowId::Choice(name) => name.to_string(),
        RowId::Tag(names) => format!("{}:{}", names.0, names.1),
        RowId::Digest(names) => format!("{}@{}", names.0, names.2),
        RowId::Right(key) => key.what.to_string(),
        RowId::Change(..) | RowId::Power(_) | RowId::Command(_) => String::new(),
    }
}

/// The row's one sentence: what a screen without room for the sheet shows of it.
pub fn sentence(cx: &Context<'_>, row: &RowId) -> Option<String> {
    match row {
        RowId::Finding(id) => super::facts::finding(cx.snapshot, id).map(|f| {
            let title = cx.catalogue.check_title(id.check);
            format!("{title}: {}", f.why)
        }),
        RowId::Instance(id, actor) => {
            super::facts::instance(cx.snapshot, id, actor).map(|i| i.says.clone())
        }
        RowId::Hidden(what) => {
            let hidden = cx.snapshot.not_visible.iter().find(|n| *n.what == **what)?;
            Some(format!("{}: {}", hidden.reason, hidden.how))
        }
        RowId::Story(id) => cx
            .catalogue
            .story(id)
            .map(|text| text.doc.what.replace('\n', " ")),
        RowId::Check(id) | RowId::Unknown(id, _) => cx
            .catalogue
            .check(id)
            .map(|text| text.doc.what.replace('\n', " ")),
        RowId::Control(slug) => super::facts::control(cx.snapshot, slug).map(|state| {
            format!(
                "{}: asked for by {}",
                state.control.title, state.control.seed
            )
        }),
        RowId::Section(_) => match cx.target {
            super::row::Target::Threat(id) => super::say::threat(*id).map(|t| t.text.to_owned()),
            _ => None,
        },
        RowId::Namespace(name) => {
            let table = cx.snapshot.spaces.get(name)?;
            let n = |n, one, many| super::since::counted(n, one, many);
            Some(format!(
                "{}: {}, {}, {}, {}",
                if name.is_empty() {
                    "cluster-wide"
                } else {
                    name
                },
                n(table.workloads.len(), "workload", "workloads"),
                n(table.pods, "pod", "pods"),
                n(table.accounts.len(), "service account", "service accounts"),
                n(table.policies.len(), "network policy", "network policies"),
            ))
        }
        RowId::Object(key) => {
            let rows = super::facts::rows_of(cx.snapshot, key);
            let mut titles: Vec<&str> = rows
                .filter(|row| row.finding().is_some())
                .map(|row| cx.catalogue.check_title(row.check))
                .collect();
            titles.dedup();
            Some(format!("{key}: {}", titles.join("; ")))
        }
        RowId::Repository(_) | RowId::Tag(_) | RowId::Digest(_) => images::sentence(cx, row),
        _ => None,
    }
}

/// The single changes of a story instance, in the order of its steps, each once.
pub fn cuts_of(cx: &Context<'_>, row: &RowId) -> Vec<Change> {
    let RowId::Instance(id, actor) = row else {
        return Vec::new();
    };
    let steps = super::facts::instance(cx.snapshot, id, actor).into_iter();
    let mut all: Vec<Change> = Vec::new();
    for cut in steps.flat_map(|i| &i.steps).flat_map(|step| &step.cuts) {
        if !all.contains(cut) {
            all.push(cut.clone());
        }
    }
    all
}

/// A line of a label and what it says.
fn field(sheet: &mut Sheet, label: &'static str, text: impl Into<String>, meaning: Meaning) {
    let label = Piece::new(format!("{label:<11}"), Meaning::Muted);
    sheet.hanging(11, vec![label, owned(text, meaning)]);
}

/// One piece of evidence: path, value, where the value is from; another object is named.
fn evidence(sheet: &mut Sheet, evidence: &Evidence, about: Option<&crate::model::ObjectKey>) {
    if about != Some(&evidence.object) {
        let name = evidence.object.to_string();
        sheet.hanging(
            4,
            vec![Piece::new("  ", Meaning::Text), owned(name, Meaning::Text)],
        );
    }
    if evidence.path.is_empty() {
        return;
    }
    let right: Line = vec![
        owned(format!("= {}", evidence.value), Meaning::YamlValue),
        Piece::new(format!("  {}", evidence.origin.word()), Meaning::Origin),
    ];
    sheet.pair(2, owned(&*evidence.path, Meaning::YamlKey), right);
}

/// Why something cannot be known, each reason once.
fn missing(sheet: &mut Sheet, missing: &[Missing]) {
    let mut said: Vec<String> = missing.iter().map(Missing::sentence).collect();
    said.sort();
    said.dedup();
    for sentence in said {
        let pieces = vec![
            Piece::new("  ", Meaning::Text),
            owned(sentence, Meaning::Unknown),
        ];
        sheet.hanging(4, pieces);
    }
}
