//! Meanings to styles. Widgets and panes ask for what a text *means*; a theme file says how that looks; the colour level
//! of the terminal says what of it can be shown. One file in `themes/` is one theme.
//!
//! Must not know the terminal, the files of the user or any pane: it takes text and gives styles.

mod catalogue;
mod colour;
mod error;
mod file;
mod ink;
mod meaning;
mod suggest;

#[cfg(test)]
mod judge;

pub use catalogue::Themes;
pub use colour::{ColourLevel, lower};
pub use error::ThemeError;
pub use meaning::Meaning;

use ratatui::style::{Color, Modifier, Style};

/// The name of the theme that is used when nobody chose one: it keeps to the terminal's own sixteen colours.
pub const DEFAULT_THEME: &str = "default16";

/// One theme, already brought down to what the terminal can show.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Theme {
    name: String,
    level: ColourLevel,
    styles: [Style; Meaning::COUNT],
}

impl Theme {
    /// A theme that needs no file: no colour at all, the selection reversed. The last resort when a file is broken.
    pub fn plain() -> Self {
        let mut styles = [Style::new(); Meaning::COUNT];
        for (style, meaning) in styles.iter_mut().zip(Meaning::ALL) {
            *style = match meaning {
                Meaning::Selected => reset().add_modifier(Modifier::REVERSED),
                Meaning::Title | Meaning::Critical | Meaning::Error | Meaning::Key => {
                    reset().add_modifier(Modifier::BOLD)
                }
                _ => reset(),
            };
        }
        Self {
            name: "plain".to_owned(),
            level: ColourLevel::Mono,
            styles,
        }
    }

    /// The style of a meaning.
    pub fn style(&self, meaning: Meaning) -> Style {
        self.styles[meaning.index()]
    }

    /// The name the theme was asked for with.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// The colour level the styles were made for.
    pub fn level(&self) -> ColourLevel {
        self.level
    }
}

/// No colour and no modifier, said outright: a cell drawn with it forgets what lay below.
fn reset() -> Style {
    Style::new().fg(Color::Reset).bg(Color::Reset)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_resort_shows_the_selection_without_colour() {
        let theme = Theme::plain();
        assert!(
            theme
                .style(Meaning::Selected)
                .add_modifier
                .contains(Modifier::REVERSED)
        );
        for meaning in Meaning::ALL {
            let style = theme.style(*meaning);
            assert_eq!(
                (style.fg, style.bg),
                (Some(Color::Reset), Some(Color::Reset)),
                "{meaning}"
            );
        }
    }
}
