//! `paths`: how a start is written, and ways in their formats.

mod print;
mod start;

pub(super) use print::{Answer, edges, print};
pub(super) use start::start;
