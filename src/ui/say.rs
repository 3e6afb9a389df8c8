//! Facts in a few words, as more than one pane says them.

use super::since::{count, counted};
use crate::engine::controls::Holds;
use crate::engine::standing::Word;
use crate::engine::stories::State;
use crate::engine::{ChangeEntry, Snapshot, Standing};
use crate::model::{Kind, Pods, Severity, ThreatId};
use crate::theme::Meaning;
use crate::threats::{self, Threat};

use super::catalogue::Catalogue;

/// A severity's meaning.
pub fn severity(severity: Severity) -> Meaning {
    match severity {
        Severity::Critical => Meaning::Critical,
        Severity::High => Meaning::High,
        Severity::Medium => Meaning::Medium,
        Severity::Low => Meaning::Low,
    }
}

/// A standing's meaning.
pub fn word(word: Word) -> Meaning {
    match word {
        Word::Open => Meaning::Open,
        Word::Unsure => Meaning::Unsure,
        Word::Guarded => Meaning::Guarded,
        Word::Held => Meaning::Held,
    }
}

/// A story's state in a word, and its meaning.
pub fn state(state: State) -> (&'static str, Meaning) {
    match state {
        State::Works => ("works", Meaning::Works),
        State::Unsure => ("unsure", Meaning::Unknown),
        State::Stopped => ("stopped", Meaning::Stopped),
    }
}

/// A control's meaning.
pub fn holds(holds: &Holds) -> Meaning {
    match holds {
        Holds::Holds => Meaning::Clear,
        Holds::Fails(_) => Meaning::Fires,
        Holds::NotVisible => Meaning::Unknown,
    }
}

/// A threat's own text.
pub fn threat(id: ThreatId) -> Option<&'static Threat> {
    threats::threats().into_iter().find(|t| t.id == id)
}

/// A standing as one word with its meaning: nothing is claimed while what it rests on is still being read. OPEN rests on
/// what was seen and stands at once.
pub fn standing(standing: &Standing, loading: bool) -> (&'static str, Meaning) {
    if !standing.inside {
        ("-", Meaning::Out)
    } else if loading && standing.word != Word::Open {
        ("...", Meaning::Loading)
    } else {
        (standing.word.word(), word(standing.word))
    }
}

/// How many stories work, or controls fail: `9 of 14, 1 unsure`, `6 controls fail of 19`.
pub fn tally(standing: &Standing, loading: bool) -> String {
    let Standing {
        works,
        stopped,
        unsure,
        fails,
        unknown,
        controls,
        ..
    } = standing;
    if standing.threat.is_attacker() {
        let all = works + stopped + unsure;
        match (unsure, loading) {
            (0, false) => format!("{works} of {all}"),
            (_, true) => format!("{works} of {all} so far"),
            (unsure, false) => format!("{works} of {all}, {unsure} unsure"),
        }
    } else {
        match (fails, unknown) {
            (0, 0) if !loading => format!("all {controls} controls hold"),
            (0, n) if !loading => format!("{n} not visible of {controls}"),
            (n, _) => format!(
                "{} of {controls}",
                counted(*n, "control fails", "controls fail")
            ),
        }
    }
}

/// The same where there is little room: `2 of 3`, `2 of 3, 1 ?`, `6 fail of 19`.
pub fn short_tally(standing: &Standing) -> String {
    let all = standing.works + standing.stopped + standing.unsure;
    match (standing.threat.is_attacker(), standing.unsure) {
        (true, 0) => format!("{} of {all}", standing.works),
        (true, unsure) => format!("{} of {all}, {unsure} ?", standing.works),
        (false, _) => format!("{} fail of {}", standing.fails, standing.controls),
    }
}

/// Kinds that are still being read: `pods 4,500 ...`.
pub fn loading(snapshot: &Snapshot) -> String {
    let kinds = snapshot
        .loading
        .iter()
        .map(|loading| format!("{} {} ...", loading.kind.info().plural, count(loading.seen)));
    kinds.collect::<Vec<_>>().join("  ")
}

/// A count of a kind, or how far its reading is: `412 pods`, `pods 4,500 ...`.
pub fn kind_count(snapshot: &Snapshot, kind: Kind, n: usize, one: &str, many: &str) -> String {
    match snapshot.loading.iter().find(|l| l.kind == kind) {
        Some(loading) => format!("{many} {} ...", count(loading.seen)),
        None => counted(n, one, many),
    }
}

/// Live pods of a finding: `12 pods`, `3 of 12 pods run the old template`.
pub fn pods(pods: Pods) -> Option<String> {
    match pods {
        Pods { live: 0, .. } => None,
        Pods {
            firing,
            live,
            only_live: true,
        } => Some(format!("{firing} of {live} pods, not the template")),
        Pods { live, .. } => Some(counted(live as usize, "pod", "pods")),
    }
}

/// What a change did to verdicts: `story works: ...`, `2 findings more`; empty when nothing. Stories are named by their
/// titles, or, where there is little room, by what the attacker has at the end.
pub fn consequence(
    entry: &ChangeEntry,
    catalogue: &Catalogue,
    short: bool,
) -> Vec<(String, Meaning)> {
    let mut all = Vec::new();
    let diff = &entry.diff;
    let one = |ids: &[crate::engine::diff::InstanceId]| {
        let id = ids.first()?.story;
        let goal = catalogue.story(id).filter(|_| short).map(|text| text.goal);
        Some(goal.unwrap_or_else(|| catalogue.story_title(id)).to_owned())
    };
    let more = |n: usize| {
        if n > 1 {
            format!(" and {} more", n - 1)
        } else {
            String::new()
        }
    };
    if let Some(title) = one(&diff.begun) {
        let more = more(diff.begun.len());
        all.push((format!("story works: {title}{more}"), Meaning::Worse));
    }
    if let Some(title) = one(&diff.ended) {
        let more = more(diff.ended.len());
        all.push((format!("story ended: {title}{more}"), Meaning::Better));
    }
    if !diff.opened.is_empty() {
        let n = counted(diff.opened.len(), "finding", "findings");
        all.push((format!("{n} more"), Meaning::Worse));
    }
    if !diff.closed.is_empty() {
        let n = counted(diff.closed.len(), "finding", "findings");
        all.push((format!("{n} less"), Meaning::Better));
    }
    if !diff.lingering.is_empty() {
        let n = counted(diff.lingering.len(), "finding", "findings");
        all.push((format!("{n} in old pods only"), Meaning::Better));
    }
    all
}

/// Field paths in a text by their last two names: `template.spec.containers[0].security.privileged` is
/// `security.privileged`. The whole path stands in the changes pane.
fn shorter(text: &str) -> String {
    let word = |word: &str| match word.rmatch_indices('.').nth(1) {
        Some((at, _)) if !word.contains('/') => word.get(at + 1..).unwrap_or(word).to_owned(),
        _ => word.to_owned(),
    };
    text.split(' ').map(word).collect::<Vec<_>>().join(" ")
}

/// What changed, in a few words: the first object and what about it, or the note.
pub fn change(entry: &ChangeEntry) -> String {
    let first = entry.objects.first();
    let more = match entry.objects.len() {
        0 | 1 => String::new(),
        n => format!(" and {} more", n - 1),
    };
    match (&entry.note, first) {
        (Some(note), _) => note.clone(),
        (None, Some((key, what))) => format!("{key} {}{more}", shorter(what)),
        (None, None) => "what is visible changed".to_owned(),
    }
}
