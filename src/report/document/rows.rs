//! The rows of a report, field by field as the contract names them.

use serde::Serialize;

use crate::model::{Evidence, Missing, ObjectKey};

/// A report.
#[derive(Clone, Debug, Serialize)]
pub struct Report {
    /// Name of the schema.
    pub schema: &'static str,
    /// `live`, `files` or `demo`.
    pub source: &'static str,
    /// The cluster.
    pub cluster: ClusterRow,
    /// Who the server says we are.
    pub identity: String,
    /// By threat, check, namespace, kind, name, part.
    pub verdicts: Vec<VerdictRow>,
    /// Every story kind, in order.
    pub stories: Vec<StoryRow>,
    /// The five groups.
    pub standing: Vec<StandingRow>,
    /// What is not visible.
    pub not_visible: Vec<NotVisibleRow>,
    /// Objects that could not be decoded.
    pub not_assessed: Vec<NotAssessedRow>,
}

/// The cluster.
#[derive(Clone, Debug, Serialize)]
pub struct ClusterRow {
    /// Server URL, or the files.
    pub server: String,
    /// `gitVersion`, when known.
    pub version: Option<String>,
    /// uid of kube-system, when known.
    pub uid: Option<String>,
}

/// An object, as every command writes it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ObjectRow {
    /// `apiVersion`.
    pub api_version: String,
    /// `kind`.
    pub kind: String,
    /// Absent when cluster-scoped.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
    /// `metadata.name`.
    pub name: String,
}

impl From<&ObjectKey> for ObjectRow {
    fn from(key: &ObjectKey) -> Self {
        ObjectRow {
            api_version: key.kind.api_version(),
            kind: key.kind.name().to_owned(),
            namespace: key.namespace.as_ref().map(ToString::to_string),
            name: key.name.to_string(),
        }
    }
}

/// One verdict.
#[derive(Clone, Debug, Serialize)]
pub struct VerdictRow {
    /// Id of the check.
    pub check: &'static str,
    /// Groups.
    pub threats: Vec<&'static str>,
    /// `fires`, `clear` or `unknown`.
    pub verdict: &'static str,
    /// Of a firing verdict.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<&'static str>,
    /// The object; absent for what is unknown cluster-wide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectRow>,
    /// The part of it; absent for the whole.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<String>,
    /// Live pods on which it fires; absent for what has no pods.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub live_pods: Option<u32>,
    /// The template is clear, only live pods fire.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub only_live: bool,
    /// Why that severity here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
    /// What it rests on.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub evidence: Vec<EvidenceRow>,
    /// What is missing, of an unknown verdict.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingRow>,
    /// Ids in standards.
    pub standards: Vec<&'static str>,
    /// What a baseline holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fingerprint: Option<String>,
}

/// One piece of evidence.
#[derive(Clone, Debug, Serialize)]
pub struct EvidenceRow {
    /// Field path.
    pub path: String,
    /// Value now.
    pub value: String,
    /// `explicit`, `inherited`, `default` or `live`.
    pub origin: &'static str,
    /// The object, when it is not the verdict's own.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub object: Option<ObjectRow>,
}

impl EvidenceRow {
    /// Evidence of a row about an object.
    pub fn of(evidence: &Evidence, own: Option<&ObjectKey>) -> Self {
        EvidenceRow {
            path: evidence.path.to_string(),
            value: evidence.value.to_string(),
            origin: evidence.origin.word(),
            object: (own != Some(&evidence.object)).then(|| ObjectRow::from(&evidence.object)),
        }
    }
}

/// Something missing.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct MissingRow {
    /// `forbidden`, `not-served`, ...
    pub reason: &'static str,
    /// The verb that would show it.
    pub verb: &'static str,
    /// The resource.
    pub resource: &'static str,
    /// The namespace; absent when cluster-wide.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespace: Option<String>,
}

impl From<&Missing> for MissingRow {
    fn from(missing: &Missing) -> Self {
        MissingRow {
            reason: missing.reason.word(),
            verb: missing.verb(),
            resource: missing.kind.info().plural,
            namespace: missing.namespace.as_ref().map(ToString::to_string),
        }
    }
}

/// A story kind.
#[derive(Clone, Debug, Serialize)]
pub struct StoryRow {
    /// Its id.
    pub story: &'static str,
    /// Its group.
    pub threat: &'static str,
    /// `works`, `stopped` or `unsure`.
    pub state: &'static str,
    /// Its instances.
    pub instances: Vec<InstanceRow>,
    /// What hides instances.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<MissingRow>,
}

/// An instance.
#[derive(Clone, Debug, Serialize)]
pub struct InstanceRow {
    /// Who acts: an object in words, or a subject.
    pub actor: String,
    /// `works` or `stopped`.
    pub state: &'static str,
    /// The whole in one sentence.
    pub says: String,
    /// The steps that hold.
    pub steps: Vec<StepRow>,
    /// Controls that stop it.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub stopped_by: Vec<&'static str>,
}

/// A step.
#[derive(Clone, Debug, Serialize)]
pub struct StepRow {
    /// What makes it hold.
    pub says: String,
    /// What that rests on.
    pub evidence: Vec<EvidenceRow>,
    /// Controls that cut it.
    pub cut_by: Vec<&'static str>,
}

/// A group's standing.
#[derive(Clone, Debug, Serialize)]
pub struct StandingRow {
    /// The group.
    pub threat: &'static str,
    /// In the person's model.
    #[serde(rename = "in")]
    pub inside: bool,
    /// OPEN, UNSURE, GUARDED or HELD.
    pub standing: &'static str,
    /// Story kinds that work.
    pub works: usize,
    /// Story kinds that are stopped.
    pub stopped: usize,
    /// Story kinds that cannot be known.
    pub unsure: usize,
    /// Its controls.
    pub controls: ControlCount,
    /// Its loudest fact.
    pub line: String,
}

/// Counts of controls.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct ControlCount {
    /// That fail.
    pub fails: usize,
    /// That are not visible.
    pub unknown: usize,
    /// In all.
    pub of: usize,
}

/// Something not visible.
#[derive(Clone, Debug, Serialize)]
pub struct NotVisibleRow {
    /// What.
    pub what: String,
    /// Why.
    pub reason: String,
    /// How to see it.
    pub how: String,
}

/// An object that could not be decoded.
#[derive(Clone, Debug, Serialize)]
pub struct NotAssessedRow {
    /// Which.
    pub object: ObjectRow,
    /// Why.
    pub why: String,
}
