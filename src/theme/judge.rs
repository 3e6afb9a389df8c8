//! The tests every theme file passes without its author writing one: complete, legible, and each level within its means.
//!
//! Contrast is that of WCAG 2.2 (1.4.3, 1.4.11); colour blindness is simulated with the matrices of Machado, Oliveira and
//! Fernandes, *A Physiologically-based Model for Simulation of Color Vision Deficiency* (2009), full severity; distance
//! between colours is taken in Oklab.

use super::catalogue::Themes;
use super::colour::{ColourLevel, indexed_rgb};
use super::{Meaning, Theme};
use ratatui::style::{Color, Modifier};

const LEVELS: [ColourLevel; 4] = [
    ColourLevel::Mono,
    ColourLevel::C16,
    ColourLevel::C256,
    ColourLevel::Rgb,
];

/// Names of all built-in themes, read from the folder as the build does.
fn themes() -> Vec<String> {
    Themes::built_in()
        .names()
        .into_iter()
        .map(str::to_owned)
        .collect()
}

fn theme(name: &str, level: ColourLevel) -> Theme {
    Themes::built_in().get(name, level).unwrap()
}

/// The value of a colour; the terminal's own are judged as xterm shows them.
fn rgb(colour: Color) -> [f64; 3] {
    let bytes = match colour {
        Color::Rgb(r, g, b) => [r, g, b],
        Color::Indexed(n) => indexed_rgb(n),
        named => (0..16)
            .find(|n| super::colour::ansi(*n) == named)
            .map(indexed_rgb)
            .unwrap(),
    };
    bytes.map(|byte| f64::from(byte) / 255.0)
}

fn linear(colour: [f64; 3]) -> [f64; 3] {
    colour.map(|c| {
        if c <= 0.040_45 {
            c / 12.92
        } else {
            ((c + 0.055) / 1.055).powf(2.4)
        }
    })
}

fn luminance(colour: Color) -> f64 {
    let [r, g, b] = linear(rgb(colour));
    0.2126 * r + 0.7152 * g + 0.0722 * b
}

fn contrast(a: Color, b: Color) -> f64 {
    let (a, b) = (luminance(a), luminance(b));
    (a.max(b) + 0.05) / (a.min(b) + 0.05)
}

type Matrix = [[f64; 3]; 3];

fn times(m: &Matrix, v: [f64; 3]) -> [f64; 3] {
    m.map(|row| row[0] * v[0] + row[1] * v[1] + row[2] * v[2])
}

const EYES: [(&str, Matrix); 4] = [
    (
        "ordinary",
        [[1.0, 0.0, 0.0], [0.0, 1.0, 0.0], [0.0, 0.0, 1.0]],
    ),
    (
        "protanope",
        [
            [0.152_286, 1.052_583, -0.204_868],
            [0.114_503, 0.786_281, 0.099_216],
            [-0.003_882, -0.048_116, 1.051_998],
        ],
    ),
    (
        "deuteranope",
        [
            [0.367_322, 0.860_646, -0.227_968],
            [0.280_085, 0.672_501, 0.047_413],
            [-0.011_820, 0.042_940, 0.968_881],
        ],
    ),
    (
        "tritanope",
        [
            [1.255_528, -0.076_749, -0.178_779],
            [-0.078_411, 0.930_809, 0.147_602],
            [0.004_733, 0.691_367, 0.303_900],
        ],
    ),
];

/// Oklab (Björn Ottosson, 2020) of a linear colour.
fn oklab(linear: [f64; 3]) -> [f64; 3] {
    const TO_CONES: Matrix = [
        [0.412_221_470_8, 0.536_332_536_3, 0.051_445_992_9],
        [0.211_903_498_2, 0.680_699_545_1, 0.107_396_956_6],
        [0.088_302_461_9, 0.281_718_837_6, 0.629_978_700_5],
    ];
    const TO_LAB: Matrix = [
        [0.210_454_255_3, 0.793_617_785_0, -0.004_072_046_8],
        [1.977_998_495_1, -2.428_592_205_0, 0.450_593_709_9],
        [0.025_904_037_1, 0.782_771_766_2, -0.808_675_766_0],
    ];
    times(&TO_LAB, times(&TO_CONES, linear).map(f64::cbrt))
}

fn distance(eye: &Matrix, a: Color, b: Color) -> f64 {
    let seen = |colour| oklab(times(eye, linear(rgb(colour))).map(|c| c.clamp(0.0, 1.0)));
    let (a, b) = (seen(a), seen(b));
    (0..3).map(|i| (a[i] - b[i]).powi(2)).sum::<f64>().sqrt()
}

#[test]
fn there_are_the_six_themes_and_each_has_a_sentence() {
    for name in [
        "colour-blind",
        "dark",
        "default16",
        "high-contrast",
        "light",
        "mono",
    ] {
        assert!(themes().iter().any(|known| known == name), "{name}");
    }
    for name in themes() {
        assert!(
            Themes::built_in().about(&name).unwrap().len() > 20,
            "{name}: say what it is for"
        );
    }
}

