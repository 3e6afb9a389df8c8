//! Changes, cuts, controls and what is not visible, as lists.

use std::sync::Arc;

use bartizan::engine::diff::InstanceId;
use bartizan::engine::{ChangeEntry, Diff, Engine, Thought};
use bartizan::model::sight::State;
use bartizan::model::{Kind, Reason};
use bartizan::threats;
use bartizan::ui::Effect;
use jiff::Timestamp;

use crate::example_world::{without, world};
use crate::ui_stage::Stage;

fn with_cuts() -> Stage {
    let stories = threats::stories().iter().map(|e| e.rule.id);
    let mut stages = stories.map(Stage::of_story);
    stages
        .find(|stage| !stage.snapshot.cuts.is_empty())
        .unwrap()
}

#[test]
fn changes_say_what_opened_and_enter_goes_there() {
    let mut stage = with_cuts();
    stage.keys("t");
    stage.sees("Nothing that moves a verdict changed");
    let finding = stage.snapshot.findings().next().unwrap().clone();
    let state = stage.snapshot.stories.iter();
    let state = state.clone().find(|s| s.working().count() > 0).unwrap();
    let actor = state.working().next().unwrap().actor.clone();
    let begun = InstanceId {
        story: state.story.id,
        actor,
    };
    let title = threats::check(finding.id.check).unwrap().doc.title;
    stage.show(|snapshot| {
        let entry = ChangeEntry {
            at: Timestamp::from_second(1_800_000_000).unwrap(),
            objects: vec![(finding.id.object.clone(), "gained a thing".into())],
            note: None,
            diff: Diff {
                opened: vec![(finding.id.clone(), finding.severity)],
                begun: vec![begun],
                ..Diff::default()
            },
        };
        snapshot.changes = Arc::from([Arc::new(entry)]);
    });
    stage.sees("-> story works:");
    stage.sees("1 finding more");
    stage.sees("gained a thing");
    stage.sees("+ fires");
    stage.keys("Enter j");
    stage.sees("works now");
    stage.keys("j Enter");
    stage.sees(&title[..title.len().min(30)]);
    assert!(!stage.screen().join("\n").contains("gained a thing"));
}

#[test]
fn a_finding_that_only_old_pods_keep_is_told_as_such() {
    let mut stage = Stage::of_story("privileged-owns-node");
    let finding = stage.snapshot.findings().next().unwrap().clone();
    stage.show(|snapshot| {
        let entry = ChangeEntry {
            at: Timestamp::from_second(1_800_000_000).unwrap(),
            objects: vec![(
                finding.id.object.clone(),
                format!("changed {}", "a_long_field_name.".repeat(6)),
            )],
            note: None,
            diff: Diff {
                lingering: vec![(finding.id.clone(), finding.severity)],
                ..Diff::default()
            },
        };
        snapshot.changes = Arc::from([Arc::new(entry)]);
    });
    stage.keys("t");
    stage.sees("-> 1 finding in old pods only");
    stage.sees("- old pods");
}

#[test]
fn that_no_change_ends_a_story_is_said_only_when_all_were_tried() {
    let mut stage = with_cuts();
    for (weighing, first, list) in [
        (true, "being worked out", "Being worked out"),
        (
            false,
            "no single change that is known",
            "No single change that",
        ),
    ] {
        stage.keys("0");
        stage.show(|snapshot| {
            snapshot.cuts = Arc::from([]);
            snapshot.weighing = weighing;
        });
        stage.sees(first);
        stage.keys("x");
        stage.sees(list);
    }
}

#[test]
fn the_engine_says_when_all_changes_were_tried() {
    let stories = threats::stories().iter();
    let example = stories.flat_map(|e| e.rule.examples).find(|e| e.fires);
    let mut engine = Engine::of(world(example.unwrap()));
    assert!(engine.publish().weighing);
    let last = loop {
        match engine.think() {
            Thought::More => {}
            last => break last,
        }
    };
    assert_eq!(
        last,
        Thought::News,
        "worth a publication, whatever was found"
    );
    assert!(!engine.publish().weighing);
    assert_eq!(engine.think(), Thought::Nothing);
}

#[test]
fn a_cut_says_what_it_ends_and_what_survives() {
    let mut stage = with_cuts();
    stage.keys("x");
    let cut = stage.snapshot.cuts[0].clone();
    stage.sees(&format!("ends {} of {}", cut.ends.len(), cut.of));
    stage.keys("Tab");
    let survivors = cut.of - cut.ends.len();
    if survivors == 0 {
        stage.keys("G");
        stage.sees("no story that works survives it");
    } else {
        stage.keys("G");
        stage.sees("surviv");
    }
}

#[test]
fn a_control_that_fails_lists_its_findings() {
    let mut stage = with_cuts();
    stage.keys("c");
    let fails = stage
        .snapshot
        .standing
        .iter()
        .map(|s| s.fails)
        .sum::<usize>();
    assert!(fails > 0);
    stage.sees(&format!("of {}", stage.snapshot.controls.len()));
    stage.keys("/");
    stage.types("sev:c,h,m,l");
    stage.keys("Enter j");
    stage.sees(">  > fails ");
    stage.keys("Enter j");
    stage.keys("y");
    assert!(matches!(stage.take()[..], [Effect::Ask { .. }]));
}

#[test]
fn a_blind_place_names_the_permission_to_ask_for() {
    let entry = threats::stories().first().unwrap();
    let seen = world(&entry.rule.examples[0]);
    let mut blind = without(&seen, &[Kind::NetworkPolicy]);
    blind
        .sight_mut()
        .set(Kind::Pod, Some("pay"), State::Blind(Reason::Forbidden));
    let mut stage = Stage::of(Engine::of(blind), 80, 24);
    stage.keys("b");
    stage.sees("forbidden");
    stage.sees("networkpolicies");
    stage.keys("r");
    let copies = stage.copies();
    assert!(copies[0].contains("--resource="), "{copies:?}");
    stage.keys("R");
    let copies = stage.copies();
    assert!(copies[0].contains("kind: ClusterRole\n"), "{copies:?}");
    assert!(copies[0].contains("kind: Role\n"), "{copies:?}");
}
