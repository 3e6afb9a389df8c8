//! What each command of the application does: keys in, effects and screens out.

use std::collections::BTreeSet;
use std::sync::Arc;

use bartizan::engine::diff::{Diff, InstanceId};
use bartizan::engine::snapshot::Loading;
use bartizan::engine::{Answer, ChangeEntry, Query, Snapshot};
use bartizan::model::{Kind, Part, Severity};
use bartizan::term::Why;
use bartizan::threats::Actor;
use bartizan::ui::{App, Effect, Effects, Msg, Note, command};
use jiff::SignedDuration;

use crate::ui_look::text;
use crate::ui_world::{app, app_on, deploy, finding, now, press, snapshot};

/// Keys, and what must then be on the screen (`!`: what must not) or among the effects (`=`).
const CASES: &[(&str, &str, &[&str])] = &[
    ("move.down", "j", &["> 2 Malicious container"]),
    ("move.up", "j j k", &["> 2 Malicious container"]),
    ("move.top", "G g", &["> 1 External attacker"]),
    ("move.bottom", "G", &["> 5 Vulnerable applications"]),
    (
        "move.half-down",
        "2 * Ctrl-D",
        &[">        shop/cart                                                          high"],
    ),
    (
        "move.half-up",
        "2 * Ctrl-D Ctrl-U",
        &[">  \u{25be} Stories that work"],
    ),
    ("move.page-down", "2 * PgDn", &["Runtime socket is mounted"]),
    (
        "move.page-up",
        "2 * PgDn PgUp",
        &[">  \u{25be} Stories that work"],
    ),
    (
        "move.in",
        "2 l l",
        &[">    \u{25be} Token mounted", "shop/api"],
    ),
    ("move.out", "2 l l l h h", &[">    \u{25b8} Token mounted"]),
    ("open", "j Enter", &["prod-eu1 > 2 Malicious container"]),
    ("move.next-finding", "2 } }", &[">        shop/cart"]),
    ("move.previous-finding", "2 } } {", &[">        shop/api"]),
    ("move.next-part", "2 Tab", &["Stories that work"]),
    ("move.previous-part", "2 S-Tab", &["Stories that work"]),
    ("leave", "2 Esc Esc Esc", &["WHO COULD HURT"]),
    ("leave-or-quit", "2 q q", &["=Quit"]),
    ("quit", "2 Ctrl-C", &["=Quit"]),
    ("go.external-attacker", "1", &["> 1 External attacker"]),
    ("go.malicious-container", "2", &["> 2 Malicious container"]),
    ("go.stolen-credentials", "3", &["> 3 Stolen credentials"]),
    ("go.misconfiguration", "4", &["> 4 Misconfiguration"]),
    (
        "go.vulnerable-applications",
        "5",
        &["> 5 Vulnerable applications"],
    ),
    ("go.first", "2 0", &["WHO COULD HURT"]),
    (
        "go.view",
        "2 v j j Enter",
        &["2 Malicious container: workloads", "shop/web", "=Remember"],
    ),
    ("go.controls", "c", &["prod-eu1 > controls"]),
    ("go.cuts", "x", &["prod-eu1 > cuts"]),
    ("go.changes", "t", &["prod-eu1 > changes"]),
    ("go.not-visible", "b", &["prod-eu1 > not visible"]),
    ("go.back", "2 c [", &["> 2 Malicious container"]),
    ("go.forward", "2 c [ ]", &["prod-eu1 > controls"]),
    ("go.last", "2 c -", &["> 2 Malicious container"]),
    ("go.context", ": c o n t e x t Enter", &["=ListContexts"]),
    ("go.namespace", ": g o . n a m Enter", &["shop", "pay"]),
    ("look.theme", ": t h e m e Enter", &["default16", "mono"]),
    (
        "find.filter",
        "2 / n s : p a y Enter",
        &["/ns:pay", "pay", "!shop"],
    ),
    ("find.next", "2 / c a r t Enter n n", &["shop/cart"]),
    ("find.previous", "2 / c a r t Enter n n N", &["shop/cart"]),
    (
        "ask.levels",
        "4 v j Enter j P",
        &["kube-system levels", "restricted"],
    ),
    ("find.palette", ":", &["go.external-attacker"]),
    ("find.help", "?", &["down a row"]),
    ("fix.one", "2 } y", &["> cut: ", "=ListContexts"]),
    ("fix.all", "2 Y", &["fix of 2", "=ListContexts"]),
    ("copy.name", "2 } C", &["=Copy deploy shop/api"]),
    (
        "copy.kubectl",
        "2 } K",
        &["=Copy kubectl get deploy api -n shop -o yaml"],
    ),
    (
        "look.evidence",
        "2 } d",
        &["automountServiceAccountToken", "because"],
    ),
    ("look.manifest", "2 } m", &["=Fetch"]),
    ("look.full", "2 F", &["Stories that work"]),
    (
        "look.all",
        "2 *",
        &["shop/cart                                Deployment"],
    ),
    ("look.sort", "2 s", &["by name", "=Remember"]),
    ("look.floor", "2 !", &["medium and worse only", "=Remember"]),
    (
        "look.system",
        "2 H",
        &["system namespaces hidden", "!kube-system", "=Remember"],
    ),
    ("look.freeze", "z", &["frozen  04:12"]),
    (
        "ask.who",
        "w l i s Enter",
        &["who can list", "list namespaces"],
    ),
    ("ask.reach", "a", &["from, to, port"]),
    ("ask.foothold", "3 } f", &["suppose "]),
    ("ask.rights", "3 } i", &["rights of"]),
    ("rights.form", "3 } i M M", &["rights of", "M matrix, list"]),
    ("mark.toggle", "2 } Space", &["1 marked"]),
    ("mark.none", "2 } Space u", &["!marked"]),
    ("session.relist", "Ctrl-R", &["=Relist"]),
    ("session.repaint", "Ctrl-L", &["=Repaint"]),
    ("session.suspend", "Ctrl-Z", &["=Suspend"]),
];

