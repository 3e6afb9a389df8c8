//! The engine itself: world, evaluation, tables, log; one method for each thing that can happen.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use jiff::Timestamp;

use super::changelog::Changelog;
use super::controls::controls;
use super::cuts::{Cut, Search};
use super::evaluation::Evaluation;
use super::images::runtimes;
use super::network::LiveNetwork;
use super::not_visible::not_visible;
use super::settle::Pending;
use super::since::Since;
use super::snapshot::{Loading, NotAssessed, Snapshot, SpaceTable};
use super::standing::standings;
use super::store;
use super::stories::{StoryState, stories};
use super::table::table;
use super::tally::Tally;
use crate::model::{Batch, Delta, Kind, Missing, ObjectKey, Reason, Str};
use crate::view::World;

/// What came of a step of slow work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Thought {
    /// Nothing is left to do, and nothing new to show.
    Nothing,
    /// There is more to do.
    More,
    /// Done, and there is something new to show.
    News,
}

/// The engine.
#[derive(Debug)]
pub struct Engine {
    pub(super) world: World,
    pub(super) pending: Option<Pending>,
    /// What was judged but by the graph of ways.
    pub(super) late: Option<Pending>,
    pub(super) evaluation: Evaluation,
    loading: BTreeMap<Kind, usize>,
    pub(super) since: Since,
    pub(super) changelog: Changelog,
    pub(super) tables: BTreeMap<Str, Arc<SpaceTable>>,
    tallies: BTreeMap<Str, Tally>,
    pub(super) stale_tables: BTreeSet<Str>,
    stories: Arc<[StoryState]>,
    pub(super) stories_are_stale: bool,
    cuts: Arc<[Cut]>,
    pub(super) cuts_are_stale: bool,
    search: Option<Search>,
    /// The last snapshot said that cuts are being weighed.
    said_weighing: bool,
    pub(super) network: LiveNetwork,
    generation: u64,
}

impl Default for Engine {
    /// An engine that knows nothing yet: every kind is loading.
    fn default() -> Self {
        Engine::of(World::default())
    }
}

impl Engine {
    /// An engine that already knows this world: for one look, and for tests.
    pub fn of(world: World) -> Engine {
        let evaluation = Evaluation::fresh(&world);
        let stale_tables = spaces(&world);
        Engine {
            world,
            pending: None,
            late: None,
            evaluation,
            loading: BTreeMap::new(),
            since: Since::default(),
            changelog: Changelog::default(),
            tables: BTreeMap::new(),
            tallies: BTreeMap::new(),
            stale_tables,
            stories: Arc::from([]),
            stories_are_stale: true,
            cuts: Arc::from([]),
            cuts_are_stale: true,
            search: None,
            said_weighing: false,
            network: LiveNetwork::default(),
            generation: 0,
        }
    }

    /// The world as it is.
    pub fn world(&self) -> &World {
        &self.world
    }

    /// The verdicts as they are.
    pub fn evaluation(&self) -> &Evaluation {
        &self.evaluation
    }

    /// Number of the last publication.
    pub fn generation(&self) -> u64 {
        self.generation
    }

    /// Applies a batch and judges what it touched. False: nothing to show came of it.
    pub fn apply(&mut self, batch: Batch, now: Timestamp) -> bool {
        let news = self.absorb(batch);
        self.settle(now);
        news
    }

    /// Takes a batch into the world; verdicts follow with [`Engine::settle`], once for many batches. False: nothing to
    /// show will come of it.
    pub fn absorb(&mut self, batch: Batch) -> bool {
        if batch.is_empty() {
            return false;
        }
        let mut pending = self.pending.take().unwrap_or_else(|| Pending {
            before: self.world.clone(),
            touched: Vec::new(),
            note: None,
            settled: !self.is_loading(),
        });
        let known = pending.touched.len();
        let mut news = false;
        for delta in batch {
            match &delta {
                Delta::Loading { kind, seen } => {
                    self.loading.insert(*kind, *seen);
                    news = true;
                }
                Delta::Note(text) => {
                    pending.note = Some(text.clone());
                    news = true;
                }
                Delta::Reset => {
                    self.reset();
                    // what follows is the first sight of another cluster, not a change
                    pending.settled = false;
                    news = true;
                }
                Delta::Cluster(_) | Delta::State { .. } | Delta::Broken { .. } => news = true,
                Delta::Put(_) | Delta::Gone(_) | Delta::Listed { .. } => {}
            }
            store::apply(&mut self.world, delta, &mut pending.touched);
        }
        news |= pending.touched.len() > known;
        for touch in pending.touched.get(known..).into_iter().flatten() {
            self.network.hear(touch);
        }
        let something = pending.note.is_some() || !pending.touched.is_empty();
        self.pending = something.then_some(pending);
        news
    }

