//! A piece of text with a meaning: what lines are made of.

use std::borrow::Cow;

use unicode_width::UnicodeWidthStr as _;

use crate::theme::Meaning;

/// A piece of text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece<'a> {
    /// The text, already fit to be shown.
    pub text: Cow<'a, str>,
    /// What it means.
    pub meaning: Meaning,
}

impl<'a> Piece<'a> {
    /// A piece.
    pub fn new(text: impl Into<Cow<'a, str>>, meaning: Meaning) -> Piece<'a> {
        Piece {
            text: text.into(),
            meaning,
        }
    }

    /// Columns it takes.
    pub fn width(&self) -> usize {
        self.text.width()
    }

    /// The same piece on its own.
    pub fn into_owned(self) -> Piece<'static> {
        Piece {
            text: Cow::Owned(self.text.into_owned()),
            meaning: self.meaning,
        }
    }
}