fn keys(app: &mut App, keys: &str) -> Vec<Effect> {
    let mut all = Vec::new();
    for key in keys.split_whitespace() {
        let effects = app.update(Msg::Key(key.parse().unwrap()));
        assert_eq!(effects.why, Some(Why::Input), "a key is answered at once");
        all.extend(effects.all);
    }
    all
}

fn in_words(effect: &Effect) -> String {
    match effect {
        Effect::Copy { text, .. } => format!("Copy {text}"),
        other => format!("{other:?}"),
    }
}

#[test]
fn every_command_does_what_its_help_says() {
    for (id, pressed, expected) in CASES {
        let mut app = app(80, 24);
        let effects = keys(&mut app, pressed);
        let screen = text(&app, 80, 24);
        for want in *expected {
            if let Some(effect) = want.strip_prefix('=') {
                let found = effects.iter().any(|e| in_words(e).starts_with(effect));
                assert!(
                    found,
                    "{id} {pressed:?}: no {effect} in {effects:?}\n{screen}"
                );
            } else if let Some(not) = want.strip_prefix('!') {
                assert!(
                    !screen.contains(not),
                    "{id} {pressed:?}: {not:?} is there\n{screen}"
                );
            } else {
                assert!(
                    screen.contains(want),
                    "{id} {pressed:?}: no {want:?}\n{screen}"
                );
            }
        }
    }
}

#[test]
fn every_command_of_the_application_is_tried() {
    let tried: BTreeSet<&str> = CASES.iter().map(|(id, ..)| *id).collect();
    let missing: Vec<&str> = command::global()
        .map(|c| c.id)
        .filter(|id| !tried.contains(id))
        .collect();
    assert!(missing.is_empty(), "{missing:?}");
}

#[test]
fn what_cannot_run_here_says_why() {
    let mut app = app(80, 24);
    press(&mut app, "v");
    assert!(text(&app, 80, 24).contains("only in a threat's pane"));
    press(&mut app, "2 C");
    assert!(text(&app, 80, 24).contains("the row is not about one object"));
}

