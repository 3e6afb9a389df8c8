//! Prints screens, for a person to look at: `cargo test --test it ui_look -- --ignored --nocapture`.

use bartizan::ui::App;
use ratatui::buffer::Buffer;
use ratatui::layout::Rect;

use crate::ui_world::{app, press};

/// The screen as text.
pub fn text(app: &App, width: u16, height: u16) -> String {
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    app.paint(buffer.area, &mut buffer);
    let line = |y: u16| -> String {
        (0..width)
            .map(|x| buffer.cell((x, y)).map_or(" ", |c| c.symbol()))
            .collect()
    };
    (0..height)
        .map(|y| line(y).trim_end().to_owned() + "\n")
        .collect()
}

#[test]
#[ignore = "prints screens for a person"]
fn screens() {
    for (width, height, keys) in [
        (80, 24, ""),
        (80, 24, "2"),
        (80, 24, "2 * } }"),
        (80, 24, "2 } } Enter"),
        (80, 24, "2 v"),
        (80, 24, "?"),
        (80, 24, ":"),
        (80, 24, "c"),
        (80, 24, "b"),
        (80, 24, "t"),
        (80, 24, "x"),
        (100, 30, "2 } d"),
        (100, 30, "2 } y"),
        (100, 30, "2 }"),
        (120, 40, "2 * } } }"),
        (100, 30, "2 v j j Enter *"),
        (100, 30, "3"),
        (100, 30, "4"),
        (100, 24, "5"),
        (60, 15, "2"),
        (40, 10, "2"),
    ] {
        let mut app = app(width, height);
        press(&mut app, keys);
        println!("\n===== {width}x{height} {keys:?}");
        println!("{}", text(&app, width, height));
    }
}

#[test]
#[ignore = "prints screens for a person"]
fn starting() {
    use bartizan::engine::Snapshot;
    use bartizan::engine::snapshot::Loading;
    use bartizan::model::Kind;
    let nothing = crate::ui_world::app_on(Snapshot::default(), 80, 24);
    println!("===== before the first fact\n{}", text(&nothing, 80, 24));
    let mut loading = crate::ui_world::snapshot();
    loading.loading = vec![
        Loading {
            kind: Kind::Pod,
            seen: 4500,
        },
        Loading {
            kind: Kind::ReplicaSet,
            seen: 120,
        },
    ];
    let mut app = crate::ui_world::app_on(loading, 80, 24);
    println!("===== loading\n{}", text(&app, 80, 24));
    press(&mut app, "2");
    println!("===== loading\n{}", text(&app, 80, 24));
}
