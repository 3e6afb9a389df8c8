//! What was taken in is judged: at once, or first what is near and later what asks the graph of ways.
//!
//! The graph takes tens of milliseconds in a large cluster, everything else less than one for a changed object. So the thread
//! of the engine judges what is near, publishes, and lets the ways follow. What follows is judged from the world as it was
//! when the ways were last true: nothing in between is lost (a property test holds that both come to the same).

use jiff::Timestamp;

use super::changelog::ChangeEntry;
use super::describe::describe;
use super::diff::Diff;
use super::evaluation::{Part, is_status};
use super::state::{Engine, spaces};
use super::touch::{Touch, merged};
use crate::model::{Kind, ObjectKey, Str};
use crate::view::World;

/// Objects of one batch that the change log describes at most.
const DESCRIBED: usize = 20;

/// What was taken into the world and not judged yet.
#[derive(Debug)]
pub(super) struct Pending {
    /// The world that the verdicts are true of.
    pub(super) before: World,
    pub(super) touched: Vec<Touch>,
    pub(super) note: Option<String>,
    /// Everything had been listed before.
    pub(super) settled: bool,
}

impl Engine {
    /// Judges everything that was taken in since the last time.
    pub fn settle(&mut self, now: Timestamp) {
        if self.late.is_some() {
            self.settle_near(now);
            self.settle_ways(now);
        } else {
            self.settle_part(Part::Everything, now);
        }
    }

    /// The same without what asks the graph of ways: that is late then.
    pub fn settle_near(&mut self, now: Timestamp) {
        self.settle_part(Part::Near, now);
    }

    fn settle_part(&mut self, part: Part, now: Timestamp) {
        let Some(pending) = self.pending.take() else {
            return;
        };
        if !pending.touched.is_empty() {
            let pending = Pending {
                touched: merged(pending.touched),
                ..pending
            };
            if part == Part::Near {
                self.wait_for_ways(&pending);
            }
            self.update(pending, part, now);
        } else if pending.note.is_some() {
            self.changelog.push(ChangeEntry {
                at: now,
                objects: Vec::new(),
                note: pending.note,
                diff: Diff::default(),
            });
        }
    }

    /// What asks the graph of ways does not know of everything yet.
    pub fn has_late_ways(&self) -> bool {
        self.late.is_some()
    }

    /// Judges what is late by the graph of ways.
    pub fn settle_ways(&mut self, now: Timestamp) {
        if let Some(late) = self.late.take() {
            let late = Pending {
                touched: merged(late.touched),
                ..late
            };
            self.update(late, Part::Ways, now);
        }
    }

    /// Remembers what the graph of ways can feel.
    fn wait_for_ways(&mut self, pending: &Pending) {
        // Then everything runs at once.
        if pending
            .touched
            .iter()
            .any(|touch| matches!(touch, Touch::Everything))
        {
            self.late = None;
            return;
        }
        let felt: Vec<Touch> = pending
            .touched
            .iter()
            .filter(|touch| !is_status(touch))
            .cloned()
            .collect();
        if felt.is_empty() {
            return;
        }
        let late = self.late.get_or_insert_with(|| Pending {
            before: pending.before.clone(),
            touched: Vec::new(),
            note: None,
            settled: true,
        });
        late.settled &= pending.settled;
        late.touched.extend(felt);
    }

    fn update(&mut self, pending: Pending, part: Part, now: Timestamp) {
        let Pending {
            before,
            touched,
            note,
            settled,
        } = pending;
        let changed = self
            .evaluation
            .update_part(&before, &self.world, &touched, part);
        let mut stale = changed.spaces();
        self.stories_are_stale |= !changed.stories.is_empty();
        for touch in &touched {
            match touch {
                Touch::Object { key, .. } => {
                    let namespace = key.namespace.clone().unwrap_or_else(|| Str::from(""));
                    if key.known() == Some(Kind::Namespace) {
                        stale.insert(key.name.clone());
                    }
                    stale.insert(namespace);
                }
                Touch::Sight(..) | Touch::Everything => {
                    self.stories_are_stale = true;
                    stale.extend(spaces(&self.world));
                    stale.extend(self.tables.keys().cloned());
                }
            }
        }
        self.stale_tables.extend(stale);
        let diff = Diff::of(&changed);
        self.cuts_are_stale |= !diff.begun.is_empty() || !diff.ended.is_empty() || !settled;
        if settled {
            diff.opened
                .iter()
                .for_each(|(id, _)| self.since.open(id, now));
            diff.closed.iter().for_each(|(id, _)| self.since.close(id));
            if !diff.is_empty() || note.is_some() {
                let entry = ChangeEntry {
                    at: now,
                    objects: described(&touched, &diff),
                    note,
                    diff,
                };
                match part {
                    Part::Ways => self.changelog.follow(entry),
                    Part::Near | Part::Everything => self.changelog.push(entry),
                }
            }
        }
    }
}

/// What changed, the most telling first: objects that the difference names, and last what only follows others.
fn described(touched: &[Touch], diff: &Diff) -> Vec<(ObjectKey, String)> {
    let objects = touched.iter().filter_map(|touch| match touch {
        Touch::Object { key, old, new } => Some((key, old, new)),
        Touch::Sight(..) | Touch::Everything => None,
    });
    let mut objects: Vec<_> = objects.collect();
    objects.sort_by_key(|(key, ..)| match key.known() {
        _ if diff.names(key) => 0,
        Some(Kind::EndpointSlice) => 2,
        _ => 1,
    });
    let objects = objects.into_iter().take(DESCRIBED);
    objects
        .map(|(key, old, new)| (key.clone(), describe(old.as_deref(), new.as_deref())))
        .collect()
}
