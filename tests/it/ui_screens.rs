//! Screens as they look, text and styles, drawn from the small cluster: a lost highlight or a moved column shows here.

use bartizan::theme::ColourLevel;
use bartizan::ui::{App, Msg};
use ratatui::buffer::{Buffer, Cell};
use ratatui::layout::Rect;
use ratatui::style::{Color, Modifier};
use std::sync::Arc;

use crate::ui_world::{press, settings, snapshot};

/// The text of each line, and below it what of it has a style: `0-8 bold, 12-16 red bold`.
fn styled(buffer: &Buffer) -> String {
    let mut all = String::new();
    for y in 0..buffer.area.height {
        let cells: Vec<&Cell> = (0..buffer.area.width).map(|x| &buffer[(x, y)]).collect();
        let text: String = cells.iter().map(|c| c.symbol()).collect();
        all.push_str(&format!("|{}\n", text.trim_end()));
        let runs = runs(&cells);
        if !runs.is_empty() {
            all.push_str(&format!("    {}\n", runs.join(", ")));
        }
    }
    all
}

fn runs(cells: &[&Cell]) -> Vec<String> {
    let mut runs: Vec<(usize, usize, String)> = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let name = style(cell);
        match runs.last_mut() {
            Some((_, end, last)) if *last == name && *end + 1 == at => *end = at,
            _ if name.is_empty() => {}
            _ => runs.push((at, at, name)),
        }
    }
    runs.into_iter()
        .map(|(from, to, name)| format!("{from}-{to} {name}"))
        .collect()
}

fn style(cell: &Cell) -> String {
    // A style on nothing is not seen, but for a background and reversed or underlined cells.
    let seen = cell.symbol() != " "
        || cell.bg != Color::Reset
        || cell
            .modifier
            .intersects(Modifier::REVERSED | Modifier::UNDERLINED);
    if !seen {
        return String::new();
    }
    let mut words = Vec::new();
    if cell.fg != Color::Reset {
        words.push(format!("{:?}", cell.fg).to_lowercase());
    }
    if cell.bg != Color::Reset {
        words.push(format!("on-{:?}", cell.bg).to_lowercase());
    }
    for (name, _) in cell.modifier.iter_names() {
        words.push(name.to_lowercase());
    }
    words.join(" ")
}

fn screen(
    theme: &str,
    level: ColourLevel,
    ascii: bool,
    width: u16,
    height: u16,
    keys: &str,
) -> String {
    let mut app = App::new(settings(theme, level, ascii));
    let _ = app.update(Msg::Resize(width, height));
    let _ = app.update(Msg::Snapshot(Arc::new(snapshot())));
    press(&mut app, keys);
    let mut buffer = Buffer::empty(Rect::new(0, 0, width, height));
    app.paint(buffer.area, &mut buffer);
    styled(&buffer)
}

#[test]
fn screens() {
    for (name, width, height, keys) in [
        ("first_80x24", 80, 24, ""),
        ("first_120x40", 120, 40, "j"),
        ("first_160x50", 160, 50, "j"),
        ("first_60x15", 60, 15, ""),
        ("threat_80x24", 80, 24, "2 } }"),
        ("threat_120x40", 120, 40, "2 * } } Space j"),
        ("threat_160x50", 160, 50, "2 * } } Tab"),
        ("threat_60x15", 60, 15, "2 j"),
        ("filter_80x24", 80, 24, "2 / c a r t"),
        ("detail_80x24", 80, 24, "2 } Enter"),
        ("view_80x24", 80, 24, "2 v"),
    ] {
        insta::assert_snapshot!(
            name,
            screen("default16", ColourLevel::C16, false, width, height, keys)
        );
    }
    insta::assert_snapshot!(
        "mono_ascii",
        screen("mono", ColourLevel::Mono, true, 80, 24, "2 }")
    );
    insta::assert_snapshot!(
        "dark_rgb",
        screen("dark", ColourLevel::Rgb, false, 80, 24, "2 }")
    );
}

#[test]
fn every_theme_shows_the_cursor_and_writes_no_colour_beyond_its_level() {
    for theme in bartizan::theme::Themes::built_in().names() {
        for level in [ColourLevel::Mono, ColourLevel::C16] {
            let selected = screen(theme, level, false, 80, 24, "2 j");
            let line = selected
                .lines()
                .skip_while(|l| !l.starts_with("|>"))
                .nth(1)
                .unwrap_or_default();
            assert!(
                line.trim_start().starts_with("0-"),
                "{theme} {level}: the row is not painted: {line}"
            );
            if level == ColourLevel::Mono {
                for colour in [
                    "red", "green", "yellow", "blue", "cyan", "magenta", "rgb", "indexed",
                ] {
                    assert!(
                        !selected
                            .lines()
                            .any(|l| l.starts_with("    ") && l.contains(colour)),
                        "{theme}: {colour}"
                    );
                }
            }
        }
    }
}
