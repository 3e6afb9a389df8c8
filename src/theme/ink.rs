//! One colour and one look as a theme file writes them: `bright-red`, `208`, `#fb4934`, a name from the palette;
//! `FG [on BG] [bold] [dim] [italic] [underlined] [reversed]`.

use super::colour::{ColourLevel, ansi, lower};
use ratatui::style::{Color, Modifier, Style};
use std::collections::BTreeMap;

/// A colour before it is known what the terminal can show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Ink {
    /// The colour itself.
    pub(super) colour: Color,
    /// What stands for it among sixteen colours, where the theme's author knows better than arithmetic.
    pub(super) sixteen: Option<Color>,
}

impl Ink {
    /// The colour of the terminal itself.
    pub(super) const TERMINAL: Self = Self {
        colour: Color::Reset,
        sixteen: None,
    };

    /// What is shown at a level.
    pub(super) fn at(self, level: ColourLevel) -> Color {
        match (level, self.sixteen) {
            (ColourLevel::C16, Some(colour)) => colour,
            _ => lower(self.colour, level),
        }
    }
}

/// Colours with names of the theme's own.
pub(super) type Palette = BTreeMap<String, Ink>;

/// A look: what one line of `[styles]` says.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Look {
    pub(super) fg: Option<Ink>,
    pub(super) bg: Option<Ink>,
    pub(super) modifiers: Modifier,
}

impl Look {
    /// The style at a level, on a background when it names none of its own.
    pub(super) fn style(self, level: ColourLevel, text: Ink, background: Ink) -> Style {
        Style::new()
            .fg(self.fg.unwrap_or(text).at(level))
            .bg(self.bg.unwrap_or(background).at(level))
            .add_modifier(self.modifiers)
    }

    /// Whether it asks for any colour.
    pub(super) fn is_coloured(self) -> bool {
        [self.fg, self.bg]
            .into_iter()
            .flatten()
            .any(|ink| ink.colour != Color::Reset)
    }
}

/// Reads a look. The error is the word that was not understood.
pub(super) fn look<'text>(text: &'text str, palette: &Palette) -> Result<Look, &'text str> {
    let mut look = Look::default();
    let mut ground = false;
    for word in text.split_ascii_whitespace() {
        if let Some(modifier) = modifier(word) {
            look.modifiers |= modifier;
        } else if word == "on" && !ground {
            ground = true;
        } else {
            let ink = palette
                .get(word)
                .copied()
                .or_else(|| plain_ink(word))
                .ok_or(word)?;
            let slot = if ground { &mut look.bg } else { &mut look.fg };
            if slot.replace(ink).is_some() {
                return Err(word);
            }
        }
    }
    if ground && look.bg.is_none() {
        return Err("on");
    }
    Ok(look)
}

/// Reads a line of `[palette]`: a colour, and after it what stands for it among sixteen colours.
pub(super) fn palette_ink(text: &str) -> Result<Ink, &str> {
    let mut words = text.split_ascii_whitespace();
    let first = words.next().ok_or(text)?;
    let mut ink = plain_ink(first).ok_or(first)?;
    if let Some(second) = words.next() {
        ink.sixteen = Some(named(second).ok_or(second)?);
    }
    words.next().map_or(Ok(ink), Err)
}

/// A colour that needs no palette.
fn plain_ink(word: &str) -> Option<Ink> {
    let colour = match word {
        "default" => Color::Reset,
        _ => named(word)
            .or_else(|| hex(word))
            .or_else(|| word.parse().ok().map(Color::Indexed))?,
    };
    Some(Ink {
        colour,
        sixteen: None,
    })
}

/// The names of the sixteen colours.
const ANSI_NAMES: [&str; 16] = [
    "black",
    "red",
    "green",
    "yellow",
    "blue",
    "magenta",
    "cyan",
    "white",
    "bright-black",
    "bright-red",
    "bright-green",
    "bright-yellow",
    "bright-blue",
    "bright-magenta",
    "bright-cyan",
    "bright-white",
];

fn named(word: &str) -> Option<Color> {
    (0..16)
        .zip(ANSI_NAMES)
        .find(|(_, name)| *name == word)
        .map(|(number, _)| ansi(number))
}

fn hex(word: &str) -> Option<Color> {
    let digits = word
        .strip_prefix('#')
        .filter(|digits| digits.len() == 6 && digits.is_ascii())?;
    let channel = |at| u8::from_str_radix(digits.get(at..at + 2)?, 16).ok();
    Some(Color::Rgb(channel(0)?, channel(2)?, channel(4)?))
}

fn modifier(word: &str) -> Option<Modifier> {
    // Blinking and hidden text are left out on purpose: nobody can read either.
    match word {
        "bold" => Some(Modifier::BOLD),
        "dim" => Some(Modifier::DIM),
        "italic" => Some(Modifier::ITALIC),
        "underlined" => Some(Modifier::UNDERLINED),
        "reversed" => Some(Modifier::REVERSED),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ink(colour: Color) -> Ink {
        Ink {
            colour,
            sixteen: None,
        }
    }

    #[test]
    fn a_look_is_words_in_any_order() {
        let palette = Palette::from([(
            "rust".to_owned(),
            Ink {
                colour: Color::Rgb(183, 65, 14),
                sixteen: Some(Color::Red),
            },
        )]);
        let read = look("rust on #000000 bold underlined", &palette).unwrap();
        assert_eq!(read.fg, palette.get("rust").copied());
        assert_eq!(read.bg, Some(ink(Color::Rgb(0, 0, 0))));
        assert_eq!(read.modifiers, Modifier::BOLD | Modifier::UNDERLINED);
        assert_eq!(
            look("bold 208", &palette).unwrap().fg,
            Some(ink(Color::Indexed(208)))
        );
        assert_eq!(look("", &palette).unwrap(), Look::default());
        assert_eq!(
            look("on bright-black", &palette).unwrap().bg,
            Some(ink(Color::DarkGray))
        );
        assert_eq!(palette["rust"].at(ColourLevel::C16), Color::Red);
    }

    #[test]
    fn what_is_not_understood_is_named() {
        let palette = Palette::new();
        assert_eq!(look("redd bold", &palette), Err("redd"));
        assert_eq!(look("red green", &palette), Err("green"));
        assert_eq!(look("red on", &palette), Err("on"));
        assert_eq!(look("blink", &palette), Err("blink"));
        assert_eq!(look("#12345", &palette), Err("#12345"));
        assert_eq!(look("#12345é", &palette), Err("#12345é"));
        assert_eq!(look("256", &palette), Err("256"));
        assert_eq!(palette_ink("#102030 red blue"), Err("blue"));
        assert_eq!(palette_ink("#102030 #ffffff"), Err("#ffffff"));
    }
}
