//! Drafts as steps with kubectl: one document an object where one patch can hold the change.

use serde_json::{Map, Value};

use super::command::{Command, Delivery, STDIN, is_plain};
use super::draft::{Draft, Way};
use super::plan::{Action, PatchKind, Step};
use super::touch::{back, forth};
use super::{recreate, write, yaml};
use crate::model::{Kind, Object, ObjectKey};

/// The steps of one draft. An error is a sentence that says why there are none.
pub(super) fn steps(draft: &Draft, delivery: &Delivery) -> Result<Vec<Step>, String> {
    let mut steps = match &draft.way {
        Way::Create => vec![create(draft, delivery)?],
        Way::Delete => delete(draft, delivery),
        Way::Patch => patches(draft, delivery)?,
        Way::Recreate => recreate::steps(draft, delivery)?,
        Way::File => on_the_node(draft, delivery),
        Way::Restart(workloads) => vec![restart(draft, workloads, delivery)],
        Way::DropPods(pods) => pods.iter().map(|pod| drop_pod(pod, delivery)).collect(),
    };
    if let (Some(first), false) = (steps.first_mut(), draft.notes.is_empty()) {
        first.note = join(&first.note, &draft.notes.join("; "));
    }
    Ok(steps)
}

fn join(one: &str, other: &str) -> String {
    if one.is_empty() {
        other.to_owned()
    } else {
        format!("{one}; {other}")
    }
}

/// The file of a draft's document. With `plain` false the document also names the object, which takes a real file.
pub(super) fn file_of(draft: &Draft, suffix: &str, real: bool, delivery: &Delivery) -> String {
    if delivery.file == STDIN && !real {
        return STDIN.to_owned();
    }
    if draft.number == 0 && suffix.is_empty() && delivery.file != STDIN {
        return delivery.file.clone();
    }
    let number = match draft.number {
        0 => String::new(),
        n => format!("-{n}"),
    };
    delivery.beside(&format!("{number}{suffix}"))
}

/// The file for an object as the server has it. As JSON: kubectl prints YAML with characters in it that it then refuses
/// to read (DEL and the C1 controls, which any annotation may hold).
pub(super) fn kept_file(draft: &Draft, suffix: &str, delivery: &Delivery) -> String {
    let file = file_of(draft, suffix, true, delivery);
    let stem = file.strip_suffix(".yaml").unwrap_or(&file);
    format!("{stem}.json")
}

/// A step without document, note or way back.
pub(super) fn bare(action: Action, target: &ObjectKey, command: String) -> Step {
    Step {
        action,
        target: target.clone(),
        yaml: String::new(),
        file: String::new(),
        command,
        way_back: String::new(),
        note: String::new(),
    }
}

/// `-f FILE`, with `-` for a pipe.
fn from_file(command: Command, file: &str) -> Command {
    command
        .word("-f")
        .word(if file == STDIN { "-" } else { file })
}

/// Names the object in words, or by a file that holds its identity.
pub(super) fn named(command: Command, key: &ObjectKey, file: &str) -> Command {
    if is_plain(key) {
        command.object(key)
    } else {
        from_file(command, file)
    }
}

fn create(draft: &Draft, delivery: &Delivery) -> Result<Step, String> {
    let manifest = manifest(draft)?;
    let file = file_of(draft, "", !is_plain(&draft.key), delivery);
    let apply = from_file(delivery.kubectl("apply"), &file);
    let mut step = bare(Action::Apply, &draft.key, apply.line());
    step.yaml = yaml::print(&manifest);
    step.way_back = named(delivery.kubectl("delete"), &draft.key, &file).line();
    step.file = file;
    Ok(step)
}

/// The manifest of an object that is new.
pub(super) fn manifest(draft: &Draft) -> Result<Value, String> {
    match draft.after.as_deref() {
        Some(Object::NetworkPolicy(policy)) => Ok(Value::Object(write::policy(policy))),
        Some(Object::ServiceAccount(account)) => Ok(Value::Object(write::account(account))),
        Some(Object::Role(role)) => Ok(Value::Object(write::role(role))),
        Some(Object::Binding(binding)) => Ok(Value::Object(write::binding(binding))),
        _ => Err(format!("no manifest can be made for {}", draft.key)),
    }
}

