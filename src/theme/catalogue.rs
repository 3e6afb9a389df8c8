//! The themes there are: the built-in ones and those of the person, by name.

use super::colour::ColourLevel;
use super::error::ThemeError;
use super::file::{Looks, read};
use super::meaning::Meaning;
use super::{DEFAULT_THEME, Theme};
use std::collections::BTreeMap;

include!(concat!(env!("OUT_DIR"), "/themes.rs"));

/// A theme that extends one that extends one ... this deep is a mistake.
const MAX_DEPTH: usize = 8;

/// Where a theme's text is from.
#[derive(Debug, Clone)]
struct Entry {
    file: String,
    text: String,
}

/// All themes by name. A theme of the person hides a built-in one of the same name, and may extend it.
#[derive(Debug, Clone, Default)]
pub struct Themes {
    own: BTreeMap<String, Entry>,
}

impl Themes {
    /// The built-in themes alone.
    pub fn built_in() -> Self {
        Self::default()
    }

    /// Adds a theme of the person, or replaces it: `file` is what complaints call it. A broken one is refused and
    /// what was there before stays.
    pub fn add(&mut self, name: &str, file: &str, text: &str) -> Result<(), ThemeError> {
        let before = self.own.insert(
            name.to_owned(),
            Entry {
                file: file.to_owned(),
                text: text.to_owned(),
            },
        );
        let checked = self.looks(name, 0).map(|_| ());
        if checked.is_err() {
            match before {
                Some(entry) => self.own.insert(name.to_owned(), entry),
                None => self.own.remove(name),
            };
        }
        checked
    }

    /// The names, in order.
    pub fn names(&self) -> Vec<&str> {
        let mut names: Vec<&str> = self
            .own
            .keys()
            .map(String::as_str)
            .chain(THEMES.iter().map(|(name, _)| *name))
            .collect();
        names.sort_unstable();
        names.dedup();
        names
    }

    /// One sentence about a theme.
    pub fn about(&self, name: &str) -> Result<String, ThemeError> {
        self.looks(name, 0).map(|looks| looks.about)
    }

    /// The theme with this name, brought down to a colour level. Without colours a theme made of colours would lose its
    /// marks, so the `mono` theme takes its place.
    pub fn get(&self, name: &str, level: ColourLevel) -> Result<Theme, ThemeError> {
        let mut looks = self.looks(name, 0)?;
        if level == ColourLevel::Mono && looks.is_coloured() {
            looks = self.looks("mono", 0)?;
        }
        let styles = std::array::from_fn(|at| {
            looks
                .look(Meaning::ALL[at])
                .style(level, looks.text(), looks.background)
        });
        Ok(Theme {
            name: name.to_owned(),
            level,
            styles,
        })
    }

    /// The theme that is used when nobody chose one. It cannot fail: a broken file of that name gives plain text.
    pub fn default_theme(&self, level: ColourLevel) -> Theme {
        self.get(DEFAULT_THEME, level)
            .unwrap_or_else(|_| Theme::plain())
    }

    fn looks(&self, name: &str, depth: usize) -> Result<Looks, ThemeError> {
        match self.own.get(name) {
            // A theme that extends its own name means the built-in one.
            Some(own) => read(&own.file, &own.text, |base| match base == name {
                true => built_in_looks(base),
                false if depth == MAX_DEPTH => {
                    Err("themes extend each other in a circle".to_owned())
                }
                false => self
                    .looks(base, depth + 1)
                    .map_err(|error| error.to_string()),
            }),
            None => built_in(name)
                .ok_or_else(|| self.no_theme(name))
                .and_then(|text| read(&built_in_file(name), text, built_in_looks)),
        }
    }

    fn no_theme(&self, name: &str) -> ThemeError {
        ThemeError::NoTheme {
            name: name.to_owned(),
            known: self.names().join(", "),
        }
    }
}

fn built_in(name: &str) -> Option<&'static str> {
    THEMES
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, text)| *text)
}

fn built_in_file(name: &str) -> String {
    format!("themes/{name}.toml")
}

fn built_in_looks(name: &str) -> Result<Looks, String> {
    let text = built_in(name).ok_or_else(|| "there is no such built-in theme".to_owned())?;
    // Built-in themes extend nothing that extends: one step is enough and cannot go round.
    read(&built_in_file(name), text, |_| {
        Err("built-in themes extend only themes that stand alone".to_owned())
    })
    .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::style::Color;

    #[test]
    fn a_persons_theme_may_extend_the_built_in_one_it_hides() {
        let mut themes = Themes::built_in();
        themes
            .add(
                "dark",
                "/etc/x/dark.toml",
                "about = 'mine'\nextends = 'dark'\n[styles]\nlow = '#010203'\n",
            )
            .unwrap();
        let theme = themes.get("dark", ColourLevel::Rgb).unwrap();
        assert_eq!(theme.style(Meaning::Low).fg, Some(Color::Rgb(1, 2, 3)));
        let plain = Themes::built_in().get("dark", ColourLevel::Rgb).unwrap();
        assert_eq!(
            theme.style(Meaning::Critical),
            plain.style(Meaning::Critical)
        );
        assert_eq!(
            themes
                .names()
                .iter()
                .filter(|name| **name == "dark")
                .count(),
            1
        );
        assert_eq!(themes.about("dark").unwrap(), "mine");
    }

    #[test]
    fn themes_that_go_round_are_refused() {
        let mut themes = Themes::built_in();
        themes
            .add("a", "a.toml", "about = 'a'\nextends = 'dark'\n")
            .unwrap();
        themes
            .add("b", "b.toml", "about = 'b'\nextends = 'a'\n")
            .unwrap();
        let error = themes
            .add("a", "a.toml", "about = 'a'\nextends = 'b'\n")
            .unwrap_err();
        assert!(error.to_string().contains("circle"), "{error}");
    }

    #[test]
    fn a_broken_edit_leaves_the_last_good_theme() {
        let mut themes = Themes::built_in();
        themes
            .add("a", "a.toml", "about = 'good'\n[styles]\ntext = ''\n")
            .unwrap();
        assert!(
            themes
                .add("a", "a.toml", "about = 'bad'\n[styles]\ntxt = ''\n")
                .is_err()
        );
        assert_eq!(themes.about("a").unwrap(), "good");
        assert!(themes.add("c", "c.toml", "x").is_err());
        assert!(!themes.names().contains(&"c"));
    }

    #[test]
    fn a_name_that_is_not_there_lists_those_that_are() {
        let error = Themes::built_in()
            .get("drak", ColourLevel::C16)
            .unwrap_err()
            .to_string();
        assert!(
            error.starts_with(
                "no theme is called \"drak\"; there are colour-blind, dark, default16,"
            ),
            "{error}"
        );
    }
}
