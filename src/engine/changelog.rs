//! The change log: what changed, and which verdicts and stories it opened or closed.

use std::collections::VecDeque;
use std::sync::Arc;

use jiff::{SignedDuration, Timestamp};

use super::diff::Diff;
use crate::model::ObjectKey;

/// Entries kept; older ones fall off.
const KEPT: usize = 500;

/// What follows from a change is told within this time: the graph of a large cluster takes seconds. An older entry that reads
/// the same is of another change.
const FOLLOWS: SignedDuration = SignedDuration::from_secs(60);

/// One entry.
#[derive(Clone, Debug, PartialEq)]
pub struct ChangeEntry {
    /// When the batch was applied.
    pub at: Timestamp,
    /// What changed: the objects of the batch, each with a few words.
    pub objects: Vec<(ObjectKey, String)>,
    /// A note of the source.
    pub note: Option<String>,
    /// What it opened and closed.
    pub diff: Diff,
}

/// The log, newest first.
#[derive(Debug, Default)]
pub struct Changelog {
    entries: VecDeque<Arc<ChangeEntry>>,
}

impl Changelog {
    /// Adds an entry.
    pub fn push(&mut self, entry: ChangeEntry) {
        self.entries.push_front(Arc::new(entry));
        self.entries.truncate(KEPT);
    }

    /// Adds what followed later from something that was taken in before: to the entry that tells of it, where one does.
    pub(super) fn follow(&mut self, entry: ChangeEntry) {
        let told = |old: &Arc<ChangeEntry>| {
            let mut objects = entry.objects.iter();
            entry.note.is_none()
                && entry.at.duration_since(old.at) <= FOLLOWS
                && objects.any(|object| old.objects.contains(object))
        };
        let Some(old) = self.entries.iter_mut().find(|old| told(old)) else {
            self.push(entry);
            return;
        };
        let old = Arc::make_mut(old);
        for object in entry.objects {
            if !old.objects.contains(&object) {
                old.objects.push(object);
            }
        }
        old.diff.extend(entry.diff);
    }

    /// The entries, newest first.
    pub fn entries(&self) -> Arc<[Arc<ChangeEntry>]> {
        self.entries.iter().cloned().collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::diff::InstanceId;
    use crate::model::Kind;
    use crate::threats::Actor;

    fn entry(at: i64, name: &str, says: &str, note: Option<&str>) -> ChangeEntry {
        let key = ObjectKey::namespaced(Kind::Deployment, "shop", name);
        ChangeEntry {
            at: Timestamp::from_second(at).unwrap(),
            objects: vec![(key, says.to_owned())],
            note: note.map(str::to_owned),
            diff: Diff::default(),
        }
    }

    fn begun(name: &str) -> Diff {
        let actor = Actor::Object(ObjectKey::namespaced(Kind::Deployment, "shop", name));
        Diff {
            begun: vec![InstanceId {
                story: "story",
                actor,
            }],
            ..Diff::default()
        }
    }

    #[test]
    fn what_follows_a_change_stands_in_its_entry() {
        let mut log = Changelog::default();
        log.push(entry(1, "cart", "new", Some("somebody installs it")));
        log.push(entry(2, "web", "new", None));
        log.follow(ChangeEntry {
            diff: begun("cart"),
            ..entry(3, "cart", "new", None)
        });
        let entries = log.entries();
        assert_eq!(entries.len(), 2);
        assert_eq!(entries[1].note.as_deref(), Some("somebody installs it"));
        assert_eq!(entries[1].diff, begun("cart"));
        assert_eq!(entries[1].at.as_second(), 1);
        assert!(entries[0].diff.is_empty());
    }

    #[test]
    fn what_no_entry_tells_of_has_one_of_its_own() {
        let mut log = Changelog::default();
        log.push(entry(1, "cart", "new", None));
        log.follow(ChangeEntry {
            diff: begun("web"),
            ..entry(3, "web", "gone", None)
        });
        assert_eq!(log.entries().len(), 2);
        // The same words an hour ago told of another change.
        log.follow(ChangeEntry {
            diff: begun("cart"),
            ..entry(3600, "cart", "new", None)
        });
        assert_eq!(log.entries().len(), 3);
    }
}
