//! A theme file: TOML with `about`, `extends`, `background`, `[palette]` and `[styles]`. Reading one gives looks that are
//! still free of any colour level; every complaint names file and line.

use super::error::ThemeError;
use super::ink::{Ink, Look, Palette, look, palette_ink};
use super::meaning::Meaning;
use super::suggest::closest;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

/// What the file holds, as written.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Written {
    about: String,
    extends: Option<Spanned<String>>,
    background: Option<Spanned<String>>,
    #[serde(default)]
    palette: BTreeMap<String, Spanned<String>>,
    #[serde(default)]
    styles: BTreeMap<Spanned<String>, Spanned<String>>,
}

/// A file that was read: its own looks, over those of the theme it extends.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Looks {
    /// One sentence about the theme.
    pub(super) about: String,
    /// What lies below every text.
    pub(super) background: Ink,
    palette: Palette,
    defined: BTreeMap<Meaning, Look>,
}

impl Looks {
    /// The look of a meaning, or of the nearest parent that has one.
    pub(super) fn look(&self, meaning: Meaning) -> Look {
        let mut at = meaning;
        loop {
            match self.defined.get(&at) {
                Some(look) => return *look,
                None if at == Meaning::Text => return Look::default(),
                None => at = at.parent(),
            }
        }
    }

    /// The colour of ordinary text, which a look without a colour of its own has.
    pub(super) fn text(&self) -> Ink {
        self.look(Meaning::Text).fg.unwrap_or(Ink::TERMINAL)
    }

    /// Whether any colour is asked for.
    pub(super) fn is_coloured(&self) -> bool {
        self.background != Ink::TERMINAL || self.defined.values().any(|look| look.is_coloured())
    }
}

/// Reads a theme file. `base` gives the looks of a theme by name, or the reason why it cannot.
pub(super) fn read(
    file: &str,
    text: &str,
    base: impl FnOnce(&str) -> Result<Looks, String>,
) -> Result<Looks, ThemeError> {
    let source = Source { file, text };
    let written: Written = toml::from_str(text).map_err(|error| ThemeError::Syntax {
        file: file.to_owned(),
        line: source.line(&error.span().unwrap_or_default()),
        what: error.message().replace('\n', " "),
    })?;
    let mut looks = match &written.extends {
        None => Looks {
            about: String::new(),
            background: Ink::TERMINAL,
            palette: Palette::new(),
            defined: BTreeMap::new(),
        },
        Some(name) => base(name.as_ref()).map_err(|why| ThemeError::Extends {
            file: file.to_owned(),
            line: source.line(&name.span()),
            name: name.as_ref().clone(),
            why,
        })?,
    };
    looks.about = written.about;
    for (name, colour) in &written.palette {
        let ink = palette_ink(colour.as_ref()).map_err(|word| source.colour(colour, word))?;
        looks.palette.insert(name.clone(), ink);
    }
    if let Some(ground) = &written.background {
        let read =
            look(ground.as_ref(), &looks.palette).map_err(|word| source.colour(ground, word))?;
        looks.background = read.fg.unwrap_or(Ink::TERMINAL);
    }
    for (name, value) in &written.styles {
        let meaning = Meaning::named(name.as_ref()).ok_or_else(|| source.unknown_meaning(name))?;
        let read =
            look(value.as_ref(), &looks.palette).map_err(|word| source.colour(value, word))?;
        looks.defined.insert(meaning, read);
    }
    if looks.defined.contains_key(&Meaning::Text) {
        Ok(looks)
    } else {
        Err(ThemeError::NoText {
            file: file.to_owned(),
        })
    }
}

