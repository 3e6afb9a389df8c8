//! Objects that the server lets nobody patch: saved, patched in a file, deleted, created again.
//!
//! Facts hold neither values of variables nor much else of a manifest, so the manifest comes from the server itself and
//! `kubectl patch --local` edits it. What the server filled in is taken out first, or it would refuse to create it.

use serde_json::{Value, json};

use super::command::{Delivery, is_plain};
use super::draft::Draft;
use super::plan::{Action, PatchKind, Step};
use super::steps::{bare, file_of, json_patch, kept_file, merge_format, strategic};
use super::yaml;
use crate::model::{Kind, Object};

/// Labels and selector that the server gives a Job (`generateSelector` in kubernetes/pkg/registry/batch/job).
const JOB_LABELS: [&str; 4] = [
    "batch.kubernetes.io/controller-uid",
    "batch.kubernetes.io/job-name",
    "controller-uid",
    "job-name",
];

/// Save, patch in the file, delete, create.
pub(super) fn steps(draft: &Draft, delivery: &Delivery) -> Result<Vec<Step>, String> {
    let key = &draft.key;
    if !is_plain(key) {
        return Err(format!("{key}: its name can stand in no command"));
    }
    let kept = kept_file(draft, "-before", delivery);
    let clean = yaml::one_line(&filled_in(draft));
    let get = delivery.kubectl("get").object(key).words("-o json");
    let strip = delivery
        .kubectl("patch")
        .words("--local -f - --type merge -p")
        .word(&clean);
    let save = get.pipe(strip.words("-o json")).into_file(&kept);
    let mut save = bare(Action::Command, key, save.line());
    save.note = "keeps the object as it is now, without what the server filled in".into();

    let mut steps = vec![save];
    let mut last = kept.clone();
    let merge = strategic(draft).map(|p| (merge_format(draft), p, "", "-after"));
    let places = json_patch(draft).map(|(p, _)| (PatchKind::Json, p, "-json", "-final"));
    for (format, patch, suffix, result) in merge.into_iter().chain(places) {
        let file = file_of(draft, suffix, false, delivery);
        let result = kept_file(draft, result, delivery);
        let command = delivery
            .kubectl("patch")
            .words("--local -f")
            .word(&last)
            .words("--type");
        let command = command.word(format.word()).word("--patch-file").word(&file);
        let line = command.words("-o json").into_file(&result).line();
        let mut step = bare(Action::Patch(format), key, line);
        step.yaml = yaml::print(&patch);
        step.file = file;
        step.note = "edits the saved manifest; nothing in the cluster changes yet".into();
        steps.push(step);
        last = result;
    }
    steps.push(bare(
        Action::Delete,
        key,
        delivery.kubectl("delete").object(key).line(),
    ));
    let create = |file: &str| delivery.kubectl("create").word("-f").word(file).line();
    let mut again = bare(Action::Create, key, create(&last));
    let gone = delivery.kubectl("delete").object(key).line();
    again.way_back = format!("{gone} && {}", create(&kept));
    steps.push(again);
    Ok(steps)
}

/// What to take out of a manifest from the server before it can be created again.
fn filled_in(draft: &Draft) -> Value {
    let metadata = json!({"uid": null, "resourceVersion": null, "creationTimestamp": null});
    let spec = match draft.before.as_deref() {
        Some(Object::Workload(job)) if draft.key.known() == Some(Kind::Job) => {
            let generated = job.selector.as_ref().is_none_or(|s| {
                s.expressions.is_empty() && s.labels.iter().all(|(k, _)| JOB_LABELS.contains(&&**k))
            });
            if generated {
                let labels: Value = JOB_LABELS
                    .iter()
                    .map(|l| ((*l).to_owned(), Value::Null))
                    .collect();
                json!({"selector": null, "template": {"metadata": {"labels": labels}}})
            } else {
                json!({})
            }
        }
        // The node was chosen by the scheduler, the numbers come from the priority class; ephemeral containers cannot be
        // created with their pod.
        _ => {
            json!({"nodeName": null, "ephemeralContainers": null, "priority": null, "preemptionPolicy": null})
        }
    };
    json!({"metadata": metadata, "spec": spec, "status": null})
}
