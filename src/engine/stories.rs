//! The state of each story kind: works, is stopped, or cannot be known.

use std::collections::BTreeSet;
use std::sync::Arc;

use super::blind_places;
use super::evaluation::{Evaluation, story_rules};
use crate::model::{Kind, Missing};
use crate::threats::{Actor, Ending, Instance, Scope, Story};
use crate::view::World;

/// A story kind, now.
#[derive(Clone, Debug)]
pub struct StoryState {
    /// The story.
    pub story: &'static Story,
    /// Works, is stopped, or cannot be known.
    pub state: State,
    /// Its instances: those that work first, then those that cannot be known, then stopped ones, each in order of actor.
    pub instances: Arc<[Instance]>,
    /// What hides instances, if anything.
    pub unknown: Arc<[Missing]>,
    /// Something that it can depend on is hidden. That it is stopped is sure nevertheless, by how much is not.
    pub hidden: bool,
}

/// State of a story kind.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum State {
    /// No instance works, nothing is hidden.
    Stopped,
    /// None works for certain, and something that decides is not visible.
    Unsure,
    /// At least one instance works.
    Works,
}

impl State {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            State::Works => "works",
            State::Unsure => "unsure",
            State::Stopped => "stopped",
        }
    }
}

impl StoryState {
    /// Instances that work.
    pub fn working(&self) -> impl Iterator<Item = &Instance> {
        self.instances.iter().filter(|i| i.works())
    }

    /// A single control holds alone somewhere: one mistake away from working.
    pub(super) fn is_thin(&self) -> bool {
        let stopped: Vec<usize> = self
            .instances
            .iter()
            .filter_map(|i| match &i.ending {
                Ending::Stopped { by, .. } => Some(by.len()),
                Ending::Works | Ending::Unsure { .. } => None,
            })
            .collect();
        if stopped.is_empty() {
            self.story
                .steps
                .iter()
                .map(|s| s.cut_by.len())
                .sum::<usize>()
                < 2
        } else {
            stopped.iter().any(|controls| *controls < 2)
        }
    }
}

/// Every story's state.
pub fn stories(world: &World, evaluation: &Evaluation) -> Arc<[StoryState]> {
    story_rules()
        .map(|(at, story)| {
            let (mut works, mut unsure, mut stopped) = (Vec::new(), Vec::new(), Vec::new());
            let mut unknown = Vec::new();
            for (_, cell) in evaluation.stories.of(at) {
                for outcome in cell.outcomes.values() {
                    unknown.extend(outcome.unknown.iter().cloned());
                    for instance in &outcome.items {
                        let list = match instance.ending {
                            Ending::Works => &mut works,
                            Ending::Unsure { .. } => &mut unsure,
                            Ending::Stopped { .. } => &mut stopped,
                        };
                        list.push((**instance).clone());
                    }
                }
            }
            for kind in story_subjects(story) {
                unknown.extend(blind_places(world, *kind));
            }
            unknown.sort();
            unknown.dedup();
            let known = unknown.is_empty() && unsure.is_empty();
            let state = match (works.is_empty(), known) {
                (false, _) => State::Works,
                (true, false) => State::Unsure,
                (true, true) => State::Stopped,
            };
            StoryState {
                story,
                state,
                instances: told([works, unsure, stopped]).into(),
                unknown: unknown.into(),
                hidden: story
                    .needs
                    .iter()
                    .any(|kind| !blind_places(world, *kind).is_empty()),
            }
        })
        .collect()
}

/// The instances of a story, the surest first, each actor once.
fn told(sorts: [Vec<Instance>; 3]) -> Vec<Instance> {
    let mut all: Vec<Instance> = Vec::new();
    let mut seen: BTreeSet<Actor> = BTreeSet::new();
    for mut sort in sorts {
        sort.sort_by(|a, b| a.actor.cmp(&b.actor));
        for instance in sort {
            if seen.insert(instance.actor.clone()) {
                all.push(instance);
            }
        }
    }
    all
}

/// Kinds whose objects a story walks over.
fn story_subjects(story: &Story) -> &[Kind] {
    match &story.scope {
        Scope::Pods(_) => &[
            Kind::Pod,
            Kind::Deployment,
            Kind::StatefulSet,
            Kind::DaemonSet,
            Kind::Job,
            Kind::CronJob,
            Kind::ReplicationController,
        ],
        Scope::Object(kinds, _) => kinds,
        Scope::Namespace(_) => &[Kind::Namespace],
        Scope::Cluster(_) | Scope::Paths(_) => &[],
    }
}
