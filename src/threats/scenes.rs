//! Where a story puts its instances: those that work, and those that a control stops.

use crate::model::change::Change;
use crate::model::{Evidence, ObjectKey, Subject};

/// Collects the instances of one evaluation of a story.
#[derive(Debug, Default)]
pub struct Scenes {
    instances: Vec<Instance>,
}

/// Who acts in an instance; with the story it is the instance's identity.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Actor {
    /// A workload (its top owner) or another object.
    Object(ObjectKey),
    /// A subject of RBAC.
    Subject(Subject),
}

impl std::fmt::Display for Actor {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Actor::Object(key) => key.fmt(f),
            Actor::Subject(subject) => subject.fmt(f),
        }
    }
}

/// One instance of a story.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Instance {
    /// Who acts.
    pub actor: Actor,
    /// How it ends.
    pub ending: Ending,
    /// The whole in one sentence: "A container taken over in shop/cart uses the token mounted in it to read ...".
    pub says: String,
    /// The steps that were looked at, in order.
    pub steps: Vec<Step>,
}

/// How an instance ends.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Ending {
    /// Every step holds.
    Works,
    /// The step at this index rests on something that is not visible.
    Unsure {
        /// Index of that step among those told.
        at: usize,
        /// What is not visible.
        why: String,
    },
    /// The step at this index does not hold; each of these controls alone stops it.
    Stopped {
        /// Index of the first step that does not hold.
        at: usize,
        /// Slugs of the controls that stop it.
        by: Vec<&'static str>,
    },
}

/// One step of an instance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What makes it hold here.
    pub says: String,
    /// What that rests on.
    pub evidence: Vec<Evidence>,
    /// Slugs of the controls that cut it.
    pub cut_by: &'static [&'static str],
    /// Single changes that would stop it here.
    pub cuts: Vec<Change>,
}

impl Scenes {
    /// An instance that works. Add its steps in the order of the story's.
    pub fn works(&mut self, actor: Actor, says: impl Into<String>) -> &mut Instance {
        self.push(actor, Ending::Works, says.into())
    }

    /// An instance that one or more controls stop at a step.
    pub fn stopped(
        &mut self,
        actor: Actor,
        at: usize,
        by: &[&'static str],
        says: impl Into<String>,
    ) -> &mut Instance {
        self.push(
            actor,
            Ending::Stopped {
                at,
                by: by.to_vec(),
            },
            says.into(),
        )
    }

    /// An instance of which a step cannot be known.
    pub fn unsure(
        &mut self,
        actor: Actor,
        at: usize,
        why: impl Into<String>,
        says: impl Into<String>,
    ) -> &mut Instance {
        let why = why.into();
        self.push(actor, Ending::Unsure { at, why }, says.into())
    }

    fn push(&mut self, actor: Actor, ending: Ending, says: String) -> &mut Instance {
        let at = self.instances.len();
        self.instances.push(Instance {
            actor,
            ending,
            says,
            steps: Vec::new(),
        });
        &mut self.instances[at]
    }

    /// The instances.
    pub fn into_instances(self) -> Vec<Instance> {
        self.instances
    }
}

impl Instance {
    /// Adds a step that holds.
    pub fn step(
        &mut self,
        says: impl Into<String>,
        cut_by: &'static [&'static str],
        evidence: Vec<Evidence>,
    ) -> &mut Self {
        self.steps.push(Step {
            says: says.into(),
            evidence,
            cut_by,
            cuts: Vec::new(),
        });
        self
    }

    /// Adds a single change that would stop the step added last.
    pub fn cut(&mut self, change: Change) -> &mut Self {
        if let Some(step) = self.steps.last_mut() {
            step.cuts.push(change);
        }
        self
    }

    /// It works, as far as can be seen: a step rests on something that is not visible.
    pub fn is_unsure(&self) -> bool {
        matches!(self.ending, Ending::Unsure { .. })
    }

    /// True when every step holds.
    pub fn works(&self) -> bool {
        self.ending == Ending::Works
    }
}