#[test]
fn no_level_shows_more_than_it_may() {
    for name in themes() {
        for level in LEVELS {
            let theme = theme(&name, level);
            for meaning in Meaning::ALL {
                let style = theme.style(*meaning);
                for colour in [style.fg.unwrap(), style.bg.unwrap()] {
                    let fine = match level {
                        ColourLevel::Mono => colour == Color::Reset,
                        ColourLevel::C16 => !matches!(colour, Color::Rgb(..) | Color::Indexed(_)),
                        ColourLevel::C256 => !matches!(colour, Color::Rgb(..)),
                        ColourLevel::Rgb => true,
                    };
                    assert!(fine, "{name} at {level}: {meaning} has {colour}");
                }
            }
        }
    }
}

#[test]
fn state_is_seen_at_every_level() {
    for name in themes() {
        for level in LEVELS {
            let theme = theme(&name, level);
            for meaning in [
                Meaning::Selected,
                Meaning::SelectedIdle,
                Meaning::Marked,
                Meaning::Match,
                Meaning::Critical,
                Meaning::Error,
                Meaning::Key,
            ] {
                assert_ne!(
                    theme.style(meaning),
                    theme.style(Meaning::Text),
                    "{name} at {level}: {meaning} looks like text"
                );
            }
            assert_ne!(
                theme.style(Meaning::Selected),
                theme.style(Meaning::SelectedIdle),
                "{name} at {level}"
            );
            for meaning in Meaning::ALL {
                let style = theme.style(*meaning);
                assert!(
                    style.fg == Some(Color::Reset) || style.fg != style.bg,
                    "{name} at {level}: {meaning} is invisible"
                );
            }
        }
    }
}

#[test]
fn nothing_is_italic() {
    // GNU screen with TERM=screen shows SGR 3 as standout, which looks like the selection.
    for name in themes() {
        for meaning in Meaning::ALL {
            let style = theme(&name, ColourLevel::Rgb).style(*meaning);
            assert!(
                !style.add_modifier.contains(Modifier::ITALIC),
                "{name}: {meaning}"
            );
        }
    }
}

#[test]
fn default16_is_legible_on_any_terminal() {
    // Solarized makes bright-black the background; bright colours vanish on white; white and black on their own kind.
    let plain = [
        Color::Reset,
        Color::Red,
        Color::Green,
        Color::Yellow,
        Color::Blue,
        Color::Magenta,
        Color::Cyan,
    ];
    for level in LEVELS {
        let theme = theme("default16", level);
        for meaning in Meaning::ALL {
            let style = theme.style(*meaning);
            assert!(
                plain.contains(&style.fg.unwrap()),
                "{meaning} has {:?}",
                style.fg
            );
            assert_eq!(
                style.bg,
                Some(Color::Reset),
                "{meaning} paints a background"
            );
        }
    }
}

#[test]
fn painted_themes_have_contrast() {
    for (name, text, other) in [
        ("dark", 4.5, 3.0),
        ("light", 4.5, 3.0),
        ("colour-blind", 4.5, 3.0),
        ("high-contrast", 7.0, 7.0),
    ] {
        for level in [ColourLevel::C256, ColourLevel::Rgb] {
            let theme = theme(name, level);
            for meaning in Meaning::ALL {
                let style = theme.style(*meaning);
                let wanted = match meaning {
                    Meaning::Border
                    | Meaning::BorderFocused
                    | Meaning::ScrollBar
                    | Meaning::KeyOff => other,
                    _ => text,
                };
                let is = contrast(style.fg.unwrap(), style.bg.unwrap());
                assert!(
                    is >= wanted,
                    "{name} at {level}: {meaning} has {is:.2}, wants {wanted}"
                );
            }
        }
    }
}

#[test]
fn the_colour_blind_theme_is_told_apart_by_every_eye() {
    let pairs = [
        (Meaning::Fires, Meaning::Clear),
        (Meaning::Works, Meaning::Stopped),
        (Meaning::Open, Meaning::Held),
        (Meaning::Open, Meaning::Guarded),
        (Meaning::Guarded, Meaning::Held),
        (Meaning::Critical, Meaning::Medium),
        (Meaning::Critical, Meaning::Low),
        (Meaning::High, Meaning::Low),
        (Meaning::Medium, Meaning::Low),
        (Meaning::Added, Meaning::Removed),
        (Meaning::Worse, Meaning::Better),
        (Meaning::Unknown, Meaning::Fires),
        (Meaning::Unknown, Meaning::Clear),
        (Meaning::Error, Meaning::Notice),
    ];
    for level in [ColourLevel::C256, ColourLevel::Rgb] {
        let theme = theme("colour-blind", level);
        for (eye, matrix) in &EYES {
            for (a, b) in pairs {
                let apart = distance(
                    matrix,
                    theme.style(a).fg.unwrap(),
                    theme.style(b).fg.unwrap(),
                );
                assert!(
                    apart >= 0.12,
                    "{eye} at {level}: {a} and {b} are {apart:.3} apart"
                );
            }
        }
    }
}

#[test]
fn the_judge_knows_right_from_wrong() {
    let (black, white) = (Color::Rgb(0, 0, 0), Color::Rgb(255, 255, 255));
    assert!((contrast(black, white) - 21.0).abs() < 0.01);
    let (red, green) = (Color::Rgb(200, 60, 40), Color::Rgb(110, 120, 30));
    let [ordinary, _, deuteranope, _] = &EYES;
    assert!(distance(&ordinary.1, red, green) > 2.0 * distance(&deuteranope.1, red, green));
    for (eye, matrix) in &EYES {
        for row in matrix {
            assert!(
                (row.iter().sum::<f64>() - 1.0).abs() < 1e-4,
                "{eye}: grey must stay grey"
            );
        }
    }
}
