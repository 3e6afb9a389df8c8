//! From stories and controls to words: the standing of each group.

use super::controls::{ControlState, Holds};
use super::evaluation::check_rules;
use super::stories::{State, StoryState};
use super::tally::{Count, Tally};
use crate::model::ThreatId;
use crate::threats;

/// A group's standing, in words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Standing {
    /// The group.
    pub threat: ThreatId,
    /// In the person's model.
    pub inside: bool,
    /// OPEN, UNSURE, GUARDED, HELD, or `...` while loading.
    pub word: Word,
    /// Story kinds that work.
    pub works: usize,
    /// Story kinds that are stopped.
    pub stopped: usize,
    /// Story kinds that cannot be known.
    pub unsure: usize,
    /// Working instances.
    pub instances: usize,
    /// Controls that fail.
    pub fails: usize,
    /// Controls that are not visible.
    pub unknown: usize,
    /// Controls in all.
    pub controls: usize,
    /// Its loudest live fact, in a sentence.
    pub line: String,
}

/// A standing's word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Word {
    /// All stopped by two or more controls each.
    Held,
    /// All stopped, somewhere by a single control.
    Guarded,
    /// None works as far as can be seen.
    Unsure,
    /// Something works, or a control fails.
    Open,
}

impl Word {
    /// As the screen writes it.
    pub fn word(self) -> &'static str {
        match self {
            Word::Open => "OPEN",
            Word::Unsure => "UNSURE",
            Word::Guarded => "GUARDED",
            Word::Held => "HELD",
        }
    }
}

/// The five standings.
pub(super) fn standings(
    stories: &[StoryState],
    controls: &[ControlState],
    tally: &Tally,
) -> Vec<Standing> {
    ThreatId::ALL
        .into_iter()
        .map(|threat| standing(threat, stories, controls, tally))
        .collect()
}

fn standing(
    threat: ThreatId,
    stories: &[StoryState],
    controls: &[ControlState],
    tally: &Tally,
) -> Standing {
    let own: Vec<&StoryState> = stories
        .iter()
        .filter(|s| s.story.threat == threat)
        .collect();
    let count = |state| own.iter().filter(|s| s.state == state).count();
    let (works, unsure, stopped) = (
        count(State::Works),
        count(State::Unsure),
        count(State::Stopped),
    );
    let mine: Vec<&ControlState> = controls.iter().filter(|c| c.threat == threat).collect();
    let fails = mine
        .iter()
        .filter(|c| matches!(c.holds, Holds::Fails(_)))
        .count();
    let unknown = mine.iter().filter(|c| c.holds == Holds::NotVisible).count();
    let word = if threat.is_attacker() {
        match (works, unsure) {
            (1.., _) => Word::Open,
            (0, 1..) => Word::Unsure,
            // held by how many controls shows only to who sees everything
            (0, 0) if own.iter().any(|s| s.hidden) => Word::Unsure,
            (0, 0) if own.iter().any(|s| s.is_thin()) => Word::Guarded,
            (0, 0) => Word::Held,
        }
    } else {
        match (fails, unknown) {
            (1.., _) => Word::Open,
            (0, 1..) => Word::Unsure,
            (0, 0) => Word::Held,
        }
    };
    let instances = own.iter().map(|s| s.working().count()).sum();
    let line = line(threat, &own, &mine, tally);
    Standing {
        threat,
        inside: true,
        word,
        works,
        stopped,
        unsure,
        instances,
        fails,
        unknown,
        controls: mine.len(),
        line,
    }
}

/// The loudest live fact of a group.
fn line(
    threat: ThreatId,
    stories: &[&StoryState],
    controls: &[&ControlState],
    tally: &Tally,
) -> String {
    let loudest = stories
        .iter()
        .filter(|s| s.state == State::Works)
        .max_by_key(|s| s.working().count());
    if let Some(says) = loudest
        .and_then(|s| s.working().next())
        .map(|i| i.says.clone())
    {
        let more = loudest.map_or(0, |s| s.working().count()).saturating_sub(1);
        return if more > 0 {
            format!("{} (and {more} more)", says.trim_end_matches('.'))
        } else {
            says
        };
    }
    if let Some(title) = loudest_check(threat, tally) {
        return title;
    }
    let hidden: Vec<&str> = controls
        .iter()
        .filter(|c| c.holds == Holds::NotVisible)
        .map(|c| c.control.title)
        .take(2)
        .collect();
    if hidden.is_empty() {
        "nothing found, nothing hidden".to_owned()
    } else {
        format!("not visible: {}", hidden.join("; "))
    }
}

/// The check of a group that matters most: worst severity, then most findings.
fn loudest_check(threat: ThreatId, tally: &Tally) -> Option<String> {
    let own = check_rules().filter(|(_, check)| check.home() == threat);
    let firing = own.filter_map(|(at, check)| {
        let count = tally.of(at).filter(|count| count.fires > 0)?;
        Some((check.id, count))
    });
    // of equals the last by id: the order in which checks are shown must not depend on their files
    let loudest = firing.max_by_key(|(id, count)| (count.worst, count.fires, *id));
    let (
        id,
        Count {
            fires, homes, home, ..
        },
    ) = loudest?;
    let title = threats::check(id)?.doc.title;
    let home = home.as_deref().unwrap_or_default();
    Some(match (homes, home) {
        (1, "") => format!("{title}: {fires} in the cluster"),
        (1, home) => format!("{title}: {fires} in {home}"),
        (n, _) => format!("{title}: {fires} in {n} namespaces"),
    })
}
