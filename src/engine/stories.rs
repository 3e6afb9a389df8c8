//! The state of each story kind: works, is stopped, or cannot be known.

use std::sync::Arc;

use super::blind_places;
use super::evaluation::{Evaluation, story_rules};
use crate::model::{Kind, Missing};
use crate::threats::{Ending, Instance, Scope, Story};
use crate::view::World;

/// A story kind, now.
#[derive(Clone, Debug)]
pub struct StoryState {
    /// The story.
    pub story: &'static Story,
    /// Works, is stopped, or cannot be known.
    pub state: State,
    /// Its instances: those that work first, then stopped ones, each in order of actor.
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
    /// None works as far as can be seen.
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
                Ending::Works => None,
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
            let (mut works, mut stopped, mut unknown) = (Vec::new(), Vec::new(), Vec::new());
            for (_, cell) in evaluation.stories.of(at) {
                for outcome in cell.outcomes.values() {
                    unknown.extend(outcome.unknown.iter().cloned());
                    for instance in &outcome.items {
                        if instance.works() {
                            works.push((**instance).clone())
                        } else {
                            stopped.push((**instance).clone())
                        }
                    }
                }
            }
            for kind in story_subjects(story) {
                unknown.extend(blind_places(world, *kind));
            }
            unknown.sort();
            unknown.dedup();
            let state = match (works.is_empty(), unknown.is_empty()) {
                (false, _) => State::Works,
                (true, false) => State::Unsure,
                (true, true) => State::Stopped,
            };
            works.sort_by(|a: &Instance, b| a.actor.cmp(&b.actor));
            works.dedup_by(|a, b| a.actor == b.actor);
            stopped.sort_by(|a: &Instance, b| a.actor.cmp(&b.actor));
            stopped.retain(|s| works.binary_search_by(|w| w.actor.cmp(&s.actor)).is_err());
            works.extend(stopped);
            StoryState {
                story,
                state,
                instances: works.into(),
                unknown: unknown.into(),
                hidden: story
                    .needs
                    .iter()
                    .any(|kind| !blind_places(world, *kind).is_empty()),
            }
        })
        .collect()
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
        Scope::Cluster(_) => &[],
    }
}
