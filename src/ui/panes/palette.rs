//! Every command by name, found by a few letters of it; `ctx`, `ns`, `theme` and `threat` take a word. What cannot run
//! here is grey and says why.

use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::{Canvas, Cell, owned};
use crate::ui::chooser::Chooser;
use crate::ui::command::{self, Command, Enabled, Group};
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::list::Drawn;
use crate::ui::msg::Note;
use crate::ui::palette::{self, Takes, Typed};
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::panes;
use crate::ui::row::{RowId, Target};
use crate::ui::say;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "palette",
    title: "do",
    about: "Every command by name. ctx, ns, theme and threat take a word: ns shop,pay.",
    slot: Slot::Over {
        width: 76,
        height: 20,
    },
    bar: &["open", "find.help", "leave"],
    commands: &[],
    open: |_, _| Box::new(Palette::default()),
};

#[derive(Debug, Default)]
struct Palette {
    chooser: Chooser,
    rows: Vec<RowId>,
    /// Contexts, once they were asked for and came.
    contexts: Vec<String>,
    asked: bool,
}

/// Every command that can be named here: of the pane below, of the application; what fingers know comes last.
fn all(cx: &Context<'_>) -> Vec<&'static Command> {
    let below = cx.beneath.map_or("", |below| below.pane);
    let own = panes::pane(below).map_or(&[][..], |pane| pane.commands);
    let mut all: Vec<&Command> = own
        .iter()
        .chain(command::global())
        .filter(|command| command.id != "find.palette")
        .collect();
    all.sort_by_key(|command| matches!(command.group, Group::Move | Group::Leave));
    all
}

/// How the search sees a command.
fn searched(command: &Command) -> String {
    format!("{} {} {}", command.label, command.help, command.id)
}

/// A command that takes a word, as a row.
fn word_row(takes: Takes, word: &str) -> RowId {
    RowId::Choice(format!("{} {word}", takes.name()).into())
}

impl Palette {
    fn rows(&self, cx: &Context<'_>) -> Vec<RowId> {
        match palette::read(self.chooser.text()) {
            Typed::Word(takes, word) => self.words(cx, takes, word),
            Typed::Search(typed) => {
                let commands = all(cx);
                let names: Vec<String> = commands
                    .iter()
                    .map(|command| searched(command))
                    .chain(Takes::ALL.map(|t| format!("{} {}", t.name(), t.help())))
                    .collect();
                let found = palette::search(names.iter().map(String::as_str), typed).into_iter();
                let row = |at: usize| match commands.get(at) {
                    Some(command) => Some(RowId::Command(command.id)),
                    None => Takes::ALL
                        .get(at - commands.len())
                        .map(|takes| word_row(*takes, "")),
                };
                found.filter_map(row).collect()
            }
        }
    }

    /// Words that fit, best first; what was typed itself where it may name something that is not known here.
    fn words(&self, cx: &Context<'_>, takes: Takes, word: &str) -> Vec<RowId> {
        let known: Vec<String> = match takes {
            Takes::Context => self.contexts.clone(),
            Takes::Namespaces => {
                let spaces = cx.snapshot.spaces.keys().filter(|name| !name.is_empty());
                let names = spaces.map(ToString::to_string);
                std::iter::once("all".to_owned()).chain(names).collect()
            }
            Takes::Theme => cx.themes.to_vec(),
            Takes::Threat => ThreatId::ALL.map(|id| id.slug().to_owned()).to_vec(),
        };
        let by_number = ThreatId::ALL
            .into_iter()
            .find(|id| takes == Takes::Threat && id.number().to_string() == word);
        if let Some(id) = by_number {
            return vec![word_row(takes, id.slug())];
        }
        let found = palette::search(known.iter().map(String::as_str), word);
        let mut rows: Vec<RowId> = found
            .into_iter()
            .filter_map(|at| known.get(at))
            .map(|name| word_row(takes, name))
            .collect();
        let free = match takes {
            Takes::Context => rows.is_empty(),
            Takes::Namespaces => rows.is_empty() || word.contains(','),
            Takes::Theme | Takes::Threat => false,
        };
        if free && !word.is_empty() {
            rows.insert(0, word_row(takes, word));
        }
        rows
    }

    fn run(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let row = self.chooser.selected().cloned();
        let RowId::Choice(text) = row.unwrap_or(RowId::Section("")) else {
            return match self.chooser.selected() {
                Some(RowId::Command(id)) => vec![Action::CloseOver, Action::Run(id)],
                _ => Vec::new(),
            };
        };
        let Some((name, word)) = text.split_once(' ') else {
            return Vec::new();
        };
        let Some(takes) = Takes::ALL.into_iter().find(|t| t.name() == name) else {
            return Vec::new();
        };
        if word.is_empty() {
            // Chosen by its name: the word is typed next.
            self.chooser.set(&format!("{name} "));
            return self.refresh(cx);
        }
        let action = match takes {
            Takes::Threat => match ThreatId::parse(word) {
                Some(id) => Action::Go("threat", Target::Threat(id)),
                None => Action::Note(Note::notice("no threat is called so")),
            },
            Takes::Theme => Action::Do(Effect::SetTheme(word.to_owned())),
            _ if !cx.is_live() => Action::Note(Note::notice(NOT_LIVE)),
            Takes::Context => Action::Do(Effect::SwitchContext(word.to_owned())),
            Takes::Namespaces => Action::Do(Effect::SetNamespaces(palette::namespaces(word))),
        };
        vec![Action::CloseOver, action]
    }

    fn row(cx: &Context<'_>, row: Option<&RowId>) -> Drawn<'static> {
        match row {
            Some(RowId::Command(id)) => command::find(id).map_or_else(Drawn::default, |command| {
                let below = cx.beneath.unwrap_or(cx);
                let keys = cx.keymap.spelled(command.id);
                Drawn::plain(line(
                    command.help,
                    command.id,
                    keys,
                    &(command.enabled)(below),
                ))
            }),
            Some(RowId::Choice(text)) => {
                let (name, word) = text.split_once(' ').unwrap_or((text, ""));
                let takes = Takes::ALL.into_iter().find(|t| t.name() == name);
                let help = takes.map_or("", Takes::help);
                let title = ThreatId::parse(word)
                    .filter(|_| takes == Some(Takes::Threat))
                    .and_then(say::threat)
                    .map_or(help, |threat| threat.title);
                let needs_live = matches!(takes, Some(Takes::Context | Takes::Namespaces));
                let enabled = if needs_live && !cx.is_live() {
                    Err(NOT_LIVE.into())
                } else {
                    Ok(())
                };
                Drawn::plain(line(title, text, String::new(), &enabled))
            }
            _ => Drawn::default(),
        }
    }
}

const NOT_LIVE: &str = "only with an API server";

/// What it does, its name, its keys, why not.
fn line(help: &str, name: &str, keys: String, enabled: &Enabled) -> Vec<Cell<'static>> {
    let on = enabled.is_ok();
    let meaning = |on_meaning| if on { on_meaning } else { Meaning::KeyOff };
    let says = owned(help, meaning(Meaning::Text));
    let keys = Cell::fixed(10, owned(keys, meaning(Meaning::Key))).to_right();
    match enabled {
        Ok(()) => vec![
            Cell::grow(24, vec![says]),
            Cell::fixed(22, owned(name, Meaning::Muted)),
            keys,
        ],
        // Why not matters more than the name.
        Err(why) => vec![
            Cell::grow(20, vec![says]),
            Cell::grow(26, vec![owned(format!("({why})"), Meaning::Muted)]),
            keys,
        ],
    }
}

impl Pane for Palette {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.rows = self.rows(cx);
        self.chooser.settle(&self.rows, cx.area.height);
        let wants = matches!(
            palette::read(self.chooser.text()),
            Typed::Word(Takes::Context, _)
        );
        if wants && !self.asked && cx.is_live() {
            self.asked = true;
            return vec![Action::Do(Effect::ListContexts)];
        }
        Vec::new()
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Open => return self.run(cx),
            PaneMsg::Contexts(_, Ok(names)) => {
                self.contexts.clone_from(names);
                return self.refresh(cx);
            }
            _ => {}
        }
        if self.chooser.update(&self.rows, msg) {
            let actions = self.refresh(cx);
            self.chooser.to_first(&self.rows);
            return actions;
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let none = match palette::read(self.chooser.text()) {
            Typed::Search(_) => "no command is called so",
            Typed::Word(..) => "nothing is called so",
        };
        self.chooser
            .draw(canvas, ":", none, |at| Palette::row(cx, self.rows.get(at)));
    }

    fn selected(&self) -> Option<RowId> {
        self.chooser.selected().cloned()
    }

    fn types(&self) -> bool {
        true
    }
}
