//! Questions to the engine, and answers. An answer carries the generation it was true of.

use super::diff::Diff;
use super::fix_paths::FixPaths;
use super::foothold::FootholdAnswer;
use super::neighbours::NeighboursAnswer;
use super::reach::ReachAnswer;
use super::rights::RightsAnswer;
use super::who::WhoAnswer;
use crate::fix::harden::Left;
use crate::fix::{Delivery, Plan, Remedy};
use crate::model::change::Change;
use crate::model::{Finding, FindingId, ObjectKey, Str, Subject};
use crate::semantics::paths::Start;
use crate::semantics::pod_security::standing::{
    NamespaceStanding, RejectedWorkload, WorkloadStanding,
};
use crate::semantics::pod_security::{Level, Version};
use crate::semantics::rbac::Action;
use crate::semantics::reach;
use crate::semantics::settings::ContainerSettings;

/// A question.
#[derive(Clone, Debug, PartialEq)]
pub enum Query {
    /// The fix of these findings, as one.
    Fix {
        /// The findings.
        findings: Vec<FindingId>,
        /// Which of the ways to mend it, from 0: the best. Counts where there is one finding.
        choice: usize,
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
    /// A workload made to meet a level; a pod stands for its owner.
    Harden {
        /// The workload.
        object: ObjectKey,
        /// The level.
        level: Level,
        /// The version of the standard; `None`: the one that its namespace enforces.
        version: Option<Version>,
        /// Name of the style.
        style: String,
        /// How the commands reach documents and cluster.
        delivery: Delivery,
    },
    /// A namespace raised to a level.
    Raise {
        /// The namespace.
        namespace: Str,
        /// The level.
        level: Level,
        /// The version of the standard; `None`: the one that its labels name.
        version: Option<Version>,
        /// Name of the style.
        style: String,
        /// How the commands reach documents and cluster.
        delivery: Delivery,
    },
    /// Where a workload stands between the levels.
    WorkloadStanding(ObjectKey),
    /// Where these namespaces stand, in this order.
    NamespaceStandings(Vec<Str>),
    /// The settings in force in every container of a workload.
    Settings(ObjectKey),
    /// Whom RBAC allows a request.
    WhoCan(Action),
    /// What somebody may do.
    Rights(Subject),
    /// Whom somebody becomes in one step, and who becomes them.
    Neighbours(Subject),
    /// What is within reach of somebody who is taken.
    Foothold(Start),
    /// Who reaches somebody over the network, and whom he reaches.
    Reach(reach::Question),
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
    /// To [`Query::Harden`].
    Harden(Box<HardenAnswer>),
    /// To [`Query::Raise`].
    Raise(Box<RaiseAnswer>),
    /// To [`Query::WorkloadStanding`]; `None`: neither template nor pods are there (any more).
    WorkloadStanding(Option<Box<WorkloadStanding>>),
    /// To [`Query::NamespaceStandings`].
    NamespaceStandings(Vec<NamespaceStanding>),
    /// To [`Query::Settings`].
    Settings(Vec<ContainerSettings>),
    /// To [`Query::WhoCan`].
    WhoCan(Box<WhoAnswer>),
    /// To [`Query::Rights`].
    Rights(Box<RightsAnswer>),
    /// To [`Query::Neighbours`].
    Neighbours(Box<NeighboursAnswer>),
    /// To [`Query::Foothold`].
    Foothold(Box<FootholdAnswer>),
    /// To [`Query::Reach`].
    Reach(Box<ReachAnswer>),
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
    /// Every way to mend it, in a few words each, the best first; empty but for the fix of one finding. Not cleaned.
    pub choices: Vec<String>,
    /// The one that this is.
    pub choice: usize,
    /// What it does to the ways of attack; `None` where it is about no identity, or does not fit the facts.
    pub paths: Option<FixPaths>,
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

/// A workload on its way to a level.
#[derive(Clone, Debug)]
pub struct HardenAnswer {
    /// The workload: the top owner of what was asked about.
    pub workload: ObjectKey,
    /// The level.
    pub level: Level,
    /// The minor version whose rules were applied.
    pub minor: u32,
    /// Where it stands now, and what lies between it and each level; `None`: neither template nor pods are there.
    pub standing: Option<WorkloadStanding>,
    /// What a person has to decide: these controls stay refused after the fix.
    pub left: Vec<Left>,
    /// The one patch with its proof; `why_none` when the level is met already or nothing can be done.
    pub fix: FixAnswer,
}

/// A namespace on its way to a level.
#[derive(Clone, Debug)]
pub struct RaiseAnswer {
    /// The namespace.
    pub namespace: Str,
    /// The level.
    pub level: Level,
    /// Where it stands now, and who is in the way of each level.
    pub standing: NamespaceStanding,
    /// Whom the raise would refuse, at the version that was asked for; empty without a fix.
    pub rejected: Vec<RejectedWorkload>,
    /// The labels as steps, with their proof; `why_none` when it enforces as much already.
    pub fix: FixAnswer,
}
