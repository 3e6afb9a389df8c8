//! Where a check puts what it finds.

use crate::model::evidence::Value;
use crate::model::{Evidence, ObjectKey, Origin, Part, Severity, Text};
use crate::view::PodLike;

/// Collects the findings of one evaluation.
#[derive(Debug, Default)]
pub struct Sink {
    drafts: Vec<Draft>,
}

/// A finding in the making.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Draft {
    /// The object, when it is not the subject of the evaluation.
    pub object: Option<ObjectKey>,
    /// The part.
    pub part: Part,
    /// Severity here.
    pub severity: Severity,
    /// Why that severity here.
    pub why: Text,
    /// Evidence so far.
    pub evidence: Vec<Evidence>,
}

impl Sink {
    /// Reports that the check fires on a part, with the sentence that says why it matters here.
    pub fn fires(&mut self, part: Part, severity: Severity, why: impl Into<Text>) -> &mut Draft {
        let at = self.drafts.len();
        self.drafts.push(Draft {
            object: None,
            part,
            severity,
            why: why.into(),
            evidence: Vec::new(),
        });
        &mut self.drafts[at]
    }

    /// The findings.
    pub fn into_drafts(self) -> Vec<Draft> {
        self.drafts
    }

    /// True when nothing fired so far.
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }
}

impl Draft {
    /// Reports it on another object than the subject (checks over a namespace or the cluster).
    pub fn on(&mut self, object: &ObjectKey) -> &mut Self {
        self.object = Some(object.clone());
        self
    }

    /// Adds evidence.
    pub fn because(&mut self, evidence: Evidence) -> &mut Self {
        if self.evidence.capacity() == 0 {
            self.evidence.reserve_exact(1); // most findings rest on one field
        }
        self.evidence.push(evidence);
        self
    }

    /// Adds a field of the pod spec as evidence.
    pub fn in_pod(
        &mut self,
        pod: &PodLike<'_>,
        tail: &str,
        value: impl Value,
        origin: Origin,
    ) -> &mut Self {
        self.because(Evidence::new(pod.holder, pod.path(tail), value, origin))
    }

    /// Adds a field of a container as evidence.
    pub fn in_container(
        &mut self,
        pod: &PodLike<'_>,
        container: &crate::model::objects::container::Container,
        tail: &str,
        value: impl Value,
        origin: Origin,
    ) -> &mut Self {
        self.because(Evidence::new(
            pod.holder,
            pod.in_container(container, tail),
            value,
            origin,
        ))
    }
}
