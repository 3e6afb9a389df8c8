//! How many colours this terminal gets: `--color`, then `NO_COLOR`, then what `COLORTERM` and `TERM` say.
//! Nothing is asked of the terminal itself: an answer may take seconds through tmux and ssh.

use super::env::Env;
use crate::theme::ColourLevel;
use std::str::FromStr;

/// What the person asked for with `--color`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum ColourChoice {
    /// What the environment says.
    #[default]
    Auto,
    /// Colours even where `NO_COLOR` is set or the terminal is unknown.
    Always,
    /// None.
    Never,
    /// This many.
    Exactly(ColourLevel),
}

impl FromStr for ColourChoice {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "auto" => Ok(Self::Auto),
            "always" => Ok(Self::Always),
            "never" => Ok(Self::Never),
            _ => text.parse().map(Self::Exactly).map_err(|()| {
                format!("{text:?} is not one of auto, always, never, mono, 16, 256, rgb")
            }),
        }
    }
}

/// The level to draw with.
pub fn level(choice: ColourChoice, env: &Env) -> ColourLevel {
    match choice {
        ColourChoice::Exactly(level) => level,
        ColourChoice::Never => ColourLevel::Mono,
        ColourChoice::Always => said_by_terminal(env).max(ColourLevel::C16),
        // https://no-color.org: set and not empty.
        ColourChoice::Auto if env.has("NO_COLOR") => ColourLevel::Mono,
        ColourChoice::Auto => said_by_terminal(env),
    }
}

/// Terminals that have 24-bit colour but whose `COLORTERM` ssh does not carry over.
const RGB_TERMS: [&str; 8] = [
    "xterm-kitty",
    "xterm-ghostty",
    "ghostty",
    "alacritty",
    "foot",
    "wezterm",
    "contour",
    "rio",
];

/// Families whose members all have the sixteen colours.
const COLOUR_FAMILIES: [&str; 17] = [
    "xterm", "screen", "tmux", "rxvt", "linux", "putty", "konsole", "gnome", "vte", "st", "cygwin",
    "eterm", "iterm", "mlterm", "teraterm", "mintty", "cons25",
];

fn said_by_terminal(env: &Env) -> ColourLevel {
    let term = env.get("TERM").unwrap_or_default().to_ascii_lowercase();
    let by_name = said_by_name(&term);
    if by_name == Some(ColourLevel::Mono) || term == "linux" {
        // Quirk "inherited COLORTERM": it outlives a change of TERM. The Linux console reads 38;2 but has sixteen colours.
        return by_name.unwrap_or(ColourLevel::Mono);
    }
    let claims_rgb = matches!(env.get("COLORTERM"), Some("truecolor" | "24bit"));
    let level = if claims_rgb {
        ColourLevel::Rgb
    } else {
        by_name.unwrap_or(ColourLevel::Mono)
    };
    if env.in_screen() {
        // Quirk "screen passes COLORTERM on": GNU screen before 5 has no 24-bit colour, whatever the terminal outside has.
        return level.min(if term.contains("256color") {
            ColourLevel::C256
        } else {
            ColourLevel::C16
        });
    }
    level
}

/// What the name alone says; `None` for a name nobody knows, which gets no colours unless `COLORTERM` vouches for it.
fn said_by_name(term: &str) -> Option<ColourLevel> {
    let family = term.split(['-', '.', '+']).next().unwrap_or_default();
    let starts = |name: &str| term.starts_with(name);
    if matches!(
        family,
        "" | "dumb" | "unknown" | "ansi" | "network" | "dialup"
    ) || family.starts_with("vt") && family != "vte"
        || term.ends_with("-m")
        || term.ends_with("-mono")
    {
        // Quirk "blinking 38;5": what does not know 256 colours reads the 5 as blink; these get no colour sequence at all.
        Some(ColourLevel::Mono)
    } else if term.contains("direct") || RGB_TERMS.iter().any(|name| starts(name)) {
        Some(ColourLevel::Rgb)
    } else if term.contains("256color") {
        Some(ColourLevel::C256)
    } else if COLOUR_FAMILIES.contains(&family) || term.contains("color") {
        Some(ColourLevel::C16)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ColourLevel::{C16, C256, Mono, Rgb};

    fn auto(pairs: &[(&str, &str)]) -> ColourLevel {
        level(ColourChoice::Auto, &Env::from_pairs(pairs.iter().copied()))
    }

    #[test]
    fn term_names_give_what_they_can_show() {
        for (term, wanted) in [
            ("", Mono),
            ("dumb", Mono),
            ("unknown", Mono),
            ("vt100", Mono),
            ("vt220-w", Mono),
            ("ansi", Mono),
            ("xterm-mono", Mono),
            ("screen.linux-m", Mono),
            ("something-else", Mono),
            ("linux", C16),
            ("xterm", C16),
            ("xterm-color", C16),
            ("screen", C16),
            ("screen.xterm", C16),
            ("st", C16),
            ("vte", C16),
            ("xterm-16color", C16),
            ("putty-256color", C256),
            ("tmux-256color", C256),
            ("xterm-direct", Rgb),
            ("xterm-kitty", Rgb),
            ("foot-extra", Rgb),
            ("alacritty", Rgb),
        ] {
            assert_eq!(auto(&[("TERM", term)]), wanted, "{term}");
        }
        assert_eq!(auto(&[]), Mono);
    }

    #[test]
    fn no_color_counts_only_when_it_is_not_empty() {
        assert_eq!(auto(&[("TERM", "xterm-256color"), ("NO_COLOR", "1")]), Mono);
        assert_eq!(auto(&[("TERM", "xterm-256color"), ("NO_COLOR", "")]), C256);
    }

    #[test]
    fn the_person_has_the_last_word() {
        let env = Env::from_pairs([("TERM", "xterm-256color"), ("NO_COLOR", "1")]);
        assert_eq!(level("always".parse().unwrap(), &env), C256);
        assert_eq!(level("never".parse().unwrap(), &env), Mono);
        assert_eq!(level("rgb".parse().unwrap(), &env), Rgb);
        assert_eq!(level(ColourChoice::Always, &Env::default()), C16);
        assert!(
            "purple"
                .parse::<ColourChoice>()
                .unwrap_err()
                .contains("auto, always, never")
        );
    }

    #[test]
    fn quirk_inherited_colorterm() {
        assert_eq!(
            auto(&[("TERM", "xterm-256color"), ("COLORTERM", "truecolor")]),
            Rgb
        );
        assert_eq!(
            auto(&[("TERM", "nobody-knows"), ("COLORTERM", "24bit")]),
            Rgb
        );
        assert_eq!(auto(&[("TERM", "vt100"), ("COLORTERM", "truecolor")]), Mono);
        assert_eq!(auto(&[("TERM", "linux"), ("COLORTERM", "truecolor")]), C16);
        assert_eq!(auto(&[("TERM", "xterm"), ("COLORTERM", "yes")]), C16);
    }

    #[test]
    fn quirk_screen_passes_colorterm_on() {
        assert_eq!(
            auto(&[
                ("TERM", "screen"),
                ("STY", "1.x"),
                ("COLORTERM", "truecolor")
            ]),
            C16
        );
        assert_eq!(
            auto(&[
                ("TERM", "screen-256color"),
                ("STY", "1.x"),
                ("COLORTERM", "truecolor")
            ]),
            C256
        );
        assert_eq!(
            auto(&[
                ("TERM", "tmux-256color"),
                ("TMUX", "/tmp/x,1,0"),
                ("COLORTERM", "truecolor")
            ]),
            Rgb
        );
    }
}
