//! Another context in place: nothing that is held by the identity of the old cluster's rows reaches the new one, where a
//! row of the same name is another thing.

use std::sync::Arc;

use bartizan::engine::diff::Diff;
use bartizan::engine::{Answer, Snapshot};
use bartizan::ui::{App, Effect, Effects, Msg};

use crate::ui_look::text;
use crate::ui_world::{app, press, snapshot};

/// The same rows in a cluster of another name: whatever is still held by identity would be found again there.
fn elsewhere(name: &str, generation: u64) -> Msg {
    let mut snapshot: Snapshot = snapshot();
    snapshot.generation += generation;
    let mut cluster = (*snapshot.cluster).clone();
    name.clone_into(&mut cluster.name);
    snapshot.cluster = Arc::new(cluster);
    Msg::Snapshot(Arc::new(snapshot))
}

fn switched(keys: &str) -> App {
    let mut app = app(80, 40);
    press(&mut app, keys);
    let _ = app.update(elsewhere("staging", 1));
    app
}

fn fresh(keys: &str) -> String {
    let mut app = app(80, 40);
    let _ = app.update(elsewhere("staging", 1));
    press(&mut app, keys);
    text(&app, 80, 40)
}

#[test]
fn marks_cursor_and_open_branches_do_not_go_over() {
    let mut same = app(80, 40);
    press(&mut same, "2 * } Space Space");
    let before = text(&same, 80, 40);
    assert!(before.contains("2 marked"), "{before}");
    let Msg::Snapshot(next) = elsewhere(&same.snapshot_shown().cluster.name.clone(), 1) else {
        unreachable!("it is a snapshot")
    };
    let _ = same.update(Msg::Snapshot(next));
    assert!(text(&same, 80, 40).contains("2 marked"), "the same cluster");

    let app = switched("2 * } Space Space");
    assert_eq!(text(&app, 80, 40), fresh("2"));
}

#[test]
fn panes_on_rows_close_and_places_visited_before_are_forgotten() {
    let mut app = switched("2 } d");
    assert_eq!(text(&app, 80, 40), fresh("2"));
    for back in ["[", "]", "-"] {
        press(&mut app, back);
        let screen = text(&app, 80, 40);
        assert!(screen.contains("no other place was visited"), "{screen}");
    }
    // A threat that was left comes back as new, not off the shelf with its branches open.
    let mut app = switched("2 * Esc");
    press(&mut app, "2");
    assert_eq!(text(&app, 80, 40), fresh("2"));
}

#[test]
fn a_freeze_ends_and_choices_of_the_old_context_do_not_go_over() {
    let app = switched("2 ! s z");
    let screen = text(&app, 80, 40);
    assert!(screen.contains("staging"), "{screen}");
    assert!(!screen.contains("frozen"), "{screen}");
    assert_eq!(screen, fresh("2"));
}

#[test]
fn what_is_typed_goes_on_where_it_was_begun() {
    let mut app = switched("2 / s h o p");
    assert!(text(&app, 80, 40).contains("staging"));
    press(&mut app, "q");
    let screen = text(&app, 80, 40);
    assert!(screen.contains("shopq"), "{screen}");
    let mut app = switched("2 : t h e");
    press(&mut app, "q");
    let screen = text(&app, 80, 40);
    assert!(screen.contains("theq"), "{screen}");
}

#[test]
fn an_answer_about_the_old_cluster_is_not_taken_for_one_about_the_new() {
    let mut app = app(120, 40);
    let asked = "2 } }".split(' ').flat_map(|key| {
        let key = Msg::Key(key.parse().unwrap());
        app.update(key).all
    });
    let numbers: Vec<u64> = asked
        .filter_map(|effect| match effect {
            Effect::Ask { number, .. } => Some(number),
            _ => None,
        })
        .collect();
    assert!(!numbers.is_empty(), "what a cut is worth is asked for");
    let _ = app.update(elsewhere("staging", 1));
    for number in numbers {
        let effects = app.update(Msg::Answer {
            number,
            generation: 7,
            answer: Answer::WhatIf(Diff::default()),
        });
        assert_eq!(effects, Effects::none());
    }
}
