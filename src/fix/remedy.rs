//! What a check proposes for a finding.

use crate::model::change::Change;

/// How sure it is that nothing else suffers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Confidence {
    /// Cannot break a workload by the rules of Kubernetes.
    Safe,
    /// May break something; `breaks` says what to look at first.
    Review,
}

/// A proposal: changes in the order in which they must be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remedy {
    /// What it is, in a few words; `None`: the first change says it.
    pub title: Option<String>,
    /// The changes.
    pub changes: Vec<Change>,
    /// What may break, each in a sentence. Empty only when safe.
    pub breaks: Vec<String>,
    /// What else to know: why it is not done elsewhere, each in a sentence.
    pub notes: Vec<String>,
    /// How sure it is.
    pub confidence: Confidence,
    /// What a person must decide or fill in before it is applied, if anything.
    pub asks: Option<String>,
}

impl Remedy {
    /// A proposal that cannot break a workload.
    pub fn safe(changes: impl IntoIterator<Item = Change>) -> Remedy {
        Remedy {
            title: None,
            changes: changes.into_iter().collect(),
            breaks: Vec::new(),
            notes: Vec::new(),
            confidence: Confidence::Safe,
            asks: None,
        }
    }

    /// A proposal to look at first.
    pub fn review(changes: impl IntoIterator<Item = Change>, breaks: impl Into<String>) -> Remedy {
        Remedy {
            title: None,
            changes: changes.into_iter().collect(),
            breaks: vec![breaks.into()],
            notes: Vec::new(),
            confidence: Confidence::Review,
            asks: None,
        }
    }

    /// Names it.
    #[must_use]
    pub fn called(mut self, title: impl Into<String>) -> Remedy {
        self.title = Some(title.into());
        self
    }

    /// What it is, in a few words: `drop a rule in clusterrole reader`. Not cleaned.
    pub fn says(&self) -> String {
        match (&self.title, &self.changes[..]) {
            (Some(title), _) => title.clone(),
            (None, [first, ..]) => first.says(),
            (None, []) => String::new(),
        }
    }

    /// Adds something to know.
    #[must_use]
    pub fn note(mut self, says: impl Into<String>) -> Remedy {
        self.notes.push(says.into());
        self
    }

    /// Adds something that may break.
    #[must_use]
    pub fn may_break(mut self, what: impl Into<String>) -> Remedy {
        self.breaks.push(what.into());
        self.confidence = Confidence::Review;
        self
    }

    /// Says what a person must decide or fill in.
    #[must_use]
    pub fn ask(mut self, what: impl Into<String>) -> Remedy {
        self.asks = Some(what.into());
        self.confidence = Confidence::Review;
        self
    }
}
