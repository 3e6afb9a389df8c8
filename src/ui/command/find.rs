//! Finding things: filter, matches, palette, help.

use super::{Command, Enabled, Group, Reach, always};
use crate::ui::action::{Action, PaneMsg};
use crate::ui::context::Context;
use crate::ui::row::Target;

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    Command {
        id: "find.filter",
        keys: "/",
        help: "filter: text ns: kind: sev: check: !not",
        label: "find",
        group: Group::Find,
        enabled: filters,
        run: |_| vec![Action::AskFilter],
        ..Command::BASE
    },
    Command {
        id: "find.next",
        keys: "n",
        help: "to the next match of the filter",
        group: Group::Find,
        enabled: filtered,
        run: |_| vec![Action::Pane(PaneMsg::NextFinding)],
        ..Command::BASE
    },
    Command {
        id: "find.previous",
        keys: "N",
        help: "to the previous match of the filter",
        group: Group::Find,
        enabled: filtered,
        run: |_| vec![Action::Pane(PaneMsg::PreviousFinding)],
        ..Command::BASE
    },
    Command {
        id: "find.palette",
        keys: ":",
        help: "every command, by name",
        label: "do",
        group: Group::Find,
        opens: Some("palette"),
        run: |_| vec![Action::Open("palette", Target::Whole)],
        ..Command::BASE
    },
    Command {
        id: "find.help",
        keys: "? F1",
        help: "keys and words of this place",
        label: "keys",
        group: Group::Find,
        opens: Some("help"),
        reach: Reach::Everywhere,
        run: |cx| vec![Action::Open("help", Target::Text(cx.pane.into()))],
        ..Command::BASE
    },
];

fn filters(cx: &Context<'_>) -> Enabled {
    if cx.filters {
        always(cx)
    } else {
        Err("nothing to filter here".into())
    }
}

fn filtered(cx: &Context<'_>) -> Enabled {
    if cx.filter.is_empty() {
        Err("no filter is active".into())
    } else {
        always(cx)
    }
}