/// The file while it is read, to say where something is.
struct Source<'a> {
    file: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn line(&self, span: &Range<usize>) -> usize {
        self.text
            .bytes()
            .take(span.start)
            .filter(|byte| *byte == b'\n')
            .count()
            + 1
    }

    fn colour(&self, at: &Spanned<String>, word: &str) -> ThemeError {
        ThemeError::Colour {
            file: self.file.to_owned(),
            line: self.line(&at.span()),
            word: word.to_owned(),
        }
    }

    fn unknown_meaning(&self, name: &Spanned<String>) -> ThemeError {
        let hint = closest(
            name.as_ref(),
            Meaning::ALL.iter().map(|meaning| meaning.name()),
        )
        .map_or_else(
            || "; the built-in themes show the list".to_owned(),
            |near| format!("; did you mean {near:?}?"),
        );
        ThemeError::UnknownMeaning {
            file: self.file.to_owned(),
            line: self.line(&name.span()),
            name: name.as_ref().clone(),
            hint,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::theme::ColourLevel;
    use ratatui::style::{Color, Modifier};

    fn alone(text: &str) -> Result<Looks, ThemeError> {
        read("mine.toml", text, |_| {
            Err("there is no such theme".to_owned())
        })
    }

    #[test]
    fn what_is_left_out_looks_like_its_parent() {
        let looks =
            alone("about = 'x'\n[styles]\ntext = 'white'\ncritical = 'red bold'\n").unwrap();
        assert_eq!(looks.look(Meaning::Open), looks.look(Meaning::Critical));
        assert_eq!(looks.look(Meaning::YamlValue), looks.look(Meaning::Text));
        let style =
            looks
                .look(Meaning::Open)
                .style(ColourLevel::C16, looks.text(), looks.background);
        assert_eq!(style.fg, Some(Color::Red));
        assert!(style.add_modifier.contains(Modifier::BOLD));
    }

    #[test]
    fn a_look_without_a_colour_has_that_of_text() {
        let looks =
            alone("about = 'x'\nbackground = 'black'\n[styles]\ntext = 'white'\ntitle = 'bold'\n")
                .unwrap();
        let style =
            looks
                .look(Meaning::Title)
                .style(ColourLevel::C16, looks.text(), looks.background);
        assert_eq!(
            (style.fg, style.bg),
            (Some(Color::Gray), Some(Color::Black))
        );
    }

    #[test]
    fn complaints_name_file_and_line_and_what_to_do() {
        let complaint = |text: &str| alone(text).unwrap_err().to_string();
        let unknown = complaint("about = 'x'\n[styles]\ntext = ''\ncriticl = 'red'\n");
        assert_eq!(
            unknown,
            "mine.toml:4: \"criticl\" is not a meaning; did you mean \"critical\"?"
        );
        let colour = complaint("about = 'x'\n\n[styles]\ntext = 'redd'\n");
        assert!(
            colour.starts_with("mine.toml:4: \"redd\" is not understood; write FG"),
            "{colour}"
        );
        let field = complaint("about = 'x'\nextend = 'dark'\n");
        assert!(
            field.starts_with("mine.toml:2: unknown field `extend`"),
            "{field}"
        );
        let broken = complaint("about = 'x'\n[styles\n");
        assert!(broken.starts_with("mine.toml:2: "), "{broken}");
        let extends = complaint("about = 'x'\nextends = 'dark'\n");
        assert_eq!(
            extends,
            "mine.toml:2: cannot extend \"dark\": there is no such theme"
        );
        assert!(complaint("about = 'x'\n").contains("must define text"));
        let palette = complaint("about = 'x'\n[palette]\nred = '#12'\n[styles]\ntext = ''\n");
        assert!(palette.starts_with("mine.toml:3: \"#12\""), "{palette}");
    }

    #[test]
    fn a_theme_that_extends_another_keeps_what_it_does_not_say() {
        let base = alone(
            "about = 'x'\nbackground = 'base'\n[palette]\nbase = '#000000'\n[styles]\ntext = 'white'\nlow = 'cyan'\n",
        );
        let over = read(
            "mine.toml",
            "about = 'y'\nextends = 'x'\n[styles]\nlow = 'base on green'\n",
            |_| base.map_err(|error| error.to_string()),
        )
        .unwrap();
        assert_eq!(over.about, "y");
        assert_eq!(
            over.look(Meaning::Low).fg.map(|ink| ink.colour),
            Some(Color::Rgb(0, 0, 0))
        );
        assert_eq!(over.background.colour, Color::Rgb(0, 0, 0));
        assert_eq!(over.look(Meaning::Critical), over.look(Meaning::Text));
    }
}
