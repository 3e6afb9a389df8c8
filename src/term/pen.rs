//! Colours and modifiers as SGR parameters, with as few bytes as the change needs.
//!
//! Why not the writer of ratatui-crossterm 0.1: it writes even the sixteen colours as `38;5;n`, which old terminals read
//! as blink, resets three times at the end of every frame, and under `NO_COLOR` turns the colour part of a change into a
//! bare `ESC [ m`, which takes bold and reversed away with it (crossterm#1069).

use crate::theme::{ColourLevel, lower};
use ratatui::buffer::Cell;
use ratatui::style::{Color, Modifier};
use std::fmt::Write;

/// What the terminal draws with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Pen {
    fg: Color,
    bg: Color,
    modifiers: Modifier,
}

/// Modifiers and their SGR numbers.
const MODIFIERS: [(Modifier, u8); 9] = [
    (Modifier::BOLD, 1),
    (Modifier::DIM, 2),
    (Modifier::ITALIC, 3),
    (Modifier::UNDERLINED, 4),
    (Modifier::SLOW_BLINK, 5),
    (Modifier::RAPID_BLINK, 6),
    (Modifier::REVERSED, 7),
    (Modifier::HIDDEN, 8),
    (Modifier::CROSSED_OUT, 9),
];

impl Pen {
    /// What a terminal has after a reset.
    pub(super) const RESET: Self = Self {
        fg: Color::Reset,
        bg: Color::Reset,
        modifiers: Modifier::empty(),
    };

    /// What a cell needs, brought down to the level once more: whatever a theme or a pane asked for, a terminal without
    /// colours gets no colour sequence.
    pub(super) fn of(cell: &Cell, level: ColourLevel) -> Self {
        Self {
            fg: lower(cell.fg, level),
            bg: lower(cell.bg, level),
            modifiers: cell.modifier,
        }
    }

    /// Turns this pen into another and writes the sequence for it.
    pub(super) fn turn(&mut self, to: Self, out: &mut Vec<u8>) {
        if *self == to {
            return;
        }
        let whole = Self::RESET.difference(to, "0");
        let nothing_goes = to.modifiers.contains(self.modifiers);
        let step = if nothing_goes {
            self.difference(to, "")
        } else {
            whole.clone()
        };
        let shorter = if step.len() < whole.len() {
            step
        } else {
            whole
        };
        *self = to;
        // `ESC [ m` is `ESC [ 0 m`.
        let params = if shorter == "0" { "" } else { &shorter };
        out.extend_from_slice(b"\x1b[");
        out.extend_from_slice(params.as_bytes());
        out.push(b'm');
    }

    /// The parameters that lead to `to` when only adding, after what `first` does.
    fn difference(self, to: Self, first: &str) -> String {
        let mut params = first.to_owned();
        let mut add = |param: &str| {
            if !params.is_empty() {
                params.push(';');
            }
            params.push_str(param);
        };
        for (modifier, number) in MODIFIERS {
            if to.modifiers.contains(modifier) && !self.modifiers.contains(modifier) {
                add(&number.to_string());
            }
        }
        if self.fg != to.fg {
            add(&colour(to.fg, 30));
        }
        if self.bg != to.bg {
            add(&colour(to.bg, 40));
        }
        params
    }
}

/// The parameters of a colour; `base` is 30 for text and 40 for what lies below it.
fn colour(colour: Color, base: u8) -> String {
    let number = match colour {
        Color::Reset => return (base + 9).to_string(),
        Color::Rgb(r, g, b) => {
            let mut text = String::new();
            let _ = write!(text, "{};2;{r};{g};{b}", base + 8);
            return text;
        }
        Color::Indexed(n) if n > 15 => return format!("{};5;{n}", base + 8),
        Color::Indexed(n) => n,
        Color::Black => 0,
        Color::Red => 1,
        Color::Green => 2,
        Color::Yellow => 3,
        Color::Blue => 4,
        Color::Magenta => 5,
        Color::Cyan => 6,
        Color::Gray => 7,
        Color::DarkGray => 8,
        Color::LightRed => 9,
        Color::LightGreen => 10,
        Color::LightYellow => 11,
        Color::LightBlue => 12,
        Color::LightMagenta => 13,
        Color::LightCyan => 14,
        Color::White => 15,
    };
    // aixterm's 90 to 97 and 100 to 107 for the bright half.
    (if number < 8 {
        base + number
    } else {
        base + 60 + number - 8
    })
    .to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Style;

    fn pen(style: Style, level: ColourLevel) -> Pen {
        let mut cell = Cell::default();
        cell.set_style(style);
        Pen::of(&cell, level)
    }

    fn turned(from: Style, to: Style, level: ColourLevel) -> String {
        let (mut at, mut out) = (pen(from, level), Vec::new());
        at.turn(pen(to, level), &mut out);
        assert_eq!(at, pen(to, level));
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn a_change_costs_only_what_it_needs() {
        let level = ColourLevel::Rgb;
        let plain = Style::new();
        assert_eq!(turned(plain, plain, level), "");
        assert_eq!(turned(plain, plain.red(), level), "\x1b[31m");
        assert_eq!(turned(plain.red(), plain.red().bold(), level), "\x1b[1m");
        assert_eq!(turned(plain.red().bold(), plain, level), "\x1b[m");
        assert_eq!(
            turned(plain.red().bold(), plain.blue(), level),
            "\x1b[0;34m"
        );
        assert_eq!(
            turned(plain.red().on_blue(), plain.red(), level),
            "\x1b[49m"
        );
        assert_eq!(
            turned(plain.light_red(), plain.on_white(), level),
            "\x1b[0;107m"
        );
        assert_eq!(
            turned(
                plain,
                plain.fg(Color::Rgb(1, 2, 3)).bg(Color::Indexed(208)),
                level
            ),
            "\x1b[38;2;1;2;3;48;5;208m"
        );
    }

    #[test]
    fn quirk_blinking_38_5() {
        // The sixteen colours never take the form that old terminals read as blink.
        for n in 0..16 {
            let text = turned(
                Style::new(),
                Style::new().fg(Color::Indexed(n)).bg(Color::Indexed(n)),
                ColourLevel::Rgb,
            );
            assert!(!text.contains("8;5"), "{text:?}");
        }
    }

    #[test]
    fn quirk_no_color_takes_bold_away() {
        // Without colours a change of colour is no change, and a modifier stays.
        let coloured = Style::new().red().on_blue().bold();
        assert_eq!(turned(Style::new().bold(), coloured, ColourLevel::Mono), "");
        assert_eq!(
            turned(Style::new(), coloured.reversed(), ColourLevel::Mono),
            "\x1b[1;7m"
        );
    }

    #[test]
    fn no_level_is_exceeded() {
        let rich = Style::new()
            .fg(Color::Rgb(200, 30, 30))
            .bg(Color::Rgb(10, 10, 10));
        assert_eq!(turned(Style::new(), rich, ColourLevel::C16), "\x1b[91;40m");
        assert_eq!(
            turned(Style::new(), rich, ColourLevel::C256),
            "\x1b[38;5;160;48;5;232m"
        );
    }
}
