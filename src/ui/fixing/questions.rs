//! What was asked of the engine for a fix, and what it answered: again while facts change, at the person's pace.

use jiff::Timestamp;

use crate::engine::{Answer, FixAnswer, Query};
use crate::ui::action::{Action, Answered};
use crate::ui::again::PATIENCE;
use crate::ui::context::Context;
use crate::ui::effect::Effect;

/// The questions, each with its answer.
#[derive(Debug)]
pub struct Questions {
    context: Known,
    parts: Vec<Part>,
    asked: Option<Timestamp>,
}

/// Which context kubectl must be told.
#[derive(Debug, PartialEq, Eq)]
enum Known {
    No,
    Asked,
    Yes(Option<String>),
}

/// A question, and its answer with the generation that it is true of.
#[derive(Debug)]
struct Part {
    query: Query,
    answer: Option<(u64, Box<FixAnswer>)>,
}

impl Questions {
    /// Nothing is asked yet. `live`: the commands have to name a context, which is asked for first.
    pub fn new(live: bool) -> Questions {
        Questions {
            context: if live { Known::No } else { Known::Yes(None) },
            parts: Vec::new(),
            asked: None,
        }
    }

    /// Asks what is not answered, or answered of facts that are too old: older than `wanted` at once, than those on the
    /// screen after a while. `queries` makes the questions for a context.
    pub fn ask(
        &mut self,
        cx: &Context<'_>,
        wanted: Option<u64>,
        queries: impl FnOnce(Option<&str>) -> Vec<Query>,
    ) -> Vec<Action> {
        let context = match &self.context {
            Known::No => {
                self.context = Known::Asked;
                return vec![Action::Do(Effect::ListContexts)];
            }
            Known::Asked => return Vec::new(),
            Known::Yes(context) => context.as_deref(),
        };
        if self.parts.is_empty() {
            let part = |query| Part {
                query,
                answer: None,
            };
            self.parts = queries(context).into_iter().map(part).collect();
        }
        let due = self.asked.is_none_or(|at| at + PATIENCE <= cx.now);
        let is_due = |part: &&Part| match &part.answer {
            None => true,
            Some((of, _)) => {
                let too_old = wanted.is_some_and(|wanted| *of < wanted);
                too_old || (due && *of < cx.snapshot.generation)
            }
        };
        let open = self.parts.iter().filter(is_due);
        let asks: Vec<Action> = open.map(|part| Action::Ask(part.query.clone())).collect();
        if !asks.is_empty() {
            self.asked = Some(cx.now);
        } else if let Some(at) = self
            .asked
            .filter(|_| self.oldest() < Some(cx.snapshot.generation))
        {
            return vec![Action::Wake(at + PATIENCE)];
        }
        asks
    }

    /// Takes an answer; false when it is not to one of these questions.
    pub fn take(&mut self, answered: &Answered) -> bool {
        let answer: Box<FixAnswer> = match &answered.answer {
            Answer::Fix(answer) => answer.clone(),
            Answer::Harden(answer) => Box::new(answer.fix.clone()),
            Answer::Raise(answer) => Box::new(answer.fix.clone()),
            _ => return false,
        };
        let part = self.parts.iter_mut().find(|p| p.query == answered.query);
        let is_ours = part.is_some();
        if let Some(part) = part {
            part.answer = Some((answered.generation, answer));
        }
        is_ours
    }

    /// The context is this one; false when it was not asked for.
    pub fn tell(&mut self, current: Option<&str>) -> bool {
        let asked = self.context == Known::Asked;
        if asked {
            self.context = Known::Yes(current.map(str::to_owned));
        }
        asked
    }

    /// Other questions take their place.
    pub fn clear(&mut self) {
        self.parts.clear();
    }

    /// Every question has an answer, of whatever facts.
    pub fn are_answered(&self) -> bool {
        !self.parts.is_empty() && self.parts.iter().all(|part| part.answer.is_some())
    }

    /// The answers that are there.
    pub fn answers(&self) -> Vec<&FixAnswer> {
        let answers = self.parts.iter().filter_map(|part| part.answer.as_ref());
        answers.map(|(_, answer)| &**answer).collect()
    }

    /// The generation of the oldest answer.
    pub fn oldest(&self) -> Option<u64> {
        let answers = self.parts.iter().filter_map(|part| part.answer.as_ref());
        answers.map(|(of, _)| *of).min()
    }
}
