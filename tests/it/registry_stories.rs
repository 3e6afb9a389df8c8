//! What every story promises, proven for each registered file without a line written for it.

use std::collections::BTreeSet;

use bartizan::engine::Evaluation;
use bartizan::engine::stories::{self, State};
use bartizan::model::change::Change;
use bartizan::threats::{self, Ending, Entry, Example, Scope, Story};
use bartizan::view::World;

use crate::example_world::{instances, without, world};

fn stories() -> impl Iterator<Item = &'static Entry<Story>> {
    threats::stories().iter()
}

/// Runs `test` on every example of every story and collects what is wrong.
fn each(test: impl Fn(&'static Story, &'static Example, &World) -> Vec<String>) {
    let mut wrong = Vec::new();
    for entry in stories() {
        for (at, example) in entry.rule.examples.iter().enumerate() {
            let found = test(entry.rule, example, &world(example));
            wrong.extend(
                found
                    .into_iter()
                    .map(|w| format!("{} example {at}: {w}", entry.rule.id)),
            );
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn an_id_is_the_name_of_its_file_and_its_controls_exist() {
    let mut seen = BTreeSet::new();
    for entry in stories() {
        let story = entry.rule;
        let name = entry
            .file
            .rsplit('/')
            .next()
            .unwrap()
            .trim_end_matches(".rs");
        assert_eq!(story.id, name.replace('_', "-"), "{}", entry.file);
        assert!(seen.insert(story.id), "{} twice", story.id);
        assert!(
            entry.doc.title.chars().count() <= 60,
            "{}: title",
            entry.file
        );
        assert!(
            !story.steps.is_empty() && !story.needs.is_empty(),
            "{}",
            story.id
        );
        for slug in story.steps.iter().flat_map(|s| s.cut_by) {
            assert!(
                threats::control(slug).is_some(),
                "{}: control {slug}",
                story.id
            );
        }
        let works = story.examples.iter().filter(|e| e.fires).count();
        assert!(
            works >= 1 && works < story.examples.len(),
            "{}: examples of both kinds",
            story.id
        );
    }
}

#[test]
fn it_works_where_the_example_says_so_and_only_there() {
    each(|story, example, world| {
        let works = instances(world, story.id)
            .iter()
            .any(bartizan::threats::Instance::works);
        if works == example.fires {
            Vec::new()
        } else {
            vec![format!("works: {works}")]
        }
    });
}

#[test]
fn an_instance_tells_its_steps_in_the_order_of_the_story() {
    each(|story, _, world| {
        let mut wrong = Vec::new();
        for instance in instances(world, story.id) {
            let told = instance.steps.len();
            // Of a way each hop is told; all but the first belong to the story's last step.
            let walks = matches!(story.scope, Scope::Paths(_));
            let fits = match &instance.ending {
                Ending::Works if walks => told > 0,
                Ending::Unsure { at, .. } => walks && told > *at,
                Ending::Works => told == story.steps.len(),
                Ending::Stopped { at, by } => {
                    told > *at
                        && told <= story.steps.len()
                        && by.iter().all(|b| story.steps[*at].cut_by.contains(b))
                }
            };
            if !fits {
                wrong.push(format!(
                    "{}: {told} steps, {:?}",
                    instance.actor, instance.ending
                ));
            }
            for step in instance.steps.iter().filter(|s| s.evidence.is_empty()) {
                wrong.push(format!(
                    "{}: no evidence that {}",
                    instance.actor, step.says
                ));
            }
            if !instance.says.ends_with('.') || instance.says.contains('\n') {
                wrong.push(format!("not a sentence: {}", instance.says));
            }
        }
        wrong
    });
}

/// A cut of a way takes away what one step rests on; that no other way is left is found by recomputing. In the examples at
/// least one of them ends the instance, where there are any. (What a cloud provider gives is not taken away here.)
#[test]
fn a_way_is_ended_by_one_of_its_cuts() {
    each(|story, _, world| {
        let mut wrong = Vec::new();
        let all = instances(world, story.id).into_iter();
        let walks = matches!(story.scope, Scope::Paths(_));
        for instance in all.filter(|instance| walks && instance.works()) {
            let mut cuts = instance.steps.iter().flat_map(|step| &step.cuts);
            let ends = |cut: &Change| {
                let (after, misfits) = world.with(std::slice::from_ref(cut));
                let mut left = instances(&after, story.id).into_iter();
                misfits.is_empty() && !left.any(|i| i.actor == instance.actor && i.works())
            };
            let some = instance.steps.iter().any(|step| !step.cuts.is_empty());
            if some && !cuts.any(ends) {
                wrong.push(format!("{} has no cut that ends it", instance.actor));
            }
        }
        wrong
    });
}

#[test]
fn a_single_cut_stops_its_instance() {
    each(|story, _, world| {
        let mut wrong = Vec::new();
        if matches!(story.scope, Scope::Paths(_)) {
            return wrong;
        }
        for instance in instances(world, story.id)
            .into_iter()
            .filter(bartizan::threats::Instance::works)
        {
            for cut in instance.steps.iter().flat_map(|s| &s.cuts) {
                let (after, misfits) = world.with(std::slice::from_ref(cut));
                let still = instances(&after, story.id)
                    .iter()
                    .any(|i| i.actor == instance.actor && i.works());
                if still || !misfits.is_empty() {
                    wrong.push(format!("{} still works after {cut:?}", instance.actor));
                }
            }
        }
        wrong
    });
}

#[test]
fn what_is_hidden_never_reads_stopped() {
    each(|story, example, world| {
        if !example.fires {
            return Vec::new();
        }
        let mut wrong = Vec::new();
        for kind in story.needs {
            let blind = without(world, &[*kind]);
            let states = stories::stories(&blind, &Evaluation::of_rule(&blind, story.id));
            let state = states.iter().find(|s| s.story.id == story.id);
            if state.is_none_or(|s| s.state == State::Stopped) {
                wrong.push(format!("reads stopped without {kind}"));
            }
        }
        wrong
    });
}
