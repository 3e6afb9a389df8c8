//! Images: who runs a repository, a tag or a digest, what was asked for, what runs, and since when.
//!
//! The age of an image is in no API; the age of the oldest pod that runs it is.

use std::collections::BTreeMap;

use jiff::Timestamp;

use super::field;
use super::story::gone;
use crate::engine::images::{ImageRow, ImageRun, ImageUse, Place, Ran};
use crate::model::objects::container::List;
use crate::model::{Kind, ObjectKey, Str};
use crate::theme::Meaning;
use crate::ui::canvas::owned;
use crate::ui::context::Context;
use crate::ui::row::RowId;
use crate::ui::since::{age, count, counted};
use crate::ui::tree::content;
use crate::ui::widgets::piece::Piece;
use crate::ui::widgets::sheet::Sheet;

/// A use with its row and the runs of it that are meant.
type Use<'a> = (&'a ImageRow, &'a ImageUse, Vec<&'a ImageRun>);

pub(super) fn repository(cx: &Context<'_>, name: &str, sheet: &mut Sheet) {
    sheet.text(vec![owned(name, Meaning::Title)]);
    let uses = uses(cx, |row| *row.name == *name, |_, _| true);
    if !reach(cx, &uses, sheet) {
        return;
    }
    let mut tags: BTreeMap<&str, BTreeMap<Str, usize>> = BTreeMap::new();
    for (row, _, runs) in &uses {
        let digests = tags.entry(&row.tag).or_default();
        for run in runs {
            let (digest, _) = content(row, &run.ran);
            *digests.entry(digest).or_default() += run.pods;
        }
    }
    sheet.heading("tags, and what runs under them");
    for (tag, digests) in tags {
        let tag = if tag.is_empty() { "no tag" } else { tag };
        let loud = if digests.len() > 1 {
            Meaning::Fires
        } else {
            Meaning::Text
        };
        sheet.text(vec![owned(format!("  {tag}"), loud)]);
        for (digest, pods) in digests {
            what_runs(&digest, pods, sheet);
        }
    }
    used_by(cx, &uses, sheet);
}

pub(super) fn tag(cx: &Context<'_>, names: &(Str, Str), sheet: &mut Sheet) {
    let (name, tag) = names;
    sheet.text(vec![owned(written(name, tag), Meaning::Title)]);
    let of = |row: &ImageRow| row.name == *name && row.tag == *tag;
    let uses = uses(cx, of, |_, _| true);
    if !reach(cx, &uses, sheet) {
        return;
    }
    if uses.iter().any(|(row, ..)| row.moves) {
        let text = "this tag moves: it names another image after each push";
        sheet.blank();
        sheet.text(vec![Piece::new(text, Meaning::Fires)]);
    }
    let mut digests: BTreeMap<Str, usize> = BTreeMap::new();
    let mut drift: BTreeMap<&Str, usize> = BTreeMap::new();
    for (row, _, runs) in &uses {
        for run in runs {
            *digests.entry(content(row, &run.ran).0).or_default() += run.pods;
            if let (Ran::Digest(digest), None) = (&run.ran, &row.pin) {
                *drift.entry(digest).or_default() += run.pods;
            }
        }
    }
    sheet.heading("what runs");
    for (digest, pods) in digests {
        what_runs(&digest, pods, sheet);
    }
    if drift.len() > 1 {
        let text = match cx.snapshot.runtimes {
            1 => "the tag was pushed again between two starts: these pods run different images",
            0 => "nodes are not visible: two kinds of runtime may name one image by two digests",
            _ => "nodes run more than one kind of runtime, which may name one image by two digests",
        };
        sheet.text(vec![Piece::new(text, Meaning::Fires)]);
    }
    used_by(cx, &uses, sheet);
}

pub(super) fn digest(cx: &Context<'_>, names: &(Str, Str, Str), sheet: &mut Sheet) {
    let (name, tag, digest) = names;
    let title = if digest.is_empty() {
        written(name, tag)
    } else {
        format!("{}@{digest}", written(name, tag))
    };
    sheet.text(vec![owned(title, Meaning::Title)]);
    let of = |row: &ImageRow| row.name == *name && row.tag == *tag;
    let same = |row: &ImageRow, ran: &Ran| content(row, ran).0 == *digest;
    let uses = uses(cx, of, same);
    if !reach(cx, &uses, sheet) {
        return;
    }
    let ran = uses
        .iter()
        .flat_map(|(_, _, runs)| runs)
        .map(|run| &run.ran);
    let mut notes: Vec<&str> = ran.filter_map(note).collect();
    if uses.iter().any(|(row, ..)| row.pin.is_some()) {
        notes.push("pinned: the runtime refuses any other content under this name");
    }
    notes.sort_unstable();
    notes.dedup();
    for text in notes {
        sheet.blank();
        sheet.text(vec![Piece::new(text, Meaning::Text)]);
    }
    used_by(cx, &uses, sheet);
}

