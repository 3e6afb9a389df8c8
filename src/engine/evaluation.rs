//! All verdicts, and which of them a change can affect.
//!
//! A subject is run again when it itself changed, or something that its evaluation read. Both together give the same as
//! running everything (a property test holds that). Cloning shares every cell: a what-if clones, updates over an overlay,
//! and looks at what that changed.

use std::collections::BTreeSet;

use super::cells::Cells;
use super::changed::Changed;
use super::dirty::Subjects;
use super::gathered::Gathered;
use super::run_cell::{CheckRunner, StoryRunner};
use super::touch::Touch;
use super::touched::Touched;
use super::ways::{Surveyed, Ways};
use crate::model::{Finding, Kind, Str};
use crate::semantics::paths::is_same;
use crate::threats::{self, Check, Instance, Scope, Story};
use crate::view::World;

/// Every cell of every check and story.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Evaluation {
    /// Cells of checks.
    pub checks: Cells<Finding>,
    /// Cells of stories.
    pub stories: Cells<Instance>,
}

/// The checks that run, with their numbers.
pub fn check_rules() -> impl Iterator<Item = (usize, &'static Check)> {
    threats::checks().iter().map(|entry| entry.rule).enumerate()
}

/// The stories that run, with their numbers.
pub fn story_rules() -> impl Iterator<Item = (usize, &'static Story)> {
    threats::stories()
        .iter()
        .map(|entry| entry.rule)
        .enumerate()
}

/// Some of the rules.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    /// All of them.
    Everything,
    /// All but those that ask the graph of ways, which takes its time to be made.
    Near,
    /// Those that ask the graph.
    Ways,
}

impl Part {
    fn holds<S>(self, scope: &Scope<S>) -> bool {
        match self {
            Part::Everything => true,
            Part::Near => !matches!(scope, Scope::Paths(_)),
            Part::Ways => matches!(scope, Scope::Paths(_)),
        }
    }
}

/// What one update works on.
pub(super) struct Update<'a> {
    pub(super) world: &'a World,
    pub(super) workloads: Gathered<'a>,
    pub(super) touched: Touched,
    /// The same without what the graph of ways cannot feel.
    pub(super) built_on: Touched,
    /// The graph of ways, made when it is first asked for.
    pub(super) ways: Ways<'a>,
    /// Which rules run.
    pub(super) part: Part,
    pub(super) subjects: Subjects,
    /// Namespaces that hold a dirty subject; all of them, and the cluster scope, when everything runs.
    pub(super) near: BTreeSet<Str>,
}

impl<'a> Update<'a> {
    fn new(before: &World, world: &'a World, touches: &[Touch]) -> Self {
        // A namespace also exists by what lives in it: its coming and going is seen here, whatever brought it.
        let appeared = touches.iter().any(|touch| match touch {
            Touch::Object { key, .. } if !key.home().is_empty() => {
                before.has_namespace(key.home()) != world.has_namespace(key.home())
            }
            _ => false,
        });
        let also = appeared.then_some(Touch::Sight(Kind::Namespace, None));
        let touches: Vec<Touch> = touches.iter().cloned().chain(also).collect();
        let subjects = Subjects::of(before, world, &touches);
        let near = if subjects.all {
            let namespaces = world.namespaces().into_iter();
            namespaces.chain([Str::from("")]).collect()
        } else {
            subjects.spaces()
        };
        Update {
            world,
            workloads: Gathered::new(world),
            touched: Touched::of(&touches),
            built_on: Touched::of(touches.iter().filter(|touch| !is_status(touch))),
            ways: Ways::new(world),
            part: Part::Everything,
            subjects,
            near,
        }
    }
}

/// The graph of ways is the same after it.
pub(super) fn is_status(touch: &Touch) -> bool {
    match touch {
        Touch::Object {
            old: Some(old),
            new: Some(new),
            ..
        } => is_same(old, new),
        _ => false,
    }
}

impl Evaluation {
    /// Runs everything.
    pub fn fresh(world: &World) -> Evaluation {
        let mut evaluation = Evaluation::default();
        evaluation.update(world, world, &[Touch::Everything]);
        evaluation
    }

    /// Runs one check or story alone: for questions about it, and for tests.
    pub fn of_rule(world: &World, id: &str) -> Evaluation {
        let mut evaluation = Evaluation::default();
        let update = Update::new(world, world, &[Touch::Everything]);
        evaluation.run(&update, |rule| rule == id);
        evaluation
    }

    /// Runs again what these touches can affect; `before` is the world that the cells were true of.
    pub fn update(&mut self, before: &World, world: &World, touches: &[Touch]) -> Changed {
        self.update_part(before, world, touches, Part::Everything)
    }

    /// The same for a part of the rules. Where everything must run, everything does.
    pub(super) fn update_part(
        &mut self,
        before: &World,
        world: &World,
        touches: &[Touch],
        part: Part,
    ) -> Changed {
        let mut update = Update::new(before, world, touches);
        if !update.subjects.all {
            update.part = part;
            return self.run(&update, |_| true);
        }
        let old = std::mem::take(self);
        self.run(&update, |_| true);
        old.changed_to(self)
    }

    /// The cells that do not say the same in this and in another evaluation.
    pub(super) fn changed_to(&self, other: &Evaluation) -> Changed {
        Changed {
            checks: self.checks.differing(&other.checks),
            stories: self.stories.differing(&other.stories),
        }
    }

    fn run(&mut self, update: &Update<'_>, wanted: impl Fn(&str) -> bool) -> Changed {
        let world = update.world;
        let surveyed = Surveyed::new(&update.ways);
        let mut changed = Changed::default();
        let mut read = self.checks.reading(&update.touched);
        let here =
            |(_, check): &(usize, &Check)| wanted(check.id) && update.part.holds(&check.scope);
        for (at, check) in check_rules().filter(here) {
            let spaces = read.remove(&at).unwrap_or_default();
            let runner = CheckRunner {
                world,
                check,
                surveyed: &surveyed,
            };
            let pairs = self
                .checks
                .update(at, &check.scope, &runner, update, spaces);
            changed.checks.extend(pairs);
        }
        let mut read = self.stories.reading(&update.touched);
        let here =
            |(_, story): &(usize, &Story)| wanted(story.id) && update.part.holds(&story.scope);
        for (at, story) in story_rules().filter(here) {
            let spaces = read.remove(&at).unwrap_or_default();
            let runner = StoryRunner {
                world,
                story,
                surveyed: &surveyed,
            };
            let pairs = self
                .stories
                .update(at, &story.scope, &runner, update, spaces);
            changed.stories.extend(pairs);
        }
        changed
    }
}