fn delete(draft: &Draft, delivery: &Delivery) -> Vec<Step> {
    let key = &draft.key;
    let file = file_of(draft, "", true, delivery);
    let kept = kept_file(draft, "-before", delivery);
    let get = named(delivery.kubectl("get"), key, &file)
        .words("-o json")
        .into_file(&kept);
    let mut save = bare(Action::Command, key, get.line());
    save.note = "keeps the object as it is now".into();
    let mut delete = bare(
        Action::Delete,
        key,
        named(delivery.kubectl("delete"), key, &file).line(),
    );
    if !is_plain(key) {
        save.yaml = yaml::print(&Value::Object(write::identity(key)));
        save.file = file;
    }
    delete.way_back = delivery.kubectl("create").word("-f").word(&kept).line();
    vec![save, delete]
}

/// The strategic patch, then the JSON patch; both where one alone cannot hold the change.
fn patches(draft: &Draft, delivery: &Delivery) -> Result<Vec<Step>, String> {
    if !is_plain(&draft.key) && !draft.marks.ops.is_empty() {
        return Ok(vec![whole_list(draft, delivery)?]);
    }
    let mut steps = Vec::new();
    if let Some(patch) = strategic(draft) {
        let file = file_of(draft, "", !is_plain(&draft.key), delivery);
        let format = merge_format(draft);
        let mut step = patch_step(draft, format, &patch, file, delivery);
        step.way_back = way_back(draft, &step.file, delivery);
        steps.push(step);
    }
    if let Some((patch, undo)) = json_patch(draft) {
        let suffix = if steps.is_empty() { "" } else { "-json" };
        let file = file_of(draft, suffix, false, delivery);
        let mut step = patch_step(draft, PatchKind::Json, &patch, file, delivery);
        step.way_back = undo_command(draft, PatchKind::Json, &undo, &step.file, delivery);
        steps.push(step);
    }
    Ok(steps)
}

/// A strategic merge patch, or a JSON merge patch for custom resources: without lists both read the same.
pub(super) fn merge_format(draft: &Draft) -> PatchKind {
    if draft.takes_strategic() {
        PatchKind::Strategic
    } else {
        PatchKind::Merge
    }
}

/// The merge patch with the identity of its object, if any field changes.
pub(super) fn strategic(draft: &Draft) -> Option<Value> {
    let patch = forth(&draft.marks.touches);
    (!patch.is_empty()).then(|| Value::Object(with_identity(&draft.key, patch)))
}

fn with_identity(key: &ObjectKey, patch: Map<String, Value>) -> Map<String, Value> {
    let mut whole = write::identity(key);
    for (field, value) in patch {
        match (whole.get_mut(&field), value) {
            (Some(Value::Object(there)), Value::Object(more)) => there.extend(more),
            (_, value) => drop(whole.insert(field, value)),
        }
    }
    whole
}

/// The JSON patch and what undoes it, if there are operations.
pub(super) fn json_patch(draft: &Draft) -> Option<(Value, Value)> {
    let ops = &draft.marks.ops;
    let forth: Vec<Value> = ops
        .iter()
        .flat_map(|op| op.tests.iter().chain(&op.ops))
        .cloned()
        .collect();
    let back: Vec<Value> = ops.iter().rev().flat_map(|op| &op.undo).cloned().collect();
    (!forth.is_empty()).then_some((Value::Array(forth), Value::Array(back)))
}

fn patch_step(
    draft: &Draft,
    format: PatchKind,
    patch: &Value,
    file: String,
    delivery: &Delivery,
) -> Step {
    let command = named(delivery.kubectl("patch"), &draft.key, &file)
        .words("--type")
        .word(format.word());
    let command = command.word("--patch-file").word(&file);
    let mut step = bare(Action::Patch(format), &draft.key, command.line());
    step.yaml = yaml::print(patch);
    step.file = file;
    step
}

