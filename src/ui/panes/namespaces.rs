//! Chooses the namespaces to look at: one of the list, several with commas, or all.

use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::{Canvas, Cell, owned};
use crate::ui::chooser::Chooser;
use crate::ui::command::{Command, Group};
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::list::Drawn;
use crate::ui::msg::Note;
use crate::ui::palette;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::RowId;
use crate::ui::say;
use crate::ui::since::counted;
use crate::ui::widgets::piece::Piece;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "namespaces",
    title: "namespaces to look at",
    about: "Which namespaces are watched. Type to search, or names with commas; Enter looks at these only, all at every one.",
    slot: Slot::Over {
        width: 72,
        height: 20,
    },
    bar: &["open", "leave"],
    commands: &[Command {
        id: "namespaces.all",
        keys: "Ctrl-T",
        help: "look at all namespaces",
        group: Group::Here,
        label: "all",
        run: |_| vec![Action::Pane(PaneMsg::Own("namespaces.all"))],
        ..Command::BASE
    }],
    open: |_, _| Box::new(Namespaces::default()),
};

/// The row that stands for every namespace.
const ALL: &str = "all";

#[derive(Debug, Default)]
struct Namespaces {
    chooser: Chooser,
    rows: Vec<RowId>,
}

impl Namespaces {
    fn rows(&self, cx: &Context<'_>) -> Vec<RowId> {
        let typed = self.chooser.text().trim();
        let spaces = cx.snapshot.spaces.keys().filter(|name| !name.is_empty());
        let names: Vec<&str> = std::iter::once(ALL)
            .chain(spaces.map(|name| &**name))
            .collect();
        let found = palette::search(names.iter().copied(), typed).into_iter();
        let mut rows: Vec<RowId> = found
            .filter_map(|at| names.get(at))
            .map(|name| RowId::Choice((*name).into()))
            .collect();
        // A login that may not list namespaces still knows the names of its own.
        if !typed.is_empty() && (rows.is_empty() || typed.contains(',')) {
            rows.insert(0, RowId::Choice(typed.into()));
        }
        rows
    }

    fn set(cx: &Context<'_>, word: &str) -> Vec<Action> {
        let action = if cx.is_live() {
            Action::Do(Effect::SetNamespaces(palette::namespaces(word)))
        } else {
            let why = "only with an API server; here / with ns: shows fewer rows";
            Action::Note(Note::notice(why))
        };
        vec![Action::CloseOver, action]
    }
}

impl Pane for Namespaces {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.rows = self.rows(cx);
        self.chooser.settle(&self.rows, cx.area.height);
        Vec::new()
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Own("namespaces.all") => return Namespaces::set(cx, ALL),
            PaneMsg::Open => {
                return match self.chooser.selected() {
                    Some(RowId::Choice(word)) => Namespaces::set(cx, word),
                    _ => Vec::new(),
                };
            }
            other => {
                if self.chooser.update(&self.rows, other) {
                    self.refresh(cx);
                    self.chooser.to_first(&self.rows);
                }
            }
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let none = "type the name of a namespace";
        self.chooser.draw(canvas, "namespaces: ", none, |at| {
            let Some(RowId::Choice(name)) = self.rows.get(at) else {
                return Drawn::default();
            };
            let space = cx.snapshot.spaces.get(name);
            let pods = space.map_or(String::new(), |s| counted(s.pods, "pod", "pods"));
            let worst = space.and_then(|s| s.worst());
            let (word, meaning) =
                worst.map_or(("", Meaning::Text), |s| (s.word(), say::severity(s)));
            Drawn::plain(vec![
                Cell::grow(20, vec![owned(&**name, Meaning::Text)]),
                Cell::fixed(9, Piece::new(word, meaning)),
                Cell::fixed(11, owned(pods, Meaning::Number)).to_right(),
            ])
        });
    }

    fn selected(&self) -> Option<RowId> {
        self.chooser.selected().cloned()
    }

    fn types(&self) -> bool {
        true
    }
}
