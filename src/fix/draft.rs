//! A remedy sorted by object: everything that happens to one object, before a style prints it.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::edit::{Marks, marks};
use super::remedy::Remedy;
use super::{raise, rollout};
use crate::model::change::{Applied, Change, Edit};
use crate::model::objects::container::List;
use crate::model::{Kind, Object, ObjectKey, ObjectKind};
use crate::semantics::pod_security::labels::Mode;
use crate::view::{View, Workload};

/// Everything that happens to one object.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The object.
    pub(super) key: ObjectKey,
    /// Its number among the drafts, from 1, when there are several; else 0.
    pub(super) number: usize,
    /// Its facts before; `None` when it is new.
    pub(super) before: Option<Arc<Object>>,
    /// Its facts after; `None` when it goes.
    pub(super) after: Option<Arc<Object>>,
    /// What the edits touch.
    pub(super) marks: Marks,
    /// How it comes about.
    pub(super) way: Way,
    /// Of a raise: what a namespace enforces is set in a step of its own, after what warns of it.
    pub(super) stage: Option<Mode>,
    /// What else to know, in sentences.
    pub(super) notes: Vec<String>,
}

/// How the change of an object comes about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// The object is new.
    Create,
    /// The object goes.
    Delete,
    /// The object is patched.
    Patch,
    /// The object cannot be patched: it is deleted and created again.
    Recreate,
    /// The object is a file on a node: no command reaches it.
    File,
    /// The pods of this workload are rolled.
    Restart(Vec<ObjectKey>),
    /// These pods are deleted; whoever owns them makes new ones.
    DropPods(Vec<ObjectKey>),
}

/// All drafts of a remedy.
#[derive(Clone, Debug, Default)]
pub(super) struct Drafts {
    /// One an object, in the order of the changes.
    pub(super) all: Vec<Draft>,
    /// Changes that fit no object, each in a sentence.
    pub(super) cannot: Vec<String>,
}

/// Sorts a remedy's changes by object.
pub(super) fn drafts(remedy: &Remedy, view: &View<'_>) -> Drafts {
    let mut drafts = Drafts::default();
    let mut now: BTreeMap<ObjectKey, Option<Arc<Object>>> = BTreeMap::new();
    for change in &remedy.changes {
        let before = now
            .get(&change.object)
            .cloned()
            .unwrap_or_else(|| view.get(&change.object).seen().cloned());
        if let Some(way) = ephemeral(change, before.as_deref(), view) {
            drafts.push(change, before.clone(), before, Marks::default(), way);
            continue;
        }
        let after = match change.apply(before.as_ref()) {
            Applied::Now(after) => Some(after),
            Applied::Gone => None,
            Applied::Misfit => {
                drafts.cannot.push(misfit(change, before.as_deref()));
                continue;
            }
        };
        if is_filled(change, before.as_deref()) {
            now.insert(change.object.clone(), after);
            drafts.filled(&change.object);
            continue;
        }
        let touched = before.as_deref().and_then(|o| marks(&change.edit, o));
        let way = way(change, before.as_deref(), touched.as_ref());
        now.insert(change.object.clone(), after.clone());
        drafts.push(change, before, after, touched.unwrap_or_default(), way);
    }
    let Drafts { all, cannot } = &mut drafts;
    all.retain_mut(|draft| {
        let left = rollout::settle(draft, view);
        if !left {
            cannot.push(format!(
                "{} is as the change would have it already",
                draft.key
            ));
        }
        left
    });
    for draft in all.iter_mut().filter(|d| d.stage == Some(Mode::Enforce)) {
        draft
            .notes
            .push("with --dry-run=server the server says what it would refuse".to_owned());
    }
    let restarts = rollout::restarts(&drafts.all, view);
    drafts.all.extend(restarts);
    if drafts.all.len() > 1 {
        for (at, draft) in drafts.all.iter_mut().enumerate() {
            draft.number = at + 1;
        }
    }
    drafts
}

impl Drafts {
    /// Notes what follows by itself from the changes before.
    fn filled(&mut self, role: &ObjectKey) {
        if let Some(draft) = self.all.last_mut() {
            let says = format!("{role} follows: the controller puts its rules together anew");
            if !draft.notes.contains(&says) {
                draft.notes.push(says);
            }
        }
    }

    /// Adds to the draft of the object, or begins one.
    fn push(
        &mut self,
        change: &Change,
        before: Option<Arc<Object>>,
        after: Option<Arc<Object>>,
        marks: Marks,
        way: Way,
    ) {
        let stage = raise::stage(&change.edit);
        let fits = |of: Option<Mode>| of.is_none() || stage.is_none() || of == stage;
        let mut all = self.all.iter_mut().rev();
        let same = all.find(|d| d.key == change.object && fits(d.stage));
        let Some(draft) = same else {
            self.all.push(Draft {
                key: change.object.clone(),
                number: 0,
                before,
                after,
                marks,
                way,
                stage,
                notes: Vec::new(),
            });
            return;
        };
        draft.after = after;
        draft.stage = draft.stage.or(stage);
        draft.marks.touches.extend(marks.touches);
        draft.marks.ops.extend(marks.ops);
        draft.marks.lost.extend(marks.lost);
        draft.way = match (&draft.way, way) {
            (Way::Create, Way::Delete) | (Way::Recreate | Way::File, Way::Patch) => {
                draft.way.clone()
            }
            (Way::Create, _) => Way::Create,
            (_, way) => way,
        };
    }
}

