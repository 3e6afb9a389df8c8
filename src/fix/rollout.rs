//! When a change reaches running pods, and what has to be rolled for it.

use super::draft::{Draft, Way};
use super::edit::Marks;
use crate::model::objects::workload::Workload as Owner;
use crate::model::{Kind, Object, ObjectKey};
use crate::view::{View, Workload};

/// Looks at a patch of a template once more: says when it reaches the pods, and turns one that alters nothing into a
/// restart where pods still run an older template. False: there is nothing to do at all.
pub(super) fn settle(draft: &mut Draft, view: &View<'_>) -> bool {
    if draft.way != Way::Patch {
        return true;
    }
    let alters =
        !draft.marks.ops.is_empty() || draft.marks.touches.iter().any(super::touch::Touch::alters);
    let Some(Object::Workload(_)) = draft.before.as_deref() else {
        return alters;
    };
    let kind = draft.key.known();
    if alters {
        let on_template = draft.marks.touches.iter().any(|t| t.is_below(&["spec"]));
        let note = match kind {
            Some(Kind::ReplicaSet | Kind::ReplicationController) if on_template => {
                "pods that run stay as they are: each is replaced from the new template when it is deleted"
            }
            Some(Kind::CronJob) if on_template => {
                "the next run uses it; jobs that run now stay as they are"
            }
            _ => return true,
        };
        draft.notes.push(note.to_owned());
        return true;
    }
    let pods = Workload::one(view.world(), &draft.key).map_or(0, |w| w.pods.len());
    if pods == 0 {
        return false;
    }
    if can_restart(&draft.key) {
        draft.way = Way::Restart(vec![draft.key.clone()]);
        draft
            .notes
            .push("the template is right already: its pods are older than it".to_owned());
        return true;
    }
    let pods = Workload::one(view.world(), &draft.key).map(|w| {
        w.pods
            .iter()
            .map(|p| p.meta.key.clone())
            .collect::<Vec<_>>()
    });
    draft.way = Way::DropPods(pods.unwrap_or_default());
    draft
        .notes
        .push("the template is right already: these pods are older than it".to_owned());
    true
}

/// `kubectl rollout restart` knows these kinds.
fn can_restart(key: &ObjectKey) -> bool {
    matches!(
        key.known(),
        Some(Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet)
    )
}

/// A pod takes its account's settings when it is made: what runs under a changed account has to be rolled.
pub(super) fn restarts(drafts: &[Draft], view: &View<'_>) -> Vec<Draft> {
    let mut restarts = Vec::new();
    for draft in drafts.iter().filter(|d| d.way == Way::Patch) {
        let Some(Object::ServiceAccount(account)) = draft.before.as_deref() else {
            continue;
        };
        let automounts = |draft: &Draft| match draft.after.as_deref() {
            Some(Object::ServiceAccount(after)) => after.automount,
            _ => None,
        };
        if account.automount == automounts(draft) {
            continue;
        }
        restarts.extend(restart(draft, drafts, view));
    }
    restarts
}

fn restart(draft: &Draft, drafts: &[Draft], view: &View<'_>) -> Option<Draft> {
    let namespace = draft.key.namespace.as_deref()?;
    let takes = |owner: &Owner| {
        let spec = &owner.template.spec;
        spec.account_name() == &*draft.key.name && spec.automount.is_none()
    };
    let rolls_anyway =
        |key: &ObjectKey| drafts.iter().any(|d| d.key == *key && d.way == Way::Patch);
    let hidden = view
        .world()
        .sight()
        .blind(Kind::Pod, Some(namespace))
        .is_some();
    let (mut now, mut later) = (Vec::new(), Vec::new());
    for workload in Workload::all(view.world(), namespace) {
        let runs = hidden || !workload.pods.is_empty();
        match workload.object.map(|o| &**o) {
            Some(Object::Workload(owner))
                if takes(owner) && runs && !rolls_anyway(&workload.key) =>
            {
                if can_restart(&workload.key) {
                    now.push(workload.key.clone());
                } else if workload.key.known() != Some(Kind::CronJob) {
                    later.push(workload.key.clone());
                }
            }
            Some(Object::Pod(pod)) => {
                let spec = &pod.spec;
                if spec.account_name() == &*draft.key.name && spec.automount.is_none() && runs {
                    later.push(workload.key.clone());
                }
            }
            _ => {}
        }
    }
    let mut notes = vec!["pods keep the token that they have until they are replaced".to_owned()];
    if !later.is_empty() {
        let names: Vec<String> = later.iter().map(ToString::to_string).collect();
        notes.push(format!(
            "to be deleted and created again by hand: {}",
            names.join(", ")
        ));
    }
    (!now.is_empty() || !later.is_empty()).then(|| Draft {
        key: now.first().or(later.first()).unwrap_or(&draft.key).clone(),
        number: 0,
        before: None,
        after: None,
        marks: Marks::default(),
        way: Way::Restart(now),
        stage: None,
        notes,
    })
}