fn note(ran: &Ran) -> Option<&'static str> {
    match ran {
        Ran::Local(_) => Some(
            "a bare id: built or loaded on the node. No registry is named, so nothing in the cluster tells where it comes from",
        ),
        Ran::Elsewhere(_) => Some(
            "the node has the same content under another repository's name, and reports that one",
        ),
        Ran::Digest(_) | Ran::Nothing => None,
    }
}

fn written(name: &str, tag: &str) -> String {
    if tag.is_empty() {
        name.to_owned()
    } else {
        format!("{name}:{tag}")
    }
}

/// What a workload asks for, container by container, and what its pods run.
pub(super) fn of_workload(cx: &Context<'_>, key: &ObjectKey, sheet: &mut Sheet) {
    let rows = cx.snapshot.spaces.get(key.home());
    let mut label = "images";
    for row in rows.into_iter().flat_map(|table| &table.images) {
        let mut named = false;
        for use_ in row.uses.iter().filter(|u| u.workload == *key) {
            if !named {
                field(sheet, label, &*row.image, Meaning::Text);
                (named, label) = (true, "");
            }
            let only = if is_pods_only(use_) {
                "; not in the template"
            } else {
                ""
            };
            let says = format!(
                "{} {}, pulled {} ({}){only}",
                use_.place.word(),
                use_.name,
                use_.pull.word(),
                use_.origin.word()
            );
            field(sheet, "", says, Meaning::Muted);
            for run in &use_.runs {
                field(sheet, "", runs(cx, run), Meaning::Muted);
            }
        }
    }
}

/// `3 pods run sha256:..., the oldest for 23 days`.
fn runs(cx: &Context<'_>, run: &ImageRun) -> String {
    let pods = counted(run.pods, "pod runs", "pods run");
    let what = match &run.ran {
        Ran::Digest(text) | Ran::Elsewhere(text) | Ran::Local(text) => &**text,
        Ran::Nothing => "what is not reported",
    };
    let at = run.oldest.and_then(|at| Timestamp::from_second(at).ok());
    at.map_or_else(
        || format!("{pods} {what}"),
        |at| format!("{pods} {what}, the oldest for {}", long(&age(at, cx.now))),
    )
}

/// Only live pods use it: an older revision, an injected or an ephemeral container.
fn is_pods_only(use_: &ImageUse) -> bool {
    !use_.template && use_.workload.known() != Some(Kind::Pod)
}

/// How far a row of the images reaches, in a sentence.
pub(super) fn sentence(cx: &Context<'_>, row: &RowId) -> Option<String> {
    let uses = match row {
        RowId::Repository(name) => uses(cx, |row| row.name == *name, |_, _| true),
        RowId::Tag(names) => uses(
            cx,
            |row| row.name == names.0 && row.tag == names.1,
            |_, _| true,
        ),
        RowId::Digest(names) => uses(
            cx,
            |row| row.name == names.0 && row.tag == names.1,
            |row, ran| content(row, ran).0 == names.2,
        ),
        _ => return None,
    };
    let mut keys: Vec<&ObjectKey> = uses.iter().map(|(_, u, _)| &u.workload).collect();
    keys.sort();
    keys.dedup();
    let mut homes: Vec<&str> = keys.iter().map(|key| key.home()).collect();
    homes.dedup();
    let first: Vec<String> = keys.iter().take(3).map(ToString::to_string).collect();
    let more = if keys.len() > first.len() {
        format!(" and {} more", count(keys.len() - first.len()))
    } else {
        String::new()
    };
    Some(format!(
        "{} in {}: {}{more}; the oldest pod has run {}",
        counted(keys.len(), "workload", "workloads"),
        counted(homes.len(), "namespace", "namespaces"),
        first.join(", "),
        oldest(cx, &uses).unwrap_or_else(|| "for a time that is not visible".to_owned()),
    ))
}

/// How long the oldest pod has run.
fn oldest(cx: &Context<'_>, uses: &[Use<'_>]) -> Option<String> {
    let runs = uses.iter().flat_map(|(_, _, runs)| runs);
    let at = runs.filter_map(|run| run.oldest).min()?;
    Some(long(&age(Timestamp::from_second(at).ok()?, cx.now)))
}

