//! What is compared with the live objects before a fix is called proven.

use crate::engine::FixAnswer;
use crate::fix::Step;
use crate::model::change::Change;

/// The printed steps of a fix and the changes that they stand for.
#[derive(Clone, Debug, PartialEq)]
pub struct Proving {
    /// Steps, as printed.
    pub steps: Vec<Step>,
    /// Changes of facts.
    pub changes: Vec<Change>,
}

impl Proving {
    /// Of an answer; `None` when it has no step, or leaves something out.
    pub fn of(answer: &FixAnswer) -> Option<Proving> {
        let plan = answer.plan.as_ref().filter(|plan| !plan.steps.is_empty())?;
        let remedy = answer.remedy.as_ref()?;
        (plan.cannot.is_empty() && answer.misfits == 0).then(|| Proving {
            steps: plan.steps.clone(),
            changes: remedy.changes.clone(),
        })
    }
}

/// What was compared, with the result once it is there.
#[derive(Debug, Default)]
pub struct Proofs(Vec<(Proving, Option<Result<(), String>>)>);

impl Proofs {
    /// Notes what must be compared; true when it is new.
    pub fn want(&mut self, proving: &Proving) -> bool {
        let known = self.0.iter().any(|(known, _)| known == proving);
        if !known {
            self.0.push((proving.clone(), None));
        }
        !known
    }

    /// A comparison ended.
    pub fn came(&mut self, proving: &Proving, result: Result<(), String>) {
        if let Some((_, slot)) = self.0.iter_mut().find(|(known, _)| known == proving) {
            *slot = Some(result);
        }
    }

    /// What came of it: `None` when nothing is compared, `Some(None)` while it is under way.
    pub fn of(&self, proving: &Proving) -> Option<Option<&Result<(), String>>> {
        let found = self.0.iter().find(|(known, _)| known == proving)?;
        Some(found.1.as_ref())
    }

    /// Objects may have changed: everything is to be compared again.
    pub fn forget(&mut self) {
        self.0.clear();
    }
}
