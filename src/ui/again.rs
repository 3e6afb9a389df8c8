//! Questions that a pane asks again as facts change, at a person's pace: at once the first time, then at most every two
//! seconds, and also when nothing but time goes on.

use jiff::{SignedDuration, Timestamp};

use super::action::Action;
use super::context::Context;
use crate::engine::Query;

/// An answer of older facts is asked for again at most this often: every publication makes answers older.
pub const PATIENCE: SignedDuration = SignedDuration::from_secs(2);

/// When the questions were asked last, and of which generation.
#[derive(Debug, Default)]
pub struct Again {
    asked: Option<(u64, Timestamp)>,
}

impl Again {
    /// What is to be done now: the questions, a wish to be woken, or nothing.
    pub fn ask(&mut self, cx: &Context<'_>, queries: impl Iterator<Item = Query>) -> Vec<Action> {
        let generation = cx.snapshot.generation;
        match self.asked {
            Some((of, _)) if of == generation => Vec::new(),
            Some((_, at)) if at + PATIENCE > cx.now => vec![Action::Wake(at + PATIENCE)],
            _ => {
                self.asked = Some((generation, cx.now));
                queries.map(Action::Ask).collect()
            }
        }
    }
}
