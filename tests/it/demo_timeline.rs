//! What the demo's timeline claims: the lines `step N` of the table in `assets/demo/README.md`, each against the verdicts
//! once that step has happened and its rollout is over.

use bartizan::semantics::rbac::stock::assumed;
use bartizan::source::demo::{steps, version};
use jiff::{SignedDuration, Timestamp};

use crate::demo_truth::{Line, engine, read, table, wrong_of_check, wrong_of_story};

/// The statements, each with the step after which it holds.
fn lines() -> Vec<(usize, Line)> {
    let of_a_step = |line: String| {
        let (step, line) = line.strip_prefix("step ")?.split_once(' ')?;
        Some((step.parse().unwrap(), read(line)))
    };
    table().into_iter().filter_map(of_a_step).collect()
}

#[test]
fn each_step_does_to_the_verdicts_what_the_table_says() {
    let mut engine = engine();
    let (lines, steps) = (lines(), steps(assumed(version().as_ref())));
    let mut judged = 0;
    let mut wrong = Vec::new();
    for (at, batch) in steps.into_iter().enumerate() {
        let step = at + 1;
        let now = Timestamp::UNIX_EPOCH + SignedDuration::from_secs(30 * step as i64);
        engine.apply(batch, now);
        for (_, line) in lines.iter().filter(|(of, _)| *of == step) {
            let found = wrong_of_check(&engine, line).or_else(|| wrong_of_story(&engine, line));
            let found = found.unwrap_or_else(|| panic!("step {step}: no rule {}", line.rule));
            wrong.extend(found.iter().map(|wrong| format!("step {step}: {wrong}")));
            judged += 1;
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
    assert_eq!(judged, lines.len(), "a line names a step that there is not");
    assert!(judged > 10);
}

#[test]
fn each_step_changes_what_its_line_is_about() {
    // A line that held before its step would claim nothing.
    let mut engine = engine();
    let lines = lines();
    for (at, batch) in steps(assumed(version().as_ref())).into_iter().enumerate() {
        let about = lines.iter().filter(|(of, _)| *of == at + 1);
        let stays = ["host-path-owns-node"];
        let changed = about.clone().any(|(_, line)| {
            let wrong = wrong_of_check(&engine, line).or_else(|| wrong_of_story(&engine, line));
            wrong.is_some_and(|wrong| !wrong.is_empty())
        });
        let paused = about
            .clone()
            .all(|(_, line)| stays.contains(&line.rule.as_str()));
        assert!(
            changed || paused,
            "step {} changes nothing that it claims",
            at + 1
        );
        engine.apply(batch, Timestamp::UNIX_EPOCH);
    }
}

#[test]
fn each_step_is_told_in_the_changes_with_its_own_words() {
    let mut engine = engine();
    for batch in steps(assumed(version().as_ref())) {
        let says = batch.iter().find_map(|delta| match delta {
            bartizan::model::Delta::Note(says) => Some(says.clone()),
            _ => None,
        });
        engine.apply(batch, Timestamp::UNIX_EPOCH);
        let snapshot = engine.publish();
        let told = snapshot.changes.first().unwrap();
        assert_eq!(told.note, says);
        assert!(!told.diff.is_empty(), "{says:?} changes no verdict");
    }
}
