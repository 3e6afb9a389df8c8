//! A check: a named rule over one workload, object, namespace or the cluster.

use super::example::Example;
use super::sink::Sink;
use crate::fix::Remedy;
use crate::model::{Finding, Kind, Object, ThreatId};
use crate::semantics::paths::Survey;
use crate::view::{PodLike, View};

/// A check. Its title and text are the `//!` article of its file.
#[derive(Debug)]
pub struct Check {
    /// The file's name with dashes: what is wrong, so that "allow <id>" reads well. Never reused.
    pub id: &'static str,
    /// Release in which it appeared.
    pub since: &'static str,
    /// Groups it belongs to; the first is its home.
    pub threats: &'static [ThreatId],
    /// Slug of the control that fails when this fires.
    pub control: &'static str,
    /// Kinds that its verdict can depend on: for the shipped role and the schedule. Which look-ups made a verdict
    /// unknown is derived from the view, never from this list.
    pub needs: &'static [Kind],
    /// What a firing verdict rests on.
    pub rests_on: RestsOn,
    /// Ids in standards: `pss:baseline/privileged`, `cis:1.12/5.2.2`, `nsa:...`, `attack:T1611`, `owasp:2025/K01`,
    /// `kubescape:C-0057`, `trivy:KSV-0017`.
    pub standards: &'static [&'static str],
    /// What it looks at, and the rule.
    pub scope: Scope<Sink>,
    /// The fix, or why there is none.
    pub fix: Fix,
    /// Manifests that fire and that stay silent.
    pub examples: &'static [Example],
}

/// Pods and every kind that holds a template of them: what a rule over pods needs at least.
pub const POD_KINDS: &[Kind] = &[
    Kind::Deployment,
    Kind::StatefulSet,
    Kind::DaemonSet,
    Kind::Job,
    Kind::CronJob,
    Kind::ReplicationController,
    Kind::ReplicaSet,
    Kind::Pod,
];

/// What a firing verdict rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RestsOn {
    /// Something that was seen. It fires whatever else is hidden.
    Presence,
    /// Something that was looked for and not found. Where the looking was blind the verdict is unknown.
    Absence,
}

/// What a rule looks at: this decides when it runs again.
pub enum Scope<S> {
    /// Every workload's template and each distinct live pod spec.
    Pods(fn(&PodLike<'_>, &View<'_>, &mut S)),
    /// Every object of these kinds.
    Object(&'static [Kind], fn(&Object, &View<'_>, &mut S)),
    /// Every namespace, by name.
    Namespace(fn(&str, &View<'_>, &mut S)),
    /// The cluster as a whole.
    Cluster(fn(&View<'_>, &mut S)),
    /// The ways from somebody to something: runs again when the graph of them may have changed.
    Paths(fn(&Survey<'_, '_>, &mut S)),
}

impl<S> std::fmt::Debug for Scope<S> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Scope::Pods(_) => f.write_str("Pods"),
            Scope::Object(kinds, _) => write!(f, "Object({kinds:?})"),
            Scope::Namespace(_) => f.write_str("Namespace"),
            Scope::Cluster(_) => f.write_str("Cluster"),
            Scope::Paths(_) => f.write_str("Paths"),
        }
    }
}

/// How a finding of this check is mended.
#[derive(Clone, Copy)]
pub enum Fix {
    /// Typed changes for a finding; `None` where this one needs a person (a managed field, a choice).
    Change(fn(&Finding, &View<'_>) -> Option<Remedy>),
    /// The same where there are several ways to mend it: the one to look at first ends the finding, each of the others ends
    /// it or makes it less severe.
    Choice(fn(&Finding, &View<'_>) -> Vec<Remedy>),
    /// No fix can be offered, and the sentence that says why.
    None(&'static str),
}

impl std::fmt::Debug for Fix {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Fix::Change(_) => f.write_str("Change"),
            Fix::Choice(_) => f.write_str("Choice"),
            Fix::None(why) => write!(f, "None({why})"),
        }
    }
}

impl Fix {
    /// Findings of this check may have a fix.
    pub fn is_offered(&self) -> bool {
        !matches!(self, Fix::None(_))
    }

    /// Every way to mend a finding, the best first; none where it needs a person.
    pub fn remedies(&self, finding: &Finding, view: &View<'_>) -> Vec<Remedy> {
        match self {
            Fix::Change(fix) => fix(finding, view).into_iter().collect(),
            Fix::Choice(fix) => fix(finding, view),
            Fix::None(_) => Vec::new(),
        }
    }
}

impl Check {
    /// The group that lists it first.
    pub fn home(&self) -> ThreatId {
        self.threats
            .first()
            .copied()
            .unwrap_or(ThreatId::Misconfiguration)
    }

    /// Kinds whose objects are its subjects: where they are blind, there is an unknown row for the place.
    pub fn subject_kinds(&self) -> &'static [Kind] {
        match &self.scope {
            Scope::Pods(_) => POD_KINDS,
            Scope::Object(kinds, _) => kinds,
            Scope::Namespace(_) => &[Kind::Namespace],
            Scope::Cluster(_) | Scope::Paths(_) => &[],
        }
    }
}
