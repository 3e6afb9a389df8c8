//! Colour levels, and bringing a colour down to one. Distances are weighted by how the eye sees red, green and blue;
//! the first sixteen colours belong to the person who owns the terminal, so nothing is ever mapped *onto* them by number
//! from 256 colours.

use ratatui::style::Color;
use std::fmt;
use std::str::FromStr;

/// How many colours the terminal is trusted with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ColourLevel {
    /// None: meaning is carried by words and by bold, underlined and reversed text.
    Mono,
    /// The sixteen ANSI colours, whose look the person chose.
    C16,
    /// The 256 colours of xterm.
    C256,
    /// 24-bit colour.
    Rgb,
}

impl fmt::Display for ColourLevel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Mono => "mono",
            Self::C16 => "16",
            Self::C256 => "256",
            Self::Rgb => "rgb",
        })
    }
}

impl FromStr for ColourLevel {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        match text {
            "mono" => Ok(Self::Mono),
            "16" => Ok(Self::C16),
            "256" => Ok(Self::C256),
            "rgb" => Ok(Self::Rgb),
            _ => Err(()),
        }
    }
}

/// The colour that stands for `colour` at `level`. Colours that the level can show come back unchanged.
pub fn lower(colour: Color, level: ColourLevel) -> Color {
    match (level, colour) {
        (_, Color::Reset) | (ColourLevel::Mono, _) => Color::Reset,
        (ColourLevel::C16, Color::Rgb(r, g, b)) => ansi(nearest_ansi([r, g, b])),
        (ColourLevel::C16, Color::Indexed(n)) => ansi(if n < 16 {
            n
        } else {
            nearest_ansi(indexed_rgb(n))
        }),
        (ColourLevel::C256, Color::Rgb(r, g, b)) => Color::Indexed(nearest_indexed([r, g, b])),
        (_, Color::Indexed(n)) if n < 16 => ansi(n),
        (_, colour) => colour,
    }
}

/// The sixteen colours by number, as ratatui names them.
pub(super) fn ansi(number: u8) -> Color {
    match number {
        0 => Color::Black,
        1 => Color::Red,
        2 => Color::Green,
        3 => Color::Yellow,
        4 => Color::Blue,
        5 => Color::Magenta,
        6 => Color::Cyan,
        7 => Color::Gray,
        8 => Color::DarkGray,
        9 => Color::LightRed,
        10 => Color::LightGreen,
        11 => Color::LightYellow,
        12 => Color::LightBlue,
        13 => Color::LightMagenta,
        14 => Color::LightCyan,
        _ => Color::White,
    }
}

/// xterm's own values of the sixteen colours: the best guess at what a person's terminal shows.
pub(super) const ANSI_RGB: [[u8; 3]; 16] = [
    [0, 0, 0],
    [205, 0, 0],
    [0, 205, 0],
    [205, 205, 0],
    [0, 0, 238],
    [205, 0, 205],
    [0, 205, 205],
    [229, 229, 229],
    [127, 127, 127],
    [255, 0, 0],
    [0, 255, 0],
    [255, 255, 0],
    [92, 92, 255],
    [255, 0, 255],
    [0, 255, 255],
    [255, 255, 255],
];

/// The levels of each channel in xterm's cube of 6 x 6 x 6 colours.
const CUBE: [u8; 6] = [0, 95, 135, 175, 215, 255];

/// The value of one of xterm's 256 colours.
pub(super) fn indexed_rgb(number: u8) -> [u8; 3] {
    match number {
        0..16 => ANSI_RGB[usize::from(number)],
        16..232 => {
            let n = usize::from(number - 16);
            [CUBE[n / 36], CUBE[n / 6 % 6], CUBE[n % 6]]
        }
        232.. => [8 + (number - 232) * 10; 3],
    }
}

/// The nearest of the cube and the grey ramp; never one of the first sixteen.
fn nearest_indexed(rgb: [u8; 3]) -> u8 {
    nearest(16..=255, rgb, indexed_rgb)
}

/// The nearest of the sixteen. Greys stay grey: a dark grey must not turn blue because that is close by number.
fn nearest_ansi(rgb: [u8; 3]) -> u8 {
    const GREYS: [u8; 4] = [0, 8, 7, 15];
    const HUES: [u8; 12] = [1, 2, 3, 4, 5, 6, 9, 10, 11, 12, 13, 14];
    let spread = rgb.iter().max().unwrap_or(&0) - rgb.iter().min().unwrap_or(&0);
    let value = |n| ANSI_RGB[usize::from(n)];
    if spread < 40 {
        nearest(GREYS, rgb, value)
    } else {
        nearest(HUES, rgb, value)
    }
}

/// The candidate whose colour looks closest.
fn nearest(
    candidates: impl IntoIterator<Item = u8>,
    rgb: [u8; 3],
    value: impl Fn(u8) -> [u8; 3],
) -> u8 {
    candidates
        .into_iter()
        .min_by_key(|n| distance(value(*n), rgb))
        .unwrap_or(0)
}

/// Squared distance, the channels weighted as the eye weighs them (about 2 : 4 : 3).
fn distance(a: [u8; 3], b: [u8; 3]) -> u32 {
    let square = |i: usize| u32::from(a[i].abs_diff(b[i])).pow(2);
    2 * square(0) + 4 * square(1) + 3 * square(2)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn known_colours_come_down_to_what_a_person_would_choose() {
        let rgb = |r, g, b| Color::Rgb(r, g, b);
        assert_eq!(
            lower(rgb(255, 0, 0), ColourLevel::C256),
            Color::Indexed(196)
        );
        assert_eq!(lower(rgb(8, 8, 8), ColourLevel::C256), Color::Indexed(232));
        assert_eq!(lower(rgb(251, 73, 52), ColourLevel::C16), Color::LightRed);
        assert_eq!(lower(rgb(40, 40, 40), ColourLevel::C16), Color::Black);
        assert_eq!(lower(rgb(80, 76, 74), ColourLevel::C16), Color::DarkGray);
        assert_eq!(lower(rgb(250, 250, 250), ColourLevel::C16), Color::White);
        assert_eq!(
            lower(Color::Indexed(196), ColourLevel::C16),
            Color::LightRed
        );
        assert_eq!(lower(Color::Indexed(3), ColourLevel::Rgb), Color::Yellow);
        assert_eq!(lower(Color::Red, ColourLevel::C16), Color::Red);
    }

    #[test]
    fn levels_print_and_parse() {
        for level in [
            ColourLevel::Mono,
            ColourLevel::C16,
            ColourLevel::C256,
            ColourLevel::Rgb,
        ] {
            assert_eq!(level.to_string().parse(), Ok(level));
        }
        assert_eq!("17".parse::<ColourLevel>(), Err(()));
    }

    proptest! {
        #[test]
        fn lowering_ends_within_the_level_and_is_stable(r: u8, g: u8, b: u8, n: u8) {
            for colour in [Color::Rgb(r, g, b), Color::Indexed(n)] {
                prop_assert_eq!(lower(colour, ColourLevel::Mono), Color::Reset);
                let sixteen = lower(colour, ColourLevel::C16);
                prop_assert!(!matches!(sixteen, Color::Rgb(..) | Color::Indexed(_) | Color::Reset));
                prop_assert_eq!(lower(sixteen, ColourLevel::C16), sixteen);
                let indexed = lower(colour, ColourLevel::C256);
                prop_assert!(!matches!(indexed, Color::Rgb(..)));
                prop_assert_eq!(lower(indexed, ColourLevel::C256), indexed);
            }
        }
    }
}