impl Draft {
    /// Objects of this kind take a strategic merge patch.
    pub(super) fn takes_strategic(&self) -> bool {
        takes_strategic(&self.key.kind)
    }

    /// What the way itself breaks.
    pub(super) fn breaks(&self) -> Vec<String> {
        let what = match (&self.way, self.key.known()) {
            (Way::Recreate, Some(Kind::Job)) => "the job starts again from the beginning",
            (Way::Recreate, _) => {
                "the pod is gone until it is created again, and what it held in memory with it"
            }
            (Way::DropPods(_), _) => "these pods end and are replaced",
            (Way::Restart(_), _) => "every pod of these workloads is replaced, one after another",
            _ => return Vec::new(),
        };
        vec![what.to_owned()]
    }
}

/// Custom resources know no strategic merge patch.
pub(super) fn takes_strategic(kind: &ObjectKind) -> bool {
    kind.known().is_some_and(|kind| !kind.is_custom())
}

/// The rules of an aggregated role are the controller's to write, once the roles that fill it are changed.
pub fn is_filled(change: &Change, before: Option<&Object>) -> bool {
    let Some(Object::Role(role)) = before else {
        return false;
    };
    matches!(change.edit, Edit::Rule(..)) && role.aggregation.is_some()
}

fn way(change: &Change, before: Option<&Object>, marks: Option<&Marks>) -> Way {
    match (&change.edit, before) {
        (_, None) => Way::Create,
        (edit, _) if edit.creates() => Way::Create,
        (Edit::Delete, _) => Way::Delete,
        (_, Some(object)) if is_static(object) => Way::File,
        (_, Some(object)) if marks.is_some_and(|m| is_frozen(object, m)) => Way::Recreate,
        _ => Way::Patch,
    }
}

/// A static pod: its mirror on the API server cannot be changed.
fn is_static(object: &Object) -> bool {
    let meta = object.meta();
    let of_node = meta
        .controller()
        .is_some_and(|o| o.kind == ObjectKind::Known(Kind::Node));
    object.kind() == Kind::Pod
        && (of_node
            || meta
                .annotations
                .get("kubernetes.io/config.mirror")
                .is_some())
}

/// True when the server refuses these edits: a Job's template and all of a pod's spec but its images cannot change
/// (`ValidateJobSpecUpdate`, `ValidatePodUpdate` in kubernetes/pkg/apis), nor the annotations that stood for a field of it
/// (`ValidatePodSpecificAnnotationUpdates`).
fn is_frozen(object: &Object, marks: &Marks) -> bool {
    let image = |path: &[super::touch::Seg]| matches!(path.last(), Some(super::touch::Seg::Field(f)) if &**f == "image");
    let altered = || marks.touches.iter().filter(|t| t.alters());
    let annotation = |t: &super::touch::Touch| t.is_below(&["metadata", "annotations"]);
    match object.kind() {
        Kind::Job => !marks.ops.is_empty() || altered().any(|t| t.is_below(&["spec", "template"])),
        Kind::Pod => {
            let fixed = |t: &super::touch::Touch| t.is_below(&["spec"]) && !image(&t.path);
            !marks.ops.is_empty() || altered().any(|t| fixed(t) || annotation(t))
        }
        _ => false,
    }
}

/// Ephemeral containers can be neither changed nor removed: they go with their pod.
fn ephemeral(change: &Change, before: Option<&Object>, view: &View<'_>) -> Option<Way> {
    let Edit::Container(name, _) = &change.edit else {
        return None;
    };
    let holds = |pod: &crate::model::objects::pod::Pod| {
        pod.spec
            .container(name)
            .is_some_and(|c| c.list == List::Ephemeral)
    };
    if let Some(Object::Pod(pod)) = before {
        return (holds(pod) && pod.meta.controller().is_none()).then_some(Way::Recreate);
    }
    let workload = Workload::one(view.world(), &change.object)?;
    if workload
        .template
        .is_some_and(|t| t.spec.container(name).is_some())
    {
        return None;
    }
    let pods: Vec<ObjectKey> = workload
        .pods
        .iter()
        .filter(|p| holds(p))
        .map(|p| p.meta.key.clone())
        .collect();
    (!pods.is_empty()).then_some(Way::DropPods(pods))
}

fn misfit(change: &Change, before: Option<&Object>) -> String {
    let key = &change.object;
    match (before, &key.kind) {
        (Some(_), _) => format!("{key} is no longer what this change was made for"),
        (None, ObjectKind::Custom(_)) => {
            format!(
                "{key} is the operator's own resource: the field to change is for its documentation to say"
            )
        }
        (None, ObjectKind::Known(_)) => {
            format!("{key} is not visible: a patch for it cannot be made from here")
        }
    }
}