#[test]
fn esc_never_quits() {
    let mut app = app(80, 24);
    for _ in 0..10 {
        assert!(!keys(&mut app, "Esc").contains(&Effect::Quit));
    }
}

#[test]
fn esc_closes_overlay_filter_and_level_in_that_order() {
    let mut app = app(80, 24);
    press(&mut app, "2 / c a r t Enter v");
    assert!(text(&app, 80, 24).contains("list what"));
    press(&mut app, "Esc");
    assert!(text(&app, 80, 24).contains("/cart"));
    press(&mut app, "Esc");
    let screen = text(&app, 80, 24);
    assert!(
        !screen.contains("/cart") && screen.contains("2 Malicious"),
        "{screen}"
    );
    press(&mut app, "Esc");
    assert!(text(&app, 80, 24).contains("WHO COULD HURT"));
}

#[test]
fn a_filter_that_is_dropped_brings_the_old_one_back() {
    let mut app = app(80, 24);
    press(&mut app, "2 / c a r t Enter / x x x");
    assert!(text(&app, 80, 24).contains("nothing matches the filter"));
    press(&mut app, "Esc");
    assert!(text(&app, 80, 24).contains("/cart"));
    press(&mut app, "/ Ctrl-U Backspace");
    assert!(text(&app, 80, 24).contains("Controls that hold"));
}

#[test]
fn a_place_that_was_left_is_as_it_was() {
    let mut app = app(80, 24);
    press(&mut app, "2 * G k");
    let before = text(&app, 80, 24);
    press(&mut app, "c 0 3 2");
    assert_eq!(text(&app, 80, 24), before);
}

/// A snapshot with one more working instance that sorts first.
fn with_more() -> Snapshot {
    let mut next = snapshot();
    next.generation += 1;
    let mut spaces = next.spaces.clone();
    let mut table = (*spaces["shop"]).clone();
    table.rows.insert(
        0,
        finding(
            "privileged",
            &deploy("shop", "aaa"),
            Part::Container("c".into()),
            Severity::Critical,
        ),
    );
    spaces.insert("shop".into(), Arc::new(table));
    next.spaces = spaces;
    let entry = ChangeEntry {
        at: now(),
        objects: vec![(deploy("shop", "aaa"), "created".to_owned())],
        note: None,
        diff: Diff {
            opened: vec![(
                bartizan::model::FindingId {
                    check: "privileged",
                    object: deploy("shop", "aaa"),
                    part: Part::Container("c".into()),
                },
                Severity::Critical,
            )],
            ..Diff::default()
        },
    };
    next.changes = std::iter::once(Arc::new(entry))
        .chain(next.changes.iter().cloned())
        .collect();
    next
}

#[test]
fn the_cursor_stays_on_its_row_when_rows_come_in_above() {
    let mut app = app(80, 24);
    press(&mut app, "2 * G k k k");
    let row = |app: &App| {
        let screen = text(app, 80, 24);
        screen
            .lines()
            .find(|line| line.starts_with('>'))
            .unwrap()
            .to_owned()
    };
    let before = row(&app);
    let _ = app.update(Msg::Snapshot(Arc::new(with_more())));
    assert_eq!(row(&app), before);
}

#[test]
fn rows_that_changed_are_marked_for_ten_seconds() {
    let mut app = app(80, 40);
    press(&mut app, "2 *");
    let effects = app.update(Msg::Snapshot(Arc::new(with_more())));
    assert_eq!(effects.why, Some(Why::Rows));
    let marked = |app: &App| {
        text(app, 80, 40)
            .lines()
            .filter(|line| line.get(1..2) == Some("+"))
            .map(str::to_owned)
            .collect::<Vec<_>>()
    };
    let lines = marked(&app);
    assert!(lines.iter().any(|l| l.contains("shop/aaa")), "{lines:?}");
    assert!(
        lines.iter().any(|l| l.contains("OPEN")),
        "the namespace too: {lines:?}"
    );
    assert!(
        lines
            .iter()
            .any(|l| l.contains("No container is privileged")),
        "and the control: {lines:?}"
    );
    assert_eq!(app.wake(), now() + SignedDuration::from_secs(10));
    let effects = app.update(Msg::Tick(now() + SignedDuration::from_secs(11)));
    assert_eq!(effects.why, Some(Why::Rows));
    assert!(marked(&app).is_empty());
}