    /// Another cluster: only the count of publications goes on.
    fn reset(&mut self) {
        *self = Engine {
            generation: self.generation,
            ..Engine::default()
        };
    }

    /// True while the first list of any kind is not complete.
    pub fn is_loading(&self) -> bool {
        Kind::all().any(|kind| self.loads(kind))
    }

    /// True once the first lists of all kinds but those of many or large objects are complete.
    pub fn has_small_kinds(&self) -> bool {
        !Kind::all().any(|kind| !kind.info().big && self.loads(kind))
    }

    fn loads(&self, kind: Kind) -> bool {
        let sight = self.world.sight();
        let loading = |missing: crate::model::Missing| missing.reason == Reason::Loading;
        sight.blind(kind, None).is_some_and(loading)
            || sight
                .narrow(kind)
                .any(|(_, s)| *s == crate::model::sight::State::Blind(Reason::Loading))
    }

    /// One step of the slow work between publications (the value of cuts).
    pub fn think(&mut self) -> Thought {
        if self.is_loading() {
            return Thought::Nothing;
        }
        if std::mem::take(&mut self.cuts_are_stale) {
            self.search = Some(Search::new(&self.stories()));
        }
        let Some(mut search) = self.search.take() else {
            return Thought::Nothing;
        };
        if search.step(|changes| self.what_if(changes).0) {
            self.search = Some(search);
            return Thought::More;
        }
        let new: Arc<[Cut]> = search.ranked().into();
        let differs = *new != *self.cuts;
        self.cuts = new;
        if differs || self.said_weighing {
            Thought::News
        } else {
            Thought::Nothing
        }
    }

    /// Every story's state.
    pub(super) fn stories(&self) -> Arc<[StoryState]> {
        if self.stories_are_stale {
            stories(&self.world, &self.evaluation)
        } else {
            self.stories.clone()
        }
    }

    /// Publishes the world as it is. Tables of namespaces that did not change are shared with the last snapshot.
    pub fn publish(&mut self) -> Arc<Snapshot> {
        self.generation += 1;
        for namespace in std::mem::take(&mut self.stale_tables) {
            let gone = self.world.space(&namespace).is_none()
                && self
                    .world
                    .get(&ObjectKey::of_namespace(&namespace))
                    .is_none()
                && !namespace.is_empty();
            if gone {
                self.tables.remove(&namespace);
                self.tallies.remove(&namespace);
            } else {
                let (table, tally) = table(&self.world, &self.evaluation, &self.since, &namespace);
                self.tallies.insert(namespace.clone(), tally);
                self.tables.insert(namespace, Arc::new(table));
            }
        }
        self.stories = self.stories();
        self.stories_are_stale = false;
        let stories = self.stories.clone();
        let tally = Tally::sum(self.tallies.values());
        let controls = controls(&tally);
        let standing = standings(&stories, &controls, &tally);
        self.said_weighing = self.cuts_are_stale || self.search.is_some();
        Arc::new(Snapshot {
            generation: self.generation,
            cluster: self.world.cluster().clone(),
            sight: Arc::new(self.world.sight().clone()),
            loading: self.loading_kinds(),
            stories,
            not_visible: not_visible(&self.world, &controls).into(),
            controls,
            standing,
            not_assessed: self
                .world
                .broken()
                .iter()
                .map(|(object, why)| NotAssessed {
                    object: object.clone(),
                    why: why.clone(),
                })
                .collect(),
            changes: self.changelog.entries(),
            cuts: self.cuts.clone(),
            weighing: self.said_weighing,
            nodes: self
                .world
                .space("")
                .map_or(0, |s| s.table(Kind::Node).len()),
            runtimes: runtimes(&self.world),
            pods: self.tables.values().map(|t| t.pods).sum(),
            namespaces: self.world.namespaces().len(),
            spaces: self.tables.clone(),
        })
    }

    fn loading_kinds(&self) -> Vec<Loading> {
        let loading = Kind::all().filter(|kind| {
            self.world
                .sight()
                .blind(*kind, None)
                .is_some_and(|m| m.reason == Reason::Loading)
        });
        loading
            .map(|kind| Loading {
                kind,
                seen: self.loading.get(&kind).copied().unwrap_or(0),
            })
            .collect()
    }
}

/// Every namespace of a world, and the cluster scope.
pub(super) fn spaces(world: &World) -> BTreeSet<Str> {
    world
        .namespaces()
        .into_iter()
        .chain([Str::from("")])
        .collect()
}

/// Blind places of a kind.
pub(super) fn blind_places(world: &World, kind: Kind) -> Vec<Missing> {
    let wide = world.sight().blind(kind, None);
    let narrow = world
        .sight()
        .narrow(kind)
        .filter_map(|(ns, _)| world.sight().blind(kind, Some(ns)));
    wide.into_iter().chain(narrow).collect()
}
