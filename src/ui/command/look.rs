//! How things are looked at.

use super::{Command, Enabled, Group, always, has_object, has_row};
use crate::ui::action::{Action, Choice, PaneMsg};
use crate::ui::context::Context;
use crate::ui::row::Target;

const fn looks(
    id: &'static str,
    keys: &'static str,
    label: &'static str,
    help: &'static str,
    run: fn(&Context<'_>) -> Vec<Action>,
) -> Command {
    Command {
        id,
        keys,
        help,
        label,
        group: Group::Look,
        run,
        ..Command::BASE
    }
}

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    Command {
        opens: Some("evidence"),
        enabled: has_row,
        ..looks(
            "look.evidence",
            "d",
            "evidence",
            "what it rests on, in full",
            |cx| open("evidence", cx),
        )
    },
    Command {
        opens: Some("manifest"),
        enabled: has_live_object,
        ..looks(
            "look.manifest",
            "m",
            "manifest",
            "the live manifest, redacted",
            |cx| open("manifest", cx),
        )
    },
    Command {
        enabled: splits,
        ..looks(
            "look.full",
            "F",
            "full",
            "this alone on the whole screen",
            |_| vec![Action::Choose(Choice::Full)],
        )
    },
    looks(
        "look.all",
        "*",
        "open all",
        "open every branch, or close all",
        |_| vec![Action::Pane(PaneMsg::ToggleAll)],
    ),
    looks(
        "look.sort",
        "s",
        "sort",
        "order: severity, name, newest",
        |_| vec![Action::Choose(Choice::Sort)],
    ),
    looks(
        "look.floor",
        "!",
        "floor",
        "lowest severity that is listed",
        |_| vec![Action::Choose(Choice::Floor)],
    ),
    looks(
        "look.system",
        "H",
        "system",
        "system namespaces on or off",
        |_| vec![Action::Choose(Choice::System)],
    ),
    looks(
        "look.freeze",
        "z",
        "freeze",
        "let the facts stand still, or move again",
        |_| vec![Action::Choose(Choice::Freeze)],
    ),
];

fn open(pane: &'static str, cx: &Context<'_>) -> Vec<Action> {
    let target = cx.selected.cloned().map_or(Target::Whole, Target::Row);
    vec![Action::Open(pane, target)]
}

fn splits(cx: &Context<'_>) -> Enabled {
    if cx.splits {
        always(cx)
    } else {
        Err("nothing stands beside it here".into())
    }
}

fn has_live_object(cx: &Context<'_>) -> Enabled {
    has_object(cx)?;
    if cx.is_live() {
        always(cx)
    } else {
        Err("only an API server has live manifests".into())
    }
}
