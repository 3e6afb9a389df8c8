//! The world of one example: its objects, their namespaces and the `default` accounts of these, all of it visible.

use bartizan::engine::Evaluation;
use bartizan::model::sight::State;
use bartizan::model::{Finding, Kind, ObjectKey, Reason};
use bartizan::threats::{self, Example, Instance};
use bartizan::view::World;

use crate::engine_world::{namespaces, objects};

/// Everything of the example, visible.
pub fn world(example: &Example) -> World {
    let objects = objects(example);
    let extra = namespaces(&objects);
    World::closed(objects.into_iter().chain(extra))
}

/// The same world as a login sees it that may not read these kinds.
pub fn without(world: &World, kinds: &[Kind]) -> World {
    let mut blind = world.clone();
    let hidden: Vec<ObjectKey> = world
        .spaces()
        .flat_map(|(_, space)| kinds.iter().flat_map(|kind| space.table(*kind).values()))
        .map(|object| object.key().clone())
        .collect();
    for key in hidden {
        blind.take(&key);
    }
    for kind in kinds {
        let state = State::Blind(Reason::Forbidden);
        blind.sight_mut().set(*kind, None, state);
    }
    blind
}

/// What a check finds in a world.
pub fn findings(world: &World, check: &str) -> Vec<Finding> {
    findings_of(&Evaluation::of_rule(world, check), check)
}

/// What a check found in an evaluation.
pub fn findings_of(evaluation: &Evaluation, check: &str) -> Vec<Finding> {
    let at = threats::checks().iter().position(|e| e.rule.id == check);
    let cells = at.into_iter().flat_map(|at| evaluation.checks.of(at));
    let outcomes = cells.flat_map(|(_, cell)| cell.outcomes.values());
    outcomes
        .flat_map(|o| o.items.iter().map(|item| (**item).clone()))
        .collect()
}

/// Everything that any check finds in a world.
pub fn all_findings(world: &World) -> Vec<Finding> {
    let evaluation = Evaluation::fresh(world);
    let checks = threats::checks().iter().map(|e| e.rule.id);
    checks.flat_map(|id| findings_of(&evaluation, id)).collect()
}

/// Instances of a story in a world.
pub fn instances(world: &World, story: &str) -> Vec<Instance> {
    let evaluation = Evaluation::of_rule(world, story);
    let at = threats::stories().iter().position(|e| e.rule.id == story);
    let cells = at.into_iter().flat_map(|at| evaluation.stories.of(at));
    let outcomes = cells.flat_map(|(_, cell)| cell.outcomes.values());
    outcomes
        .flat_map(|o| o.items.iter().map(|item| (**item).clone()))
        .collect()
}
