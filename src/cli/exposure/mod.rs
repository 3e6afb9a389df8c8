//! `exposure`: every way in from outside with what NetworkPolicy says of it, in three formats.

mod print;

pub(super) use print::print;
