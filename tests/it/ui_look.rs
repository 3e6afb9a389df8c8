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
        (120, 40, "j"),
        (60, 15, ""),
        (40, 10, ""),
        (160, 50, "j"),
        (80, 24, "2 v"),
    ] {
        let mut app = app(width, height);
        press(&mut app, keys);
        println!("\n===== {width}x{height} {keys:?}");
        println!("{}", text(&app, width, height));
    }
}
