//! Moving the cursor, and leaving.

use super::{Command, Group, Reach, has_row};
use crate::ui::action::{Action, Motion, PaneMsg};
use crate::ui::context::Context;

/// A movement: reached everywhere, always possible.
const fn moves(
    id: &'static str,
    keys: &'static str,
    help: &'static str,
    run: fn(&Context<'_>) -> Vec<Action>,
) -> Command {
    Command {
        id,
        keys,
        help,
        group: Group::Move,
        reach: Reach::Everywhere,
        run,
        ..Command::BASE
    }
}

macro_rules! tell {
    ($($msg:tt)*) => { |_| vec![Action::Pane(PaneMsg::$($msg)*)] };
}

/// In the order of the help.
pub(super) static COMMANDS: &[Command] = &[
    moves(
        "move.down",
        "j Down",
        "down a row",
        tell!(Move(Motion::Down)),
    ),
    moves("move.up", "k Up", "up a row", tell!(Move(Motion::Up))),
    moves(
        "move.top",
        "g Home",
        "to the first row",
        tell!(Move(Motion::Top)),
    ),
    moves(
        "move.bottom",
        "G End",
        "to the last row",
        tell!(Move(Motion::Bottom)),
    ),
    moves(
        "move.half-down",
        "Ctrl-D",
        "half a page down",
        tell!(Move(Motion::HalfDown)),
    ),
    moves(
        "move.half-up",
        "Ctrl-U",
        "half a page up",
        tell!(Move(Motion::HalfUp)),
    ),
    moves(
        "move.page-down",
        "PgDn",
        "a page down",
        tell!(Move(Motion::PageDown)),
    ),
    moves(
        "move.page-up",
        "PgUp",
        "a page up",
        tell!(Move(Motion::PageUp)),
    ),
    moves(
        "move.in",
        "l Right",
        "open the branch, then step in",
        tell!(Inward),
    ),
    moves(
        "move.out",
        "h Left",
        "close the branch, then to its parent",
        tell!(Outward),
    ),
    Command {
        label: "open",
        enabled: has_row,
        ..moves(
            "open",
            "Enter",
            "open what is under the cursor",
            tell!(Open),
        )
    },
    Command {
        reach: Reach::Main,
        ..moves(
            "move.next-finding",
            "}",
            "to the next finding",
            tell!(NextFinding),
        )
    },
    Command {
        reach: Reach::Main,
        ..moves(
            "move.previous-finding",
            "{",
            "to the previous finding",
            tell!(PreviousFinding),
        )
    },
    Command {
        label: "pane",
        ..moves(
            "move.next-part",
            "Tab",
            "to the next part of the pane",
            tell!(NextPart),
        )
    },
    moves(
        "move.previous-part",
        "S-Tab",
        "to the previous part of the pane",
        tell!(PreviousPart),
    ),
    Command {
        group: Group::Leave,
        label: "back",
        ..moves("leave", "Esc", "one step out, never the end", |_| {
            vec![Action::Leave]
        })
    },
    Command {
        group: Group::Leave,
        label: "quit",
        ..moves(
            "leave-or-quit",
            "q",
            "one step out, at the first screen the end",
            |_| vec![Action::LeaveOrQuit],
        )
    },
    Command {
        group: Group::Leave,
        ..moves("quit", "Ctrl-C", "the end", |_| vec![Action::Quit])
    },
];
