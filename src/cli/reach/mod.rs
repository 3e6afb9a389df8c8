//! `reach`: which pairs are asked for, and their answers in three formats.

mod ask;
mod party;
mod print;

pub(super) use ask::{Ask, answer, notes};
pub(super) use party::{Party, Port};
pub(super) use print::{BecauseRow, named, print};
