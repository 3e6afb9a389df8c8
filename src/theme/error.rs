//! What can be wrong with a theme, in sentences that say where and what to do.

/// Why a theme cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ThemeError {
    /// No theme has this name.
    #[error("no theme is called {name:?}; there are {known}")]
    NoTheme {
        /// The name that was asked for.
        name: String,
        /// The names there are, in order.
        known: String,
    },
    /// The file is not TOML, or has a key that themes do not have.
    #[error(
        "{file}:{line}: {what}; a theme has about, extends, background, [palette] and [styles]"
    )]
    Syntax {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// What the parser found.
        what: String,
    },
    /// `[styles]` names something that is not a meaning.
    #[error("{file}:{line}: {name:?} is not a meaning{hint}")]
    UnknownMeaning {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The name in the file.
        name: String,
        /// What was probably meant, or where the list is.
        hint: String,
    },
    /// A colour or a look that cannot be read.
    #[error(
        "{file}:{line}: {word:?} is not understood; write FG [on BG] and bold, dim, italic, underlined or reversed, \
         a colour being one of the sixteen names, a number, #rrggbb, default or a name from [palette]"
    )]
    Colour {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The word.
        word: String,
    },
    /// `extends` names a theme that is not there, or comes round to itself.
    #[error("{file}:{line}: cannot extend {name:?}: {why}")]
    Extends {
        /// The file.
        file: String,
        /// The line, counted from 1.
        line: usize,
        /// The theme named.
        name: String,
        /// Why not.
        why: String,
    },
    /// Nothing to start from.
    #[error("{file}: [styles] must define text, or the theme must extend one that does")]
    NoText {
        /// The file.
        file: String,
    },
}
