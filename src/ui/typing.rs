//! What keys do to a line that is being typed: in the filter, in the palette, in pickers.

use super::widgets::input::Edit;
use crate::term::{Code, Key};

/// The edit that a key stands for; `None`: it is no editing key, and commands may have it.
pub fn edit(key: Key) -> Option<Edit> {
    if let Some(c) = key.typed() {
        return Some(Edit::Insert(c));
    }
    let plain = !key.ctrl && !key.alt && !key.shift;
    match key.code {
        Code::Char('u') if key.ctrl => Some(Edit::Clear),
        Code::Char('w') if key.ctrl => Some(Edit::DeleteWord),
        Code::Backspace if plain => Some(Edit::Backspace),
        Code::Delete if plain => Some(Edit::Delete),
        Code::Left if plain => Some(Edit::Left),
        Code::Right if plain => Some(Edit::Right),
        Code::Home if plain => Some(Edit::Home),
        Code::End if plain => Some(Edit::End),
        _ => None,
    }
}
