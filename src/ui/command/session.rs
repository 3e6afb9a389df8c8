//! Marks, and the session.

use super::{Command, Enabled, Group, Reach, always};
use crate::ui::action::Action;
use crate::ui::context::Context;
use crate::ui::effect::Effect;

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    Command {
        id: "mark.toggle",
        keys: "Space",
        help: "mark the row, or unmark it",
        label: "mark",
        group: Group::Session,
        enabled: markable,
        run: |_| vec![Action::Mark],
        ..Command::BASE
    },
    Command {
        id: "mark.none",
        keys: "u",
        help: "unmark all",
        group: Group::Session,
        enabled: marked,
        run: |_| vec![Action::Unmark],
        ..Command::BASE
    },
    Command {
        id: "session.relist",
        keys: "Ctrl-R",
        help: "list everything anew",
        group: Group::Session,
        run: |_| vec![Action::Do(Effect::Relist)],
        ..Command::BASE
    },
    Command {
        id: "session.repaint",
        keys: "Ctrl-L",
        help: "paint the screen anew",
        group: Group::Session,
        reach: Reach::Everywhere,
        run: |_| vec![Action::Do(Effect::Repaint)],
        ..Command::BASE
    },
    Command {
        id: "session.suspend",
        keys: "Ctrl-Z",
        help: "stop; the shell's fg goes on",
        group: Group::Session,
        reach: Reach::Everywhere,
        run: |_| vec![Action::Do(Effect::Suspend)],
        ..Command::BASE
    },
];

fn markable(cx: &Context<'_>) -> Enabled {
    match cx.selected {
        Some(row) if row.is_fixable() => always(cx),
        _ => Err("findings, stories and cuts can be marked".into()),
    }
}

fn marked(cx: &Context<'_>) -> Enabled {
    if cx.marks.is_empty() {
        Err("nothing is marked".into())
    } else {
        always(cx)
    }
}
