//! `can` and `who-can`: who asks, and answers in their formats.

pub(super) mod batch;
mod caller;
pub(super) mod who;

pub(super) use caller::caller;