/// Rules and subjects of a role or binding whose name can stand in no command: `-f` needs a document that names the
/// object, which a JSON patch cannot, so the list is replaced whole.
fn whole_list(draft: &Draft, delivery: &Delivery) -> Result<Step, String> {
    let list = |object: Option<&Object>| match object {
        Some(Object::Role(role)) => Some(("rules", write::rules(&role.rules))),
        Some(Object::Binding(binding)) => Some(("subjects", write::subjects(&binding.subjects))),
        _ => None,
    };
    let pair = list(draft.before.as_deref()).zip(list(draft.after.as_deref()));
    let ((field, now), (_, then)) =
        pair.ok_or_else(|| format!("{}: its name can stand in no command", draft.key))?;
    let mut patch = forth(&draft.marks.touches);
    patch.insert(field.into(), then);
    let patch = Value::Object(with_identity(&draft.key, patch));
    let file = file_of(draft, "", true, delivery);
    let mut step = patch_step(draft, PatchKind::Merge, &patch, file, delivery);
    let mut undo = back(&draft.marks.touches);
    undo.insert(field.into(), now);
    step.way_back = undo_command(
        draft,
        PatchKind::Merge,
        &Value::Object(undo),
        &step.file,
        delivery,
    );
    step.note = format!("replaces {field} as a whole: what was added since is lost");
    Ok(step)
}

fn undo_command(
    draft: &Draft,
    format: PatchKind,
    undo: &Value,
    file: &str,
    delivery: &Delivery,
) -> String {
    let command = named(delivery.kubectl("patch"), &draft.key, file).words("--type");
    let command = command.word(format.word()).word("-p");
    command.word(&yaml::one_line(undo)).line()
}

/// The inverse patch where facts hold all of it; else the revision before, or a copy kept by hand.
fn way_back(draft: &Draft, file: &str, delivery: &Delivery) -> String {
    let undo = Value::Object(back(&draft.marks.touches));
    if draft.marks.lost.is_empty() {
        return undo_command(draft, merge_format(draft), &undo, file, delivery);
    }
    match draft.key.known() {
        Some(Kind::Deployment | Kind::StatefulSet | Kind::DaemonSet) if is_plain(&draft.key) => {
            delivery
                .kubectl("rollout")
                .word("undo")
                .object(&draft.key)
                .line()
        }
        Some(Kind::Service) => {
            let command = undo_command(draft, merge_format(draft), &undo, file, delivery);
            format!("{command}  (but not {})", draft.marks.lost.join(", "))
        }
        _ => {
            let kept = kept_file(draft, "-before", delivery);
            let get = named(delivery.kubectl("get"), &draft.key, file)
                .words("-o json")
                .into_file(&kept);
            let replace = delivery.kubectl("replace").word("-f").word(&kept);
            format!("first keep it: {}; then {}", get.line(), replace.line())
        }
    }
}

fn on_the_node(draft: &Draft, delivery: &Delivery) -> Vec<Step> {
    let mut steps = Vec::new();
    for (format, patch) in strategic(draft)
        .map(|p| (PatchKind::Strategic, p))
        .into_iter()
        .chain(json_patch(draft).map(|(p, _)| (PatchKind::Json, p)))
    {
        let mut step = bare(Action::Patch(format), &draft.key, String::new());
        step.yaml = yaml::print(&patch);
        step.file = file_of(draft, "", false, delivery);
        step.note = "a static pod: make this change in its manifest on the node (the kubelet's staticPodPath)".into();
        step.way_back = "the manifest as it was".into();
        steps.push(step);
    }
    steps
}

fn restart(draft: &Draft, workloads: &[ObjectKey], delivery: &Delivery) -> Step {
    let plain: Vec<&ObjectKey> = workloads.iter().filter(|k| is_plain(k)).collect();
    let mut command = delivery.kubectl("rollout").word("restart");
    for key in &plain {
        command = command.word(&format!("{}/{}", super::command::kind(&key.kind), key.name));
    }
    let line = match plain.first() {
        Some(key) => command.namespace(key).line(),
        None => String::new(),
    };
    bare(Action::Command, &draft.key, line)
}

fn drop_pod(pod: &ObjectKey, delivery: &Delivery) -> Step {
    let line = if is_plain(pod) {
        delivery.kubectl("delete").object(pod).line()
    } else {
        String::new()
    };
    let mut step = bare(Action::Delete, pod, line);
    step.way_back = "none: its owner makes a new pod".into();
    step
}
