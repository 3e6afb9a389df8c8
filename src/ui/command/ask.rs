//! Questions about what is under the cursor.

use super::{Command, Enabled, Group};
use crate::ui::action::Action;
use crate::ui::context::Context;
use crate::ui::facts;
use crate::ui::ladder::{climbs, is_namespace};
use crate::ui::row::Target;

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    Command {
        id: "ask.who",
        keys: "w",
        help: "who may do something, by RBAC",
        label: "who can",
        group: Group::Ask,
        opens: Some("who-can"),
        run: |_| vec![Action::Open("who-can", Target::Whole)],
        ..Command::BASE
    },
    Command {
        id: "ask.levels",
        keys: "P",
        help: "Pod Security levels, and the way up",
        label: "levels",
        group: Group::Ask,
        opens: Some("levels"),
        enabled: has_levels,
        run: |cx| {
            let key = cx.selected.and_then(climbs);
            key.map(|key| Action::Open("levels", Target::Row(crate::ui::row::RowId::Object(key))))
                .into_iter()
                .collect()
        },
        ..Command::BASE
    },
];

fn has_levels(cx: &Context<'_>) -> Enabled {
    let key = cx.selected.and_then(climbs);
    let fits =
        key.is_some_and(|key| is_namespace(&key) || facts::workload(cx.snapshot, &key).is_some());
    if fits {
        Ok(())
    } else {
        Err("only a namespace or a workload has levels".into())
    }
}
