//! Full screen: what has the keys stands alone, in every pane that shows something beside it; elsewhere the key says why.

use bartizan::ui::App;

use crate::ui_look::text;
use crate::ui_world::{app, press};

/// A column of the screen that holds the line between two parts from top to bottom of the pane.
fn is_split(app: &App, width: u16, height: u16) -> bool {
    let rows: Vec<Vec<char>> = text(app, width, height)
        .lines()
        .map(|line| line.chars().collect())
        .collect();
    let lines = usize::from(height) - 4;
    (1..usize::from(width)).any(|x| {
        let bars = rows.iter().filter(|row| row.get(x) == Some(&'│')).count();
        bars >= lines
    })
}

#[test]
fn what_has_the_keys_stands_alone_and_comes_back() {
    for way in ["", "2", "t", "c", "x", "b"] {
        let mut app = app(140, 40);
        press(&mut app, way);
        let before = text(&app, 140, 40);
        assert!(is_split(&app, 140, 40), "{way:?}\n{before}");
        press(&mut app, "F");
        let full = text(&app, 140, 40);
        assert!(!is_split(&app, 140, 40), "{way:?}\n{full}");
        // Esc leaves full screen before it leaves the pane.
        press(&mut app, "Esc");
        assert_eq!(text(&app, 140, 40), before, "{way:?}");
    }
}

#[test]
fn the_board_alone_takes_the_whole_width() {
    let mut app = app(140, 40);
    press(&mut app, "F");
    let screen = text(&app, 140, 40);
    let heads = screen.lines().find(|l| l.contains("WHO COULD")).unwrap();
    assert!(heads.trim_end().len() > 130, "{screen}");
    assert!(!screen.contains("malicious"), "{screen}");
}

#[test]
fn a_sheet_that_has_the_keys_stands_alone_too() {
    for (width, height) in [(140, 40), (80, 24)] {
        let mut app = app(width, height);
        press(&mut app, "x Tab F");
        let screen = text(&app, width, height);
        assert!(screen.contains("y shows it as YAML"), "{screen}");
        assert!(!screen.contains(" ends 2 of 3  "), "{screen}");
    }
}

#[test]
fn where_nothing_stands_beside_the_key_says_so_and_esc_and_q_are_not_held_up() {
    let mut app = app(80, 24);
    press(&mut app, "F");
    let screen = text(&app, 80, 24);
    assert!(screen.contains("nothing stands beside it here"), "{screen}");
    // Full in a pane that splits does not take a second q at the first screen, which does not.
    press(&mut app, "2 F 0");
    let effects = app.update(bartizan::ui::Msg::Key("q".parse().unwrap()));
    assert_eq!(effects.all, [bartizan::ui::Effect::Quit]);
}
