//! `can` and `who-can`: how a question is written, and its answers in their formats.

pub(super) mod batch;
mod question;
pub(super) mod who;

pub(super) use question::{Question, caller, what};
