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

    /// Whether a blank drawn with either looks the same: then only what lies below it and lines through it count.
    pub(super) fn blanks_like(self, other: Self) -> bool {
        let lines = Modifier::UNDERLINED | Modifier::CROSSED_OUT;
        let plain = !(self.modifiers | other.modifiers).intersects(lines | Modifier::REVERSED);
        plain && self.bg == other.bg
    }

    /// Turns this pen into another and writes the sequence for it.
    pub(super) fn turn(&mut self, to: Self, level: ColourLevel, out: &mut Vec<u8>) {
        if *self == to {
            return;
        }
        let afresh = Params::new("0").add(Self::RESET, to);
        let onward = Params::default().take_back(self.modifiers, to.modifiers);
        // Quirk "vt100 knows only 0": what gets no colours may be too old to take a single modifier back.
        let params = match onward {
            Some((params, kept)) if level > ColourLevel::Mono || kept == self.modifiers => {
                let onward = params.add(
                    Self {
                        modifiers: kept,
                        ..*self
                    },
                    to,
                );
                if onward.0.len() < afresh.0.len() {
                    onward
                } else {
                    afresh
                }
            }
            _ => afresh,
        };
        *self = to;
        out.extend_from_slice(b"\x1b[");
        // `ESC [ m` is `ESC [ 0 m`.
        out.extend_from_slice(if params.0 == "0" {
            b""
        } else {
            params.0.as_bytes()
        });
        out.push(b'm');
    }
}

/// The parameters of one sequence.
#[derive(Default)]
struct Params(String);

impl Params {
    fn new(first: &str) -> Self {
        Self(first.to_owned())
    }

    fn push(&mut self, param: &str) {
        if !self.0.is_empty() {
            self.0.push(';');
        }
        self.0.push_str(param);
    }

    /// What leads from one pen to another by adding alone.
    fn add(mut self, from: Pen, to: Pen) -> Self {
        for (modifier, number) in MODIFIERS {
            if to.modifiers.contains(modifier) && !from.modifiers.contains(modifier) {
                self.push(&number.to_string());
            }
        }
        if from.fg != to.fg {
            self.push(&colour(to.fg, 30));
        }
        if from.bg != to.bg {
            self.push(&colour(to.bg, 40));
        }
        self
    }

    /// Takes back the modifiers that are not wanted any more, and says which are left; `None` where only a reset can.
    fn take_back(mut self, from: Modifier, to: Modifier) -> Option<(Self, Modifier)> {
        let mut left = from;
        for (group, number) in TAKEN_BACK {
            if !to.contains(from & group) {
                self.push(number);
                left -= group;
            }
        }
        to.contains(left).then_some((self, left))
    }
}

/// What takes modifiers back, by groups (ECMA-48, 8.3.117). 22 ends bold and dim alike.
const TAKEN_BACK: [(Modifier, &str); 3] = [
    (Modifier::BOLD.union(Modifier::DIM), "22"),
    (Modifier::UNDERLINED, "24"),
    (Modifier::REVERSED, "27"),
];

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
        at.turn(pen(to, level), level, &mut out);
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
    fn a_blank_shows_only_what_lies_below_it() {
        let level = ColourLevel::C16;
        let like = |a, b| pen(a, level).blanks_like(pen(b, level));
        let plain = Style::new();
        assert!(like(plain, plain.red().bold()));
        assert!(!like(plain, plain.on_red()));
        assert!(!like(plain, plain.underlined()));
        assert!(!like(plain.red().reversed(), plain.blue().reversed()));
    }

    #[test]
    fn quirk_vt100_knows_only_0() {
        let (from, to) = (Style::new().bold().reversed(), Style::new().reversed());
        assert_eq!(turned(from, to, ColourLevel::Mono), "\x1b[0;7m");
        assert_eq!(turned(to, from, ColourLevel::Mono), "\x1b[1m");
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
        assert_eq!(turned(Style::new(), rich, ColourLevel::C16), "\x1b[31;40m");
        assert_eq!(
            turned(Style::new(), rich, ColourLevel::C256),
            "\x1b[38;5;160;48;5;232m"
        );
    }
}
