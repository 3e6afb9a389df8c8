//! Questions to the engine, and answers. An answer carries the generation it was true of.

use super::diff::Diff;
use crate::fix::{Delivery, Plan, Remedy};
use crate::model::change::Change;
use crate::model::{Finding, FindingId, ObjectKey};

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// The fix of these findings, as one.
    Fix {
        /// The findings.
        findings: Vec<FindingId>,
        /// Name of the style (`patch`).
        style: String,
        /// How the commands reach documents and cluster.
        delivery: Delivery,
    },
    /// The fix of these changes, as one: a cut.
    Cut {
        /// The changes.
        changes: Vec<Change>,
        /// Name of the style.
        style: String,
        /// How the commands reach documents and cluster.
        delivery: Delivery,
    },
    /// What these changes would open and close.
    WhatIf(Vec<Change>),
    /// The facts of an object, as JSON.
    Facts(ObjectKey),
}

/// An answer.
#[derive(Clone, Debug)]
pub enum Answer {
    /// To [`Query::Fix`] and [`Query::Cut`].
    Fix(Box<FixAnswer>),
    /// To [`Query::WhatIf`].
    WhatIf(Diff),
    /// To [`Query::Facts`]; `None`: not there (any more).
    Facts(Option<String>),
}

/// A fix with its proof.
#[derive(Clone, Debug)]
pub struct FixAnswer {
    /// The findings that it is for and that still fire.
    pub findings: Vec<Finding>,
    /// The proposal; `None` with the reason in `why_none`.
    pub remedy: Option<Remedy>,
    /// The printed steps, with the proof.
    pub plan: Option<Plan>,
    /// Why there is none: the check's own reason, or that the finding is gone.
    pub why_none: Option<String>,
    /// What recomputing with the changes in an overlay gave.
    pub proof: Diff,
    /// Changes that did not fit the facts (then nothing is proven).
    pub misfits: usize,
    /// Working instances before and after.
    pub stories: (usize, usize),
    /// Live pods that run an older template until they are rolled.
    pub pods_to_roll: usize,
}
