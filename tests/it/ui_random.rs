//! Whatever a person types, however the window is pulled, whatever the cluster does meanwhile: the screen is drawn.

use std::sync::Arc;

use bartizan::engine::Snapshot;
use bartizan::model::{Part, Severity, Str};
use bartizan::term::{Code, Key};
use bartizan::ui::{App, Msg};
use jiff::SignedDuration;
use proptest::prelude::*;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui_world::{app, deploy, finding, now, snapshot};

#[derive(Clone, Debug)]
enum Step {
    Key(Key),
    Paste(String),
    Resize(u16, u16),
    Snapshot(Vec<u8>),
    Tick(u32),
}

fn key() -> impl Strategy<Value = Key> {
    let known = "jkgGlhq0123456vcxtb[]-/nN:?yYCKdmF*s!HzDep{}ur ";
    prop_oneof![
        8 => prop::sample::select(known.chars().collect::<Vec<_>>()).prop_map(Key::char),
        1 => any::<char>().prop_filter("no control", |c| !c.is_control()).prop_map(Key::char),
        1 => prop::sample::select("drsulwzc".chars().collect::<Vec<_>>()).prop_map(Key::ctrl),
        4 => prop::sample::select(vec![Code::Enter, Code::Esc, Code::Tab, Code::Backspace, Code::Delete, Code::Up,
            Code::Down, Code::Left, Code::Right, Code::Home, Code::End, Code::PageUp, Code::PageDown]).prop_map(Key::plain),
    ]
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => key().prop_map(Step::Key),
        1 => "\\PC{0,20}".prop_map(Step::Paste),
        2 => (0u16..130, 0u16..50).prop_map(|(w, h)| Step::Resize(w, h)),
        2 => prop::collection::vec(0u8..40, 0..12).prop_map(Step::Snapshot),
        1 => (0u32..90).prop_map(Step::Tick),
    ]
}

/// The small cluster with other findings in its namespace.
fn changed(names: &[u8], generation: u64) -> Snapshot {
    let mut next = snapshot();
    next.generation = generation;
    let mut table = (*next.spaces["shop"]).clone();
    table.rows = names
        .iter()
        .map(|n| {
            let check = ["privileged", "token", "open-ingress", "moving-tag"][usize::from(n % 4)];
            let name = format!("app-{n}");
            finding(
                check,
                &deploy("shop", &name),
                Part::Container(Str::from(name.as_str())),
                Severity::ALL[usize::from(n % 4)],
            )
        })
        .collect();
    // Rows come in order of check.
    table.rows.sort_by(|a, b| a.check.cmp(b.check));
    next.spaces.insert("shop".into(), Arc::new(table));
    if names.len() % 3 == 0 {
        next.spaces.remove("pay");
        next.stories = Arc::from([]);
    }
    next
}

fn draw(app: &App, width: u16, height: u16) -> Buffer {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    app.paint(buffer.area, &mut buffer);
    buffer
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn nothing_that_happens_makes_it_fall_over(steps in prop::collection::vec(step(), 1..60)) {
        let mut app = app(80, 24);
        let mut size = (80, 24);
        let mut generation = 10;
        let mut time = now();
        for step in steps {
            let msg = match step {
                Step::Key(key) => Msg::Key(key),
                Step::Paste(text) => Msg::Paste(text),
                Step::Resize(width, height) => {
                    size = (width, height);
                    Msg::Resize(width, height)
                }
                Step::Snapshot(names) => {
                    generation += 1;
                    Msg::Snapshot(Arc::new(changed(&names, generation)))
                }
                Step::Tick(seconds) => {
                    time += SignedDuration::from_secs(seconds.into());
                    Msg::Tick(time)
                }
            };
            let _ = app.update(msg);
            let first = draw(&app, size.0, size.1);
            prop_assert_eq!(&first, &draw(&app, size.0, size.1), "drawing has no effect");
            for cell in &first.content {
                prop_assert!(!cell.symbol().chars().any(bartizan::model::text::is_hostile), "{:?}", cell.symbol());
            }
        }
    }
}
