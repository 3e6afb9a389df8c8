//! `reach`: which pairs are asked for, and their answers in three formats.

mod ask;
mod print;

pub(super) use ask::{Ask, answer, notes};
pub(super) use print::{BecauseRow, named, print};
