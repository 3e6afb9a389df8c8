//! The one command table: keys, help, key bar, palette, man page and the `keys` subcommand all read it.
//!
//! A command is data and two functions of the read-only [`Context`]: whether it can run here (and if not, why), and what
//! it does, as [`Action`]s. Commands of the whole application stand in `command/`; a pane's own stand in its file.

mod ask;
mod find;
mod fix;
mod go;
mod look;
mod movement;
mod session;

use std::borrow::Cow;

use super::action::Action;
use super::context::Context;
use super::panes;

/// A command.
#[derive(Debug)]
pub struct Command {
    /// Its name: what keymap files and the palette call it.
    pub id: &'static str,
    /// Its keys unless the person chose others, with spaces between: `j Down`. Empty: palette only.
    pub keys: &'static str,
    /// What it does, in a few words.
    pub help: &'static str,
    /// Its place in help and man page.
    pub group: Group,
    /// What the key bar calls it; neighbours with one label share an entry (`1-5 threat`).
    pub label: &'static str,
    /// The pane it opens: without that pane there is no such command.
    pub opens: Option<&'static str>,
    /// Where it can be reached.
    pub reach: Reach,
    /// Whether it can run here, or why not.
    pub enabled: fn(&Context<'_>) -> Enabled,
    /// What it does.
    pub run: fn(&Context<'_>) -> Vec<Action>,
}

/// Whether a command can run, or why not.
pub type Enabled = Result<(), Cow<'static, str>>;

/// Groups of the help, in order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Group {
    /// Moving the cursor.
    Move,
    /// Leaving.
    Leave,
    /// Going to a place.
    Go,
    /// Questions.
    Ask,
    /// Finding things.
    Find,
    /// Fixes and copying.
    Fix,
    /// How things are looked at.
    Look,
    /// Marks and the session.
    Session,
    /// Only in this pane.
    Here,
}

impl Group {
    /// Its heading.
    pub fn title(self) -> &'static str {
        match self {
            Group::Move => "move",
            Group::Leave => "leave",
            Group::Go => "go",
            Group::Ask => "ask",
            Group::Find => "find",
            Group::Fix => "fix",
            Group::Look => "look",
            Group::Session => "marks, session",
            Group::Here => "here",
        }
    }
}

/// Where a command can be reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// Everywhere, in overlays too.
    Everywhere,
    /// Where no overlay has the keys.
    Main,
}

impl Command {
    /// A command that is always possible; `..Command::BASE` fills what is not said.
    pub const BASE: Command = Command {
        id: "",
        keys: "",
        help: "",
        group: Group::Here,
        label: "",
        opens: None,
        reach: Reach::Main,
        enabled: always,
        run: nothing,
    };

    /// The command exists: the pane that it opens does.
    pub fn exists(&self) -> bool {
        self.opens.is_none_or(|id| panes::pane(id).is_some())
    }
}

fn nothing(_: &Context<'_>) -> Vec<Action> {
    Vec::new()
}

/// Possible everywhere.
#[allow(
    clippy::unnecessary_wraps,
    reason = "the signature of `Command::enabled`"
)]
pub fn always(_: &Context<'_>) -> Enabled {
    Ok(())
}

/// Possible with a row under the cursor.
pub fn has_row(cx: &Context<'_>) -> Enabled {
    cx.selected.map(|_| ()).ok_or("no row here".into())
}

/// Possible with an object under the cursor.
pub fn has_object(cx: &Context<'_>) -> Enabled {
    cx.selected
        .and_then(|row| row.object())
        .map(|_| ())
        .ok_or("the row is not about one object".into())
}

/// Possible with something to fix: marked, or under the cursor.
pub fn has_fixable(cx: &Context<'_>) -> Enabled {
    if cx.to_fix().is_empty() {
        Err("a finding, a story or a cut can be fixed; this row is none".into())
    } else {
        Ok(())
    }
}

/// The commands of the whole application that exist, in order of the help.
pub fn global() -> impl Iterator<Item = &'static Command> {
    let tables: [&'static [Command]; 7] = [
        movement::COMMANDS,
        go::COMMANDS,
        ask::COMMANDS,
        find::COMMANDS,
        fix::COMMANDS,
        look::COMMANDS,
        session::COMMANDS,
    ];
    let all = tables.into_iter().flatten();
    all.filter(|command| command.exists())
}

/// The command of an id, of the application or of any pane.
pub fn find(id: &str) -> Option<&'static Command> {
    let own = panes::ALL.iter().flat_map(|pane| pane.commands);
    global().chain(own).find(|command| command.id == id)
}

/// One line of the table, as plain data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Id.
    pub id: &'static str,
    /// Keys, with spaces between.
    pub keys: String,
    /// Help.
    pub help: &'static str,
    /// Group's heading.
    pub group: &'static str,
    /// The pane that it belongs to; `None`: everywhere.
    pub pane: Option<&'static str>,
}

/// Every command with its keys unless the person chose others: for the `keys` subcommand, the man page and README tests.
pub fn commands() -> Vec<Listed> {
    let line = |pane, command: &'static Command| Listed {
        id: command.id,
        keys: command.keys.to_owned(),
        help: command.help,
        group: command.group.title(),
        pane,
    };
    let own = panes::ALL
        .iter()
        .flat_map(|pane| pane.commands.iter().map(|c| line(Some(pane.id), c)));
    global().map(|c| line(None, c)).chain(own).collect()
}
