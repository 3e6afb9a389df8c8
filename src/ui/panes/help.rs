//! The keys of this place, from the command table: typed text searches, Enter runs.

use std::collections::BTreeSet;

use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::{Canvas, Cell, owned};
use crate::ui::chooser::Chooser;
use crate::ui::command::{self, Command, Group};
use crate::ui::context::Context;
use crate::ui::list::Drawn;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::panes;
use crate::ui::row::{RowId, Target};
use crate::ui::widgets::piece::Piece;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "help",
    title: "keys",
    about: "Every key of this place and what it does here. Type to search, Enter runs.",
    slot: Slot::Over {
        width: 76,
        height: 40,
    },
    bar: &["open", "leave"],
    commands: &[],
    open: |_, target| Box::new(Help::new(target)),
};

#[derive(Debug)]
struct Help {
    /// The pane that it explains.
    about: &'static PaneDef,
    chooser: Chooser,
    rows: Vec<RowId>,
}

impl Help {
    fn new(target: &Target) -> Help {
        let of = match target {
            Target::Text(id) => panes::pane(id),
            _ => None,
        };
        Help {
            about: of.unwrap_or(&PANE),
            chooser: Chooser::default(),
            rows: Vec::new(),
        }
    }

    /// The pane's own commands, then those of the application by group, each under a head.
    fn rows(&self, cx: &Context<'_>) -> Vec<RowId> {
        let needle = self.chooser.text().to_lowercase();
        let found = |command: &Command| {
            let keys = cx.keymap.spelled(command.id);
            needle.is_empty()
                || [command.help, command.id, command.group.title()]
                    .iter()
                    .any(|text| text.to_lowercase().contains(&needle))
                || keys.split(' ').any(|key| key.to_lowercase() == needle)
        };
        let all = self.about.commands.iter().chain(command::global());
        let mut found: Vec<&Command> = all.filter(|command| found(command)).collect();
        // The pane's own come first; the table's order stays within a group.
        found.sort_by_key(|c| (c.group != Group::Here, c.group));
        let mut rows = Vec::new();
        let mut groups = BTreeSet::new();
        for command in found {
            if groups.insert(command.group) {
                rows.push(RowId::Section(command.group.title()));
            }
            rows.push(RowId::Command(command.id));
        }
        rows
    }

    fn row(&self, cx: &Context<'_>, at: usize) -> Drawn<'static> {
        match self.rows.get(at) {
            Some(RowId::Section(title)) => Drawn::plain(vec![Cell::grow(
                10,
                vec![Piece::new(*title, Meaning::Heading)],
            )]),
            Some(RowId::Command(id)) => command::find(id)
                .map_or_else(Drawn::default, |command| Drawn::plain(line(cx, command))),
            _ => Drawn::default(),
        }
    }
}

/// Keys, what they do, and why not here.
fn line(cx: &Context<'_>, command: &Command) -> Vec<Cell<'static>> {
    let below = cx.beneath.unwrap_or(cx);
    let refused = (command.enabled)(below).err();
    let meaning = if refused.is_some() {
        Meaning::KeyOff
    } else {
        Meaning::Text
    };
    let key = if refused.is_some() {
        Meaning::KeyOff
    } else {
        Meaning::Key
    };
    let keys = cx.keymap.spelled(command.id);
    let keys = if keys.is_empty() {
        format!(":{}", command.id)
    } else {
        keys
    };
    let mut says = vec![Piece::new(command.help, meaning)];
    if let Some(why) = refused {
        says.push(owned(format!("  ({why})"), Meaning::Muted));
    }
    vec![Cell::fixed(15, owned(keys, key)), Cell::grow(20, says)]
}

impl Pane for Help {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.rows = self.rows(cx);
        let about = self.intro(cx);
        self.chooser
            .settle(&self.rows, cx.area.height.saturating_sub(about));
        Vec::new()
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        if let PaneMsg::Open = msg {
            return match self.chooser.selected() {
                Some(RowId::Command(id)) => vec![Action::CloseOver, Action::Run(id)],
                _ => Vec::new(),
            };
        }
        if self.chooser.update(&self.rows, msg) {
            self.refresh(cx);
            self.chooser.to_first(&self.rows);
            if let Some(RowId::Section(_)) = self.chooser.selected() {
                let down = PaneMsg::NextPart;
                self.chooser.update(&self.rows, &down);
            }
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let intro = self.intro(cx);
        let mut rest = canvas.area;
        if intro > 0 {
            let width = usize::from(canvas.width());
            let about = [Piece::new(self.about.about, Meaning::Muted)];
            let lines = crate::ui::widgets::text::wrap(&about, width, 0);
            for (y, line) in lines.iter().take(usize::from(intro)).enumerate() {
                canvas.pieces(0, y as u16, line);
            }
            rest.y += intro;
            rest.height -= intro;
        }
        let mut part = canvas.part(rest);
        let none = "no key and no command is called so";
        self.chooser
            .draw(&mut part, "search: ", none, |at| self.row(cx, at));
    }

    fn selected(&self) -> Option<RowId> {
        self.chooser.selected().cloned()
    }

    fn title(&self, _: &Context<'_>) -> Option<String> {
        Some(format!("keys: {}", self.about.title))
    }

    fn types(&self) -> bool {
        true
    }
}

impl Help {
    /// Lines that the introduction takes: none where there is hardly room for the keys.
    fn intro(&self, cx: &Context<'_>) -> u16 {
        if cx.area.height < 14 {
            return 0;
        }
        let about = [Piece::new(self.about.about, Meaning::Muted)];
        let width = usize::from(cx.area.width);
        crate::ui::widgets::text::wrap(&about, width, 0).len() as u16
    }
}
