//! Fixes, and copying what is under the cursor.

use super::{Command, Group, has_fixable, has_object};
use crate::model::text::copyable;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::kubectl;
use crate::ui::msg::Note;
use crate::ui::row::Target;

/// Opening alone copies nothing: the pane is also reached by the way back.
const COPY: Action = Action::Pane(PaneMsg::Own("fix.copy"));

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    Command {
        id: "fix.one",
        keys: "y",
        help: "the fix, and copy it",
        label: "fix",
        group: Group::Fix,
        opens: Some("fix"),
        enabled: has_fixable,
        run: |cx| {
            let row = cx.selected.filter(|row| row.is_fixable());
            let target = row
                .cloned()
                .map_or_else(|| Target::Rows(cx.to_fix()), Target::Row);
            vec![Action::Open("fix", target), COPY]
        },
        ..Command::BASE
    },
    Command {
        id: "fix.all",
        keys: "Y",
        help: "one fix of all marked, or of the whole node",
        group: Group::Fix,
        opens: Some("fix"),
        run: |cx| {
            let marked = cx.marks.iter().cloned().collect();
            vec![Action::OpenNode("fix", marked), COPY]
        },
        ..Command::BASE
    },
    Command {
        id: "copy.name",
        keys: "C",
        help: "copy kind, namespace and name",
        label: "copy name",
        group: Group::Fix,
        enabled: has_object,
        run: copy_name,
        ..Command::BASE
    },
    Command {
        id: "copy.kubectl",
        keys: "K",
        label: "kubectl",
        help: "copy the kubectl line that shows it",
        group: Group::Fix,
        enabled: has_object,
        run: copy_kubectl,
        ..Command::BASE
    },
];

fn copy_name(cx: &Context<'_>) -> Vec<Action> {
    let Some(key) = cx.selected.and_then(|row| row.object()) else {
        return Vec::new();
    };
    vec![copy(copyable(&key.to_string()).into_owned(), &["name"])]
}

fn copy_kubectl(cx: &Context<'_>) -> Vec<Action> {
    let Some(row) = cx.selected else {
        return Vec::new();
    };
    let Some(line) = kubectl::shows(row, cx.snapshot) else {
        let why = "its name holds characters that no command line should hold; C copies it escaped";
        return vec![Action::Note(Note::notice(why))];
    };
    vec![copy(line, &["kubectl"])]
}

fn copy(text: String, parts: &[&str]) -> Action {
    Action::Do(Effect::Copy {
        text,
        parts: parts.iter().map(|p| (*p).to_owned()).collect(),
    })
}
