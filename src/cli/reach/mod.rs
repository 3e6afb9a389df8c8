//! `reach`: which pairs are asked for, and their answers in three formats.

mod ask;
mod diff;
mod print;

pub(super) use ask::{Ask, answer, notes};
pub(super) use diff::{changes, with_files};
pub(super) use print::{BecauseRow, named, print};
