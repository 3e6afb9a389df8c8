//! The styles of a fix: the key goes through those that print the whole of it, and what is shown is what is copied.

use bartizan::engine::{Engine, Query};
use bartizan::threats;

use crate::example_world::world;
use crate::ui_stage::Stage;

/// On the fix of the first finding of a check, answered and copied.
fn at_the_fix_of(check: &str) -> Stage {
    let entry = threats::check(check).unwrap();
    let example = entry.rule.examples.iter().find(|e| e.fires).unwrap();
    let mut stage = Stage::of(Engine::of(world(example)), 80, 40);
    stage.keys("c /");
    stage.types(&format!("check:={check}"));
    stage.keys("Enter j Enter j y");
    answer(&mut stage, "patch");
    assert_eq!(stage.copies().len(), 1);
    stage
}

/// Answers the open question, which asks for this style.
fn answer(stage: &mut Stage, style: &str) {
    let questions = stage.questions();
    let [(_, Query::Fix { style: asked, .. })] = &questions[..] else {
        panic!("{questions:?}")
    };
    assert_eq!(asked, style);
    stage.answer(questions[0].clone(), stage.snapshot.generation);
}

#[test]
fn the_key_goes_round_the_styles_and_y_copies_what_is_shown() {
    let mut stage = at_the_fix_of("privileged-container");
    stage.sees("patch: patches for kubectl; S for kustomize");
    stage.sees("S style");
    stage.keys("S");
    answer(&mut stage, "kustomize");
    stage.sees("kustomize: patches for a kustomization; S for patch");
    stage.sees("kind: Component");
    assert_eq!(stage.copies(), Vec::<String>::new(), "shown, not copied");
    let screen = stage.screen().join("\n");
    assert!(!screen.contains("another one than was copied"), "{screen}");
    stage.keys("y");
    let copies = stage.copies();
    assert_eq!(copies.len(), 1);
    assert!(copies[0].contains("kind: Component"), "{}", copies[0]);
    // An existing object has no manifest: the next style is the first again.
    stage.keys("S");
    answer(&mut stage, "patch");
    stage.keys("y");
    let copies = stage.copies();
    assert!(copies[0].contains("kubectl patch"), "{}", copies[0]);
}

#[test]
fn a_new_object_has_a_manifest_too() {
    let mut stage = at_the_fix_of("no-default-deny-ingress");
    stage.keys("S");
    answer(&mut stage, "kustomize");
    stage.keys("S");
    answer(&mut stage, "manifest");
    stage.sees("manifest: manifests of new objects");
    stage.sees("kind: NetworkPolicy");
}

#[test]
fn before_the_answer_there_is_nothing_to_turn() {
    let mut stage = at_the_fix_of("privileged-container");
    stage.keys("S S");
    stage.sees("there is no text of a fix yet");
    answer(&mut stage, "kustomize");
    stage.sees("kind: Component");
}