#[test]
fn a_finding_that_is_gone_stays_for_ten_seconds_with_its_sign() {
    let mut app = app(80, 40);
    let _ = app.update(Msg::Snapshot(Arc::new(with_more())));
    press(&mut app, "2 *");
    let mut gone = snapshot();
    gone.generation = 9;
    let closed = with_more().changes[0].diff.opened.clone();
    let entry = ChangeEntry {
        at: now(),
        objects: Vec::new(),
        note: None,
        diff: Diff {
            closed,
            ..Diff::default()
        },
    };
    gone.changes = std::iter::once(Arc::new(entry))
        .chain(with_more().changes.iter().cloned())
        .collect();
    let _ = app.update(Msg::Snapshot(Arc::new(gone)));
    let screen = text(&app, 80, 40);
    assert!(
        screen
            .lines()
            .any(|l| l.get(1..2) == Some("x") && l.contains("aaa") && l.contains("gone")),
        "{screen}"
    );
    let _ = app.update(Msg::Tick(now() + SignedDuration::from_secs(11)));
    assert!(!text(&app, 80, 40).contains("aaa"));
}

#[test]
fn frozen_facts_stand_still_and_catch_up() {
    let mut app = app(80, 40);
    press(&mut app, "2 * z");
    let before = text(&app, 80, 40);
    let effects = app.update(Msg::Snapshot(Arc::new(with_more())));
    assert_eq!((effects, text(&app, 80, 40)), (Effects::none(), before));
    press(&mut app, "z");
    assert!(text(&app, 80, 40).contains("aaa"));
}

#[test]
fn a_snapshot_that_changes_nothing_on_the_screen_asks_for_no_frame() {
    let mut app = app(80, 24);
    let mut same = snapshot();
    same.generation += 1;
    assert_eq!(
        app.update(Msg::Snapshot(Arc::new(same.clone()))),
        Effects::none()
    );
    same.pods += 1;
    assert_eq!(
        app.update(Msg::Snapshot(Arc::new(same))).why,
        Some(Why::Counters)
    );
}

#[test]
fn time_alone_draws_once_a_minute() {
    let mut app = app(80, 24);
    assert_eq!(
        app.update(Msg::Tick(now() + SignedDuration::from_secs(5))),
        Effects::none()
    );
    assert_eq!(app.wake(), now() + SignedDuration::from_secs(30));
    let effects = app.update(Msg::Tick(now() + SignedDuration::from_secs(31)));
    assert_eq!(effects.why, Some(Why::Counters));
    assert!(text(&app, 80, 24).contains("live  04:13"));
}

#[test]
fn nothing_but_what_was_seen_is_claimed_while_kinds_load() {
    let mut loading = snapshot();
    loading.loading = vec![Loading {
        kind: Kind::Pod,
        seen: 4500,
    }];
    let mut app = app_on(loading, 80, 24);
    let screen = text(&app, 80, 24);
    assert!(screen.contains("pods 4,500 ..."), "{screen}");
    for claim in ["UNSURE", "GUARDED", "HELD", "live"] {
        assert!(!screen.contains(claim), "{claim}: {screen}");
    }
    assert!(
        screen.contains("OPEN       2 of  3 so far"),
        "what was seen stands at once: {screen}"
    );
    press(&mut app, "2 *");
    let screen = text(&app, 80, 24);
    assert!(
        screen.contains("reading pods 4,500 ...; what is seen so far:"),
        "{screen}"
    );
    for claim in [
        "UNSURE",
        "HELD",
        "Controls that hold",
        "Stories that are stopped",
    ] {
        assert!(!screen.contains(claim), "{claim}: {screen}");
    }
}

