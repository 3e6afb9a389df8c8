//! The fix pane: what is copied, when, and what is said of answers that are not new.

use bartizan::engine::{Answer, Engine};
use bartizan::fix::Plan;
use bartizan::threats::{self, Fix};
use bartizan::ui::{Effect, Msg};

use crate::engine_world::values;
use crate::example_world::world;
use crate::ui_stage::Stage;

/// A stage with a cut under the cursor.
fn at_a_cut() -> Stage {
    let stories = threats::stories().iter().map(|e| e.rule.id);
    let mut stages = stories.map(Stage::of_story);
    let mut stage = stages
        .find(|stage| !stage.snapshot.cuts.is_empty())
        .unwrap();
    stage.keys("x");
    stage
}

#[test]
fn it_copies_once_and_only_when_the_answer_is_there() {
    let mut stage = at_a_cut();
    stage.keys("y");
    let generation = stage.snapshot.generation;
    let asked = stage.take();
    assert!(!asked.iter().any(|e| matches!(e, Effect::Copy { .. })));
    stage.effects = asked;
    let questions = stage.questions();
    assert_eq!(questions.len(), 1);
    stage.sees("recomputing");
    stage.answer(questions[0].clone(), generation);
    let copies = stage.copies();
    assert_eq!(copies.len(), 1);
    assert!(copies[0].contains("# kubectl "), "{}", copies[0]);
    assert!(copies[0].contains("# proof: silences "), "{}", copies[0]);
    stage.sees("proof ");
    // Newer facts ask again, and copy nothing.
    stage.show(|_| {});
    stage.sees("of older facts, asked again");
    let again = stage.questions();
    assert_eq!(again.len(), 1);
    stage.answer(again[0].clone(), stage.snapshot.generation);
    assert_eq!(stage.copies(), Vec::<String>::new());
    assert!(!stage.screen().join("\n").contains("of older facts"));
}

#[test]
fn an_answer_older_than_the_facts_on_screen_is_not_copied_but_asked_again() {
    let mut stage = at_a_cut();
    stage.show(|_| {});
    stage.keys("y");
    let generation = stage.snapshot.generation;
    let first = stage.questions();
    stage.answer(first[0].clone(), generation - 1);
    stage.sees("of older facts, asked again");
    let effects = stage.take();
    assert!(!effects.iter().any(|e| matches!(e, Effect::Copy { .. })));
    stage.effects = effects;
    let second = stage.questions();
    assert_eq!(second.len(), 1);
    assert_eq!(first[0].1, second[0].1);
    stage.answer(second[0].clone(), generation);
    assert_eq!(stage.copies().len(), 1);
}

#[test]
fn coming_back_copies_nothing_and_the_key_copies_again() {
    let mut stage = at_a_cut();
    stage.keys("y");
    let questions = stage.questions();
    stage.answer(questions[0].clone(), stage.snapshot.generation);
    assert_eq!(stage.copies().len(), 1);
    stage.keys("Esc ]");
    stage.keys("[ [");
    assert_eq!(stage.copies(), Vec::<String>::new());
    stage.keys("0 x y");
    assert_eq!(stage.copies().len(), 1);
}

#[test]
fn another_fix_than_was_copied_is_told_and_other_counts_are_not() {
    let mut stage = at_a_cut();
    stage.keys("y");
    let questions = stage.questions();
    stage.answer(questions[0].clone(), stage.snapshot.generation);
    let told = |stage: &Stage| {
        stage
            .screen()
            .join("\n")
            .contains("another one than was copied")
    };
    let mut again = |change: fn(&mut Plan)| {
        stage.show(|_| {});
        let (number, query) = stage.questions().remove(0);
        let Answer::Fix(mut answer) = stage.engine.ask(&query) else {
            panic!("{query:?}")
        };
        change(answer.plan.as_mut().unwrap());
        let generation = stage.snapshot.generation;
        stage.send(Msg::Answer {
            number,
            generation,
            answer: Answer::Fix(answer),
        });
        told(&stage)
    };
    assert!(!again(|plan| plan.proof.as_mut().unwrap().silences += 1));
    assert!(again(|plan| plan.steps[0].yaml.push_str("more: true\n")));
}

#[test]
fn a_story_that_no_change_ends_is_not_called_gone() {
    let mut stage = Stage::of_story("privileged-owns-node");
    stage.show(|snapshot| {
        snapshot.cuts = Vec::new().into();
        let mut stories = snapshot.stories.to_vec();
        for story in &mut stories {
            let mut instances = story.instances.to_vec();
            let steps = instances.iter_mut().flat_map(|i| &mut i.steps);
            steps.for_each(|step| step.cuts.clear());
            story.instances = instances.into();
        }
        snapshot.stories = stories.into();
    });
    stage.keys("2 } y");
    stage.sees("No change that can be printed here ends this story");
}

#[test]
fn file_editor_and_pager_get_the_same_text() {
    let mut stage = at_a_cut();
    stage.keys("y");
    stage.keys("Ctrl-S");
    let questions = stage.questions();
    assert_eq!(questions.len(), 1, "nothing is written before the answer");
    stage.answer(questions[0].clone(), stage.snapshot.generation);
    let copied = stage.copies().remove(0);
    stage.keys("Ctrl-S e p");
    let texts: Vec<String> = stage
        .take()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::WriteFile { text, .. } | Effect::Edit { text, .. } | Effect::Page { text } => {
                Some(text)
            }
            _ => None,
        })
        .collect();
    assert_eq!(texts, [copied.clone(), copied.clone(), copied]);
}