/// Uses of the rows that are meant, with the runs that are; uses of which nothing runs stand for themselves.
fn uses<'a>(
    cx: &'a Context<'_>,
    of: impl Fn(&ImageRow) -> bool,
    same: impl Fn(&ImageRow, &Ran) -> bool,
) -> Vec<Use<'a>> {
    let rows = cx.snapshot.spaces.values().flat_map(|table| &table.images);
    let mut all = Vec::new();
    for row in rows.filter(|row| of(row)) {
        for use_ in &row.uses {
            let runs: Vec<&ImageRun> = use_.runs.iter().filter(|run| same(row, &run.ran)).collect();
            let idle = use_.runs.is_empty() && same(row, &Ran::Nothing);
            if idle || !runs.is_empty() {
                all.push((row, use_, runs));
            }
        }
    }
    all
}

/// How far it reaches and since when it runs; false when it is gone.
fn reach(cx: &Context<'_>, uses: &[Use<'_>], sheet: &mut Sheet) -> bool {
    if uses.is_empty() {
        gone(sheet, "Nothing asks for it any more.");
        return false;
    }
    sheet.blank();
    let mut homes: Vec<&str> = uses.iter().map(|(_, u, _)| u.workload.home()).collect();
    homes.dedup();
    let mut pods: BTreeMap<&ObjectKey, usize> = BTreeMap::new();
    for (_, use_, runs) in uses {
        let own: usize = runs.iter().map(|run| run.pods).sum();
        let slot = pods.entry(&use_.workload).or_default();
        *slot = (*slot).max(own);
    }
    field(sheet, "namespaces", homes.join(" "), Meaning::Text);
    field(sheet, "workloads", count(pods.len()), Meaning::Number);
    field(sheet, "pods", count(pods.values().sum()), Meaning::Number);
    let mut policies: Vec<String> = uses
        .iter()
        .map(|(_, u, _)| format!("{} ({})", u.pull.word(), u.origin.word()))
        .collect();
    policies.sort_unstable();
    policies.dedup();
    field(sheet, "pulled", policies.join(", "), Meaning::Text);
    let mut secrets: Vec<&str> = uses
        .iter()
        .flat_map(|(_, u, _)| &u.secrets)
        .map(|name| &**name)
        .collect();
    secrets.sort_unstable();
    secrets.dedup();
    let secrets = if secrets.is_empty() {
        "no pull secret in its pods".to_owned()
    } else {
        format!("pull secret {}", secrets.join(", "))
    };
    field(sheet, "", secrets, Meaning::Text);
    let says = oldest(cx, uses).map_or_else(
        || "not visible".to_owned(),
        |time| format!("not visible; the oldest pod has run {time}"),
    );
    field(sheet, "image age", says, Meaning::Unknown);
    true
}

/// `212 days` for `212d`.
fn long(age: &str) -> String {
    match age.strip_suffix('d') {
        Some("1") => "1 day".to_owned(),
        Some(days) => format!("{days} days"),
        None => age.replace("now", "under a minute"),
    }
}

fn what_runs(digest: &str, pods: usize, sheet: &mut Sheet) {
    let text = if digest.is_empty() {
        "nothing is reported"
    } else {
        digest
    };
    let right = vec![owned(counted(pods, "pod", "pods"), Meaning::Number)];
    sheet.row(4, owned(text, Meaning::Text), right);
}

/// Who runs it: workload, container, what it asks for, what its pods run where that says more.
fn used_by(cx: &Context<'_>, uses: &[Use<'_>], sheet: &mut Sheet) {
    sheet.heading("used by");
    let mut last = None;
    for (row, use_, runs) in uses {
        if last != Some(&use_.workload) {
            last = Some(&use_.workload);
            let pods = runs.iter().map(|run| run.pods).sum();
            let right = vec![owned(counted(pods, "pod", "pods"), Meaning::Number)];
            sheet.row(2, owned(use_.workload.to_string(), Meaning::Text), right);
        }
        let mut asks = format!(
            "    {} {} asks for {}",
            use_.place.word(),
            use_.name,
            row.image
        );
        if use_.place == Place::Container(List::Regular) && use_.name == use_.workload.name {
            asks = format!("    asks for {}", row.image);
        }
        if is_pods_only(use_) {
            asks.push_str(", in live pods only: the template does not");
        }
        sheet.hanging(6, vec![owned(asks, Meaning::Muted)]);
        for run in runs.iter().filter(|run| run.ran != Ran::Nothing) {
            let text = format!("    {}", self::runs(cx, run));
            sheet.hanging(6, vec![owned(text, Meaning::Muted)]);
        }
    }
}