#[test]
fn a_lost_connection_keeps_the_facts_and_shows_their_age() {
    let mut app = app(80, 24);
    let mut lost = snapshot();
    let mut cluster = (*lost.cluster).clone();
    cluster.trouble = "connection refused; trying again".to_owned();
    lost.cluster = Arc::new(cluster);
    let _ = app.update(Msg::Snapshot(Arc::new(lost)));
    assert_eq!(app.wake(), now() + SignedDuration::from_secs(10));
    let later = app.update(Msg::Tick(now() + SignedDuration::from_secs(12)));
    assert!(later.why.is_some(), "the age alone is worth a frame");
    assert!(text(&app, 80, 24).contains("lost  10s"));
    let _ = app.update(Msg::Tick(now() + SignedDuration::from_secs(200)));
    let screen = text(&app, 80, 24);
    assert!(
        screen.contains("lost  3m") && screen.contains("connection refused"),
        "{screen}"
    );
    assert!(screen.contains("OPEN       2 of  3"));
}

#[test]
fn what_a_cut_is_worth_is_asked_once_and_shown() {
    let mut app = app(120, 40);
    let effects = keys(&mut app, "2 } }");
    let asked: Vec<&Effect> = effects
        .iter()
        .filter(|e| matches!(e, Effect::Ask { .. }))
        .collect();
    let Some(Effect::Ask {
        number,
        query: Query::WhatIf(changes),
    }) = asked.last()
    else {
        panic!("{effects:?}");
    };
    assert_eq!(changes.len(), 1);
    let ended = vec![InstanceId {
        story: "token-reads-secrets",
        actor: Actor::Object(deploy("shop", "cart")),
    }];
    let answer = Answer::WhatIf(Diff {
        ended,
        ..Diff::default()
    });
    let _ = app.update(Msg::Answer {
        number: *number,
        generation: 7,
        answer,
    });
    let screen = text(&app, 120, 40);
    assert!(screen.contains("ends 1 story"), "{screen}");
}

#[test]
fn notes_and_outcomes_stand_until_the_next_key() {
    let mut app = app(80, 24);
    let _ = app.update(Msg::Note(Note::warning("the token expires in 2 minutes")));
    assert!(text(&app, 80, 24).contains("the token expires in 2 minutes"));
    press(&mut app, "j");
    assert!(!text(&app, 80, 24).contains("expires"));
    let copied = Msg::Copied {
        says: "sent to tmux (1.2 kB); also in /home/u/fix.yaml".into(),
        care: false,
    };
    let _ = app.update(copied);
    assert!(text(&app, 80, 24).contains("sent to tmux (1.2 kB); also in /home/u/fix.yaml"));
}

#[test]
fn a_long_note_is_told_whole_above_the_key_bar() {
    let path = format!("/home/somebody/{}/fix.yaml", "a-folder/".repeat(6));
    for (width, height) in [(80, 24), (59, 14), (40, 8)] {
        let mut app = app(width, height);
        let _ = app.update(Msg::Note(Note::notice(format!(
            "sent to clipboard (OSC 52, 1.2 kB); also in {path}"
        ))));
        let screen = text(&app, width, height);
        let joined: String = screen.lines().map(str::trim).collect();
        assert!(joined.contains(&path), "{width}x{height}\n{screen}");
        let first = app.snapshot_shown().cluster.name.clone();
        assert!(screen.contains(&*first), "the header stands");
    }
}

#[test]
fn choices_are_remembered_and_recalled() {
    let mut app = app(80, 24);
    let effects = keys(&mut app, "2 ! s");
    let Some(Effect::Remember(memory)) = effects.last() else {
        panic!("{effects:?}")
    };
    let mut other = crate::ui_world::app(80, 24);
    let _ = other.update(Msg::Recalled((**memory).clone()));
    press(&mut other, "2");
    let screen = text(&other, 80, 24);
    assert!(
        screen.contains("medium and worse only") && screen.contains("by name"),
        "{screen}"
    );
}
