//! What changed a moment ago, read from the change log: signs on rows for ten seconds, and ages in words.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};

use super::row::RowId;
use crate::engine::{ChangeEntry, Snapshot};
use crate::model::{FindingId, Severity};
use crate::theme::Meaning;

/// How long a change is marked.
const MARKED: SignedDuration = SignedDuration::from_secs(10);

/// How a row changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Sign {
    /// It is there now.
    New,
    /// It became worse.
    Worse,
    /// It became better.
    Better,
    /// It is gone.
    Gone,
}

impl Sign {
    /// The sign itself: colour alone says nothing.
    pub fn mark(self) -> &'static str {
        match self {
            Sign::New => "+",
            Sign::Worse => "!",
            Sign::Better => "-",
            Sign::Gone => "x",
        }
    }

    /// Its meaning.
    pub fn meaning(self) -> Meaning {
        match self {
            Sign::New => Meaning::New,
            Sign::Worse => Meaning::Worse,
            Sign::Better => Meaning::Better,
            Sign::Gone => Meaning::Gone,
        }
    }
}

/// Signs of rows that changed within the last ten seconds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Signs {
    signs: BTreeMap<RowId, Sign>,
    /// Findings that are gone, with the severity they had.
    pub gone: Vec<(FindingId, Severity)>,
}

impl Signs {
    /// Those of a snapshot at a time.
    pub fn of(snapshot: &Snapshot, now: Timestamp) -> Signs {
        let mut all = Signs::default();
        // From old to new: what happened last to a row counts.
        for entry in recent(snapshot, now).collect::<Vec<_>>().into_iter().rev() {
            for (id, _) in &entry.diff.opened {
                all.gone.retain(|(gone, _)| gone != id);
                all.signs
                    .insert(RowId::Finding(Box::new(id.clone())), Sign::New);
            }
            for (id, severity) in &entry.diff.closed {
                all.gone.push((id.clone(), *severity));
                all.signs
                    .insert(RowId::Finding(Box::new(id.clone())), Sign::Gone);
            }
            for (id, _) in &entry.diff.lingering {
                all.signs
                    .insert(RowId::Finding(Box::new(id.clone())), Sign::Better);
            }
            for begun in &entry.diff.begun {
                let row = RowId::Instance(begun.story, begun.actor.clone());
                all.signs.insert(row, Sign::Worse);
            }
            for ended in &entry.diff.ended {
                let row = RowId::Instance(ended.story, ended.actor.clone());
                all.signs.insert(row, Sign::Better);
            }
        }
        all
    }

    /// The sign of a row.
    pub fn get(&self, row: &RowId) -> Option<Sign> {
        self.signs.get(row).copied()
    }

    /// Nothing changed.
    pub fn is_empty(&self) -> bool {
        self.signs.is_empty()
    }

    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = (&RowId, Sign)> {
        self.signs.iter().map(|(row, sign)| (row, *sign))
    }
}

fn recent(snapshot: &Snapshot, now: Timestamp) -> impl Iterator<Item = &ChangeEntry> {
    let entries = snapshot.changes.iter().map(|entry| &**entry);
    entries.take_while(move |entry| entry.at + MARKED > now)
}

/// When the next sign goes away.
pub fn next_end(snapshot: &Snapshot, now: Timestamp) -> Option<Timestamp> {
    recent(snapshot, now)
        .filter(|entry| !entry.diff.is_empty())
        .map(|entry| entry.at + MARKED)
        .min()
}

/// An age in words, by the minute: `now`, `5m`, `3h`, `2d`.
pub fn age(at: Timestamp, now: Timestamp) -> String {
    let seconds = now.as_second() - at.as_second();
    match seconds {
        ..60 => "now".to_owned(),
        60..3600 => format!("{}m", seconds / 60),
        3600..86_400 => format!("{}h", seconds / 3600),
        _ => format!("{}d", seconds / 86_400),
    }
}

/// How long the link has been lost: the first minute by ten seconds, for the age of what is on the screen matters most
/// while nobody has noticed yet; then as every age.
pub fn lost(at: Timestamp, now: Timestamp) -> String {
    match now.as_second() - at.as_second() {
        seconds @ 10..60 => format!("{}s", seconds / 10 * 10),
        _ => age(at, now),
    }
}

/// When [`lost`] says something else next, within the first minute.
pub fn next_lost(at: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let seconds = (now.as_second() - at.as_second()).max(0);
    (seconds < 60).then(|| at + SignedDuration::from_secs((seconds / 10 + 1) * 10))
}

/// A count with commas: `4,500`.
pub fn count(n: usize) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

/// `1 pod`, `12 pods`.
pub fn counted(n: usize, one: &str, many: &str) -> String {
    format!("{} {}", count(n), if n == 1 { one } else { many })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ages_and_counts_are_words() {
        let now = Timestamp::from_second(1_000_000).unwrap();
        let ago = |s| age(now - SignedDuration::from_secs(s), now);
        assert_eq!(
            [ago(3), ago(60), ago(3599), ago(7200), ago(200_000)],
            ["now", "1m", "59m", "2h", "2d"]
        );
        let lost = |s| lost(now - SignedDuration::from_secs(s), now);
        assert_eq!(
            [lost(0), lost(9), lost(10), lost(59), lost(60), lost(180)],
            ["now", "now", "10s", "50s", "1m", "3m"]
        );
        assert_eq!(
            [count(0), count(999), count(4500), count(1_234_567)],
            ["0", "999", "4,500", "1,234,567"]
        );
    }
}
