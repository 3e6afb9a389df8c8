//! Columns that stand at the right end of a line, each of one width.

use crate::model::{ObjectKey, Severity};
use crate::theme::Meaning;
use crate::ui::canvas::{Cell, owned};
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;

/// Widths of columns that stand at the right end.
pub(super) const KIND: u16 = 11;
/// Columns that a name keeps before others give way.
pub(super) const NAME: u16 = 20;
pub(super) const PODS: u16 = 9;
pub(super) const SEVERITY: u16 = 8;
pub(super) const TALLY: u16 = 12;

/// The worst severity.
pub(super) fn severity(worst: Option<Severity>) -> Cell<'static> {
    let piece = worst.map_or(Piece::new("", Meaning::Text), |worst| {
        Piece::new(worst.word(), say::severity(worst))
    });
    Cell::fixed(SEVERITY, piece).to_right()
}

/// `works` where a story does.
pub(super) fn works(n: usize) -> Cell<'static> {
    let text = if n > 0 { "works" } else { "" };
    Cell::fixed(5, Piece::new(text, Meaning::Works))
}

/// The kind of an object.
pub(super) fn kind(key: &ObjectKey) -> Cell<'static> {
    Cell::fixed(KIND, owned(key.kind.name(), Meaning::Muted))
}

/// A count of pods, nothing for none.
pub(super) fn pods_cell(n: usize) -> Cell<'static> {
    let text = if n == 0 {
        String::new()
    } else {
        counted(n, "pod", "pods")
    };
    Cell::fixed(PODS, Piece::new(text, Meaning::Number)).to_right()
}

/// A tally that takes no more room than it needs: titles beside it are long.
pub(super) fn tally_cell(text: String, meaning: Meaning) -> Cell<'static> {
    let width = (text.len() as u16).max(SEVERITY);
    Cell::fixed(width, Piece::new(text, meaning)).to_right()
}

/// A count with its noun.
pub(super) fn amount(text: String) -> Cell<'static> {
    Cell::fixed(TALLY, owned(text, Meaning::Number)).to_right()
}