#[test]
fn the_difference_needs_an_api_server_and_says_so() {
    let mut stage = at_a_cut();
    stage.keys("y D");
    stage.sees("only an API server has live objects");
}

#[test]
fn proven_is_said_of_live_objects_after_a_comparison_and_compared_again_with_the_key() {
    let mut stage = at_a_cut();
    stage.show(|snapshot| {
        let mut cluster = (*snapshot.cluster).clone();
        cluster.source = bartizan::model::cluster::SourceName::Live;
        snapshot.cluster = std::sync::Arc::new(cluster);
    });
    stage.keys("y");
    stage.send(bartizan::ui::Msg::Contexts {
        current: None,
        names: Ok(Vec::new()),
    });
    let questions = stage.questions();
    stage.answer(questions[0].clone(), stage.snapshot.generation);
    let proofs = |stage: &mut Stage| -> Vec<Box<bartizan::ui::Proving>> {
        let proof = |effect| match effect {
            Effect::Prove(proving) => Some(proving),
            _ => None,
        };
        stage.take().into_iter().filter_map(proof).collect()
    };
    let wanted = proofs(&mut stage);
    assert_eq!(wanted.len(), 1);
    assert!(!wanted[0].changes.is_empty() && !wanted[0].steps.is_empty());
    stage.sees("being compared with the live objects");
    let done = |result| bartizan::ui::Msg::Proven {
        proving: wanted[0].clone(),
        result,
    };
    stage.send(done(Ok(())));
    stage.sees("proven     on the live objects");
    stage.keys("y");
    assert_eq!(proofs(&mut stage), wanted, "compared again");
    stage.send(done(Err("deploy shop/cart: it is gone".to_owned())));
    stage.sees("not proven deploy shop/cart: it is gone");
}

#[test]
fn with_an_api_server_commands_name_the_context_and_the_difference_hides_values() {
    let mut stage = at_a_cut();
    stage.show(|snapshot| {
        let mut cluster = (*snapshot.cluster).clone();
        cluster.source = bartizan::model::cluster::SourceName::Live;
        snapshot.cluster = std::sync::Arc::new(cluster);
    });
    stage.take();
    stage.keys("y");
    assert_eq!(stage.take(), [Effect::ListContexts]);
    stage.send(bartizan::ui::Msg::Contexts {
        current: Some("prod-eu1".into()),
        names: Ok(vec!["prod-eu1".into()]),
    });
    let questions = stage.questions();
    stage.answer(questions[0].clone(), stage.snapshot.generation);
    let copies = stage.copies();
    assert!(
        copies[0].contains("# kubectl --context prod-eu1 "),
        "{}",
        copies[0]
    );
    stage.keys("D");
    let fetched: Vec<_> = stage
        .take()
        .into_iter()
        .filter_map(|effect| match effect {
            Effect::Fetch(key) => Some(key),
            _ => None,
        })
        .collect();
    assert!(!fetched.is_empty(), "the cut patches nothing");
    stage.sees("being fetched ...");
    for object in &fetched {
        let found = threats::stories()
            .iter()
            .flat_map(|e| e.rule.examples)
            .flat_map(values)
            .find(|v| v["metadata"]["name"] == *object.name && v["kind"] == *object.kind.name());
        let text = bartizan::fix::yaml::print(&found.unwrap());
        stage.send(bartizan::ui::Msg::Fetched {
            object: object.clone(),
            result: Ok(text),
        });
    }
    let screen = stage.screen();
    let differs = |line: &&String| line.starts_with('-') || line.starts_with('+');
    assert!(
        screen.iter().skip(1).any(|line| differs(&line)),
        "{}",
        screen.join("\n")
    );
    stage.send(bartizan::ui::Msg::Fetched {
        object: fetched[0].clone(),
        result: Err("it is gone".to_owned()),
    });
    stage.sees("it is gone");
    // Back to the text.
    stage.keys("D");
    stage.sees("proof ");
    // Another cluster under the same pane: it closes, and nothing of the old commands stays.
    stage.show(|snapshot| {
        let mut cluster = (*snapshot.cluster).clone();
        cluster.name = "staging".into();
        snapshot.cluster = std::sync::Arc::new(cluster);
    });
    assert_eq!(stage.take(), []);
    stage.sees("staging > cuts");
    assert!(!stage.screen().join("\n").contains("prod-eu1"));
}

#[test]
fn where_there_is_no_fix_the_reason_stands_and_nothing_is_copied() {
    let without_fix = threats::checks()
        .iter()
        .find(|e| matches!(e.rule.fix, Fix::None(_)))
        .unwrap();
    let example = without_fix.rule.examples.iter().find(|e| e.fires).unwrap();
    let mut stage = Stage::of(Engine::of(world(example)), 80, 24);
    stage.keys("c /");
    stage.types(&format!("check:={}", without_fix.rule.id));
    stage.keys("Enter j Enter j y");
    let questions = stage.questions();
    assert_eq!(questions.len(), 1, "{}", stage.screen().join("\n"));
    stage.answer(questions[0].clone(), stage.snapshot.generation);
    assert_eq!(stage.copies(), Vec::<String>::new());
    stage.sees("no fix: ");
    stage.sees("no fix to copy");
}
