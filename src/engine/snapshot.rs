//! What the engine publishes: immutable, shared per namespace, complete enough to draw and to report from.
//!
//! The same facts always give the same snapshot but for `since` and the change log, which tell of this session.

use std::collections::BTreeMap;
use std::sync::Arc;

use jiff::Timestamp;

use super::changelog::ChangeEntry;
use super::controls::ControlState;
use super::cuts::Cut;
use super::images::ImageRow;
use super::inventory::{AccountRow, PolicyRow, ServiceRow, WorkloadRow};
use super::ladder::Ladder;
use super::standing::Standing;
use super::stories::StoryState;
use crate::model::{ClusterInfo, Finding, Kind, Missing, ObjectKey, Part, Severity, Sight, Str};

/// One row of verdicts: a finding, or something that cannot be known. Clear verdicts are not stored.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// Id of the check.
    pub check: &'static str,
    /// The object; the Namespace for a blind place, `None` when cluster-wide.
    pub object: Option<ObjectKey>,
    /// What is said.
    pub says: Says,
    /// When this session saw it open; `None`: before it started.
    pub since: Option<Timestamp>,
}

/// What a row says.
#[derive(Clone, Debug, PartialEq)]
pub enum Says {
    /// The check fires.
    Fires(Arc<Finding>),
    /// It cannot be known.
    Unknown(Arc<[Missing]>),
}

impl Row {
    /// The finding, if it is one.
    pub fn finding(&self) -> Option<&Arc<Finding>> {
        match &self.says {
            Says::Fires(finding) => Some(finding),
            Says::Unknown(_) => None,
        }
    }

    /// The part of the object.
    pub fn part(&self) -> Part {
        self.finding().map_or(Part::Whole, |f| f.id.part.clone())
    }
}

/// Everything of one namespace, or of the cluster scope (`""`).
#[derive(Clone, Debug, Default, PartialEq)]
pub struct SpaceTable {
    /// Its name.
    pub namespace: Str,
    /// Part of Kubernetes itself or of the platform: `H` hides it.
    pub system: bool,
    /// Findings and unknowns, in order of check (registry), object, part.
    pub rows: Vec<Row>,
    /// Workloads.
    pub workloads: Vec<WorkloadRow>,
    /// Service accounts.
    pub accounts: Vec<AccountRow>,
    /// Network policies.
    pub policies: Vec<PolicyRow>,
    /// Services, ingresses and gateways.
    pub services: Vec<ServiceRow>,
    /// Images, by reference.
    pub images: Vec<ImageRow>,
    /// Live pods.
    pub pods: usize,
    /// Where it stands on the Pod Security ladder; `None` for the cluster scope.
    pub ladder: Option<Ladder>,
}

impl SpaceTable {
    /// The worst severity that fires here.
    pub fn worst(&self) -> Option<Severity> {
        self.rows
            .iter()
            .filter_map(|r| r.finding().map(|f| f.severity))
            .max()
    }
}

/// A kind that is still loading, with the objects seen so far.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Loading {
    /// Kind.
    pub kind: Kind,
    /// Objects so far.
    pub seen: usize,
}

/// An object that could not be decoded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotAssessed {
    /// Which.
    pub object: ObjectKey,
    /// Why.
    pub why: String,
}

/// Something that is not visible, and how to see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotVisible {
    /// What: `pods in pay`, `Kubelets ask who calls`.
    pub what: String,
    /// Why.
    pub reason: String,
    /// What would make it visible: a permission to ask for, a place to look.
    pub how: String,
    /// The blind place, when it is one.
    pub missing: Option<Missing>,
}

/// The whole, at one moment.
#[derive(Clone, Debug, Default)]
pub struct Snapshot {
    /// Grows with every publication.
    pub generation: u64,
    /// Connection, version, identity.
    pub cluster: Arc<ClusterInfo>,
    /// What is visible.
    pub sight: Arc<Sight>,
    /// Kinds whose first list is not complete.
    pub loading: Vec<Loading>,
    /// Tables by namespace.
    pub spaces: BTreeMap<Str, Arc<SpaceTable>>,
    /// Every story kind, in the registry's order.
    pub stories: Arc<[StoryState]>,
    /// Every control, in the order of the groups.
    pub controls: Arc<[ControlState]>,
    /// The five groups.
    pub standing: Vec<Standing>,
    /// What is not visible.
    pub not_visible: Arc<[NotVisible]>,
    /// Objects that could not be decoded.
    pub not_assessed: Arc<[NotAssessed]>,
    /// The change log, newest first.
    pub changes: Arc<[Arc<ChangeEntry>]>,
    /// Single changes by how many working story instances they end, best first.
    pub cuts: Arc<[Cut]>,
    /// Changes are still being weighed: `cuts` is what was known before, maybe nothing.
    pub weighing: bool,
    /// Nodes seen.
    pub nodes: usize,
    /// Kinds of container runtime on them; digests are compared within one only.
    pub runtimes: usize,
    /// Live pods seen.
    pub pods: usize,
    /// Namespaces seen.
    pub namespaces: usize,
}

impl Snapshot {
    /// Every row, cluster scope first, then by namespace.
    pub fn rows(&self) -> impl Iterator<Item = &Row> {
        self.spaces.values().flat_map(|space| space.rows.iter())
    }

    /// Every finding.
    pub fn findings(&self) -> impl Iterator<Item = &Arc<Finding>> {
        self.rows().filter_map(Row::finding)
    }

    /// True while any kind is still loading.
    pub fn is_loading(&self) -> bool {
        !self.loading.is_empty()
    }

    /// Blind (kind, place) pairs: what `--max-blind` counts. An optional kind that is not served is not blind.
    pub fn blind(&self) -> Vec<Missing> {
        self.sight.all_blind()
    }
}
