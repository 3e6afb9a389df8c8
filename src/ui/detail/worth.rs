//! What single changes are worth: from the snapshot's cuts, else asked of the engine, one question at a time.

use super::{FromCuts, Values, cuts_of};
use crate::engine::{Answer, Query, Snapshot};
use crate::model::change::Change;
use crate::ui::action::{Action, Answered};
use crate::ui::context::Context;
use crate::ui::row::RowId;

/// Answers kept.
const KEPT: usize = 64;

/// What is known.
#[derive(Clone, Debug, Default)]
pub struct Worth {
    known: Vec<(Change, u64, usize)>,
}

impl Worth {
    /// Asks for the first change of a row whose worth is not known. The answer leads to the next question, so a cursor
    /// that runs through a list asks little.
    pub fn ask(&self, cx: &Context<'_>, row: Option<&RowId>) -> Vec<Action> {
        let Some(row) = row.filter(|_| !cx.is_loading()) else {
            return Vec::new();
        };
        let values = self.at(cx.snapshot);
        let unknown = cuts_of(cx, row)
            .into_iter()
            .find(|change| values.ends(change).is_none());
        unknown
            .map(|change| Action::Ask(Query::WhatIf(vec![change])))
            .into_iter()
            .collect()
    }

    /// Takes an answer; false when it is to another question.
    pub fn take(&mut self, answered: &Answered) -> bool {
        let (Query::WhatIf(changes), Answer::WhatIf(diff)) = (&answered.query, &answered.answer)
        else {
            return false;
        };
        let [change] = changes.as_slice() else {
            return false;
        };
        self.known.retain(|(known, ..)| known != change);
        self.known
            .push((change.clone(), answered.generation, diff.ended.len()));
        if self.known.len() > KEPT {
            self.known.remove(0);
        }
        true
    }

    /// What is known, beside the facts it is shown with.
    pub fn at<'a>(&'a self, snapshot: &'a Snapshot) -> impl Values + 'a {
        Known {
            worth: self,
            snapshot,
        }
    }
}

struct Known<'a> {
    worth: &'a Worth,
    snapshot: &'a Snapshot,
}

impl Values for Known<'_> {
    fn ends(&self, change: &Change) -> Option<(usize, bool)> {
        FromCuts(self.snapshot).ends(change).or_else(|| {
            let known = self.worth.known.iter().find(|(known, ..)| known == change);
            known.map(|(_, generation, n)| (*n, *generation < self.snapshot.generation))
        })
    }
}
