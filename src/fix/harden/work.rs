//! A workload on the bench: its facts as the changes so far leave them, and what was noted on the way.

use std::sync::Arc;

use super::{Hardened, Left};
use crate::model::change::{Applied, Change, ContainerEdit, Edit, PodEdit};
use crate::model::objects::container::{Container, List};
use crate::model::objects::pod_spec::PodSpec;
use crate::model::{Kind, Labels, Object, Str};
use crate::semantics::pod_security::{Level, PodFacts, Violation, violations};

pub(super) struct Work {
    before: Arc<Object>,
    now: Arc<Object>,
    level: Level,
    minor: u32,
    changes: Vec<Change>,
    breaks: Vec<String>,
    asks: Vec<String>,
    left: Vec<Left>,
}

impl Work {
    pub(super) fn new(object: &Arc<Object>, level: Level, minor: u32) -> Option<Work> {
        facts(object)?;
        Some(Work {
            before: object.clone(),
            now: object.clone(),
            level,
            minor,
            changes: Vec::new(),
            breaks: Vec::new(),
            asks: Vec::new(),
            left: Vec::new(),
        })
    }

    /// The pod spec as it is now. (Only objects that have one are worked on.)
    pub(super) fn spec(&self) -> PodSpec {
        facts(&self.now).map_or_else(PodSpec::default, |f| f.spec.clone())
    }

    /// The pod spec as it was.
    pub(super) fn spec_before(&self) -> PodSpec {
        facts(&self.before).map_or_else(PodSpec::default, |f| f.spec.clone())
    }

    /// The pods' annotations.
    pub(super) fn annotations(&self) -> Labels {
        facts(&self.now).map_or_else(Labels::default, |f| f.annotations.clone())
    }

    /// Runs one pod on each node.
    pub(super) fn is_daemon_set(&self) -> bool {
        self.now.kind() == Kind::DaemonSet
    }

    /// Containers that can be changed: an ephemeral one stays as it is until its pod goes.
    pub(super) fn containers(&self) -> Vec<Container> {
        let spec = self.spec();
        let all = spec.containers.iter();
        all.filter(|c| c.list != List::Ephemeral).cloned().collect()
    }

    /// What the level refuses now.
    pub(super) fn refused(&self) -> Vec<Violation> {
        let facts = facts(&self.now).into_iter();
        facts
            .flat_map(|f| violations(self.level, self.minor, f))
            .collect()
    }

    /// Whether the control refuses a part of the pod by itself: a spec that holds that part alone.
    pub(super) fn refuses(&self, control: &str, part: impl FnOnce(&mut PodSpec)) -> bool {
        self.refuses_with(control, &Labels::default(), part)
    }

    /// The same with annotations.
    pub(super) fn refuses_with(
        &self,
        control: &str,
        annotations: &Labels,
        part: impl FnOnce(&mut PodSpec),
    ) -> bool {
        let whole = self.spec();
        let mut spec = PodSpec {
            os: whole.os,
            host_users: whole.host_users,
            ..PodSpec::default()
        };
        part(&mut spec);
        let facts = PodFacts {
            annotations,
            spec: &spec,
        };
        violations(self.level, self.minor, facts).any(|v| v.control == control)
    }

    /// Edits the pod.
    pub(super) fn pod(&mut self, edit: PodEdit) {
        self.make(Edit::Pod(edit));
    }

    /// Edits a container.
    pub(super) fn container(&mut self, name: &Str, edit: ContainerEdit) {
        self.make(Edit::Container(name.clone(), edit));
    }

    fn make(&mut self, edit: Edit) {
        let change = Change::new(self.now.key(), edit);
        if let Applied::Now(after) = change.apply(Some(&self.now)) {
            self.now = after;
            self.changes.push(change);
        }
    }

    /// Says what may break.
    pub(super) fn breaks(&mut self, says: String) {
        self.breaks.push(says);
    }

    /// Says what to find out before.
    pub(super) fn ask(&mut self, says: String) {
        self.asks.push(says);
    }

    /// Leaves a control to a person.
    pub(super) fn leave(&mut self, control: &'static str, says: String) {
        self.left.push(Left { control, says });
    }

    /// The end: whatever is still refused is named, and nothing else.
    pub(super) fn done(mut self) -> Hardened {
        let refused = self.refused();
        self.left
            .retain(|left| refused.iter().any(|v| v.control == left.control));
        for violation in refused {
            if self.left.iter().all(|l| l.control != violation.control) {
                let detail = violation.refusal.detail;
                self.left.push(Left {
                    control: violation.control,
                    says: format!("{detail}{}", self.debugging()),
                });
            }
        }
        Hardened {
            changes: self.changes,
            breaks: self.breaks,
            asks: self.asks,
            left: self.left,
        }
    }

    fn debugging(&self) -> &'static str {
        let spec = self.spec();
        if spec.containers.iter().any(|c| c.list == List::Ephemeral) {
            ": a debug container stays as it is until its pod is replaced"
        } else {
            ""
        }
    }
}

fn facts(object: &Object) -> Option<PodFacts<'_>> {
    match object {
        Object::Pod(pod) => Some(pod.into()),
        Object::Workload(workload) => Some((&workload.template).into()),
        _ => None,
    }
}

/// `web, side`.
pub(super) fn listed<T: AsRef<str>>(names: &[T]) -> String {
    let names: Vec<&str> = names.iter().map(AsRef::as_ref).collect();
    names.join(", ")
}
