//! Chooses a theme.

use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::{Canvas, Cell, owned};
use crate::ui::chooser::Chooser;
use crate::ui::context::Context;
use crate::ui::effect::Effect;
use crate::ui::list::Drawn;
use crate::ui::palette;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::RowId;
use crate::ui::widgets::piece::Piece;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "themes",
    title: "theme",
    about: "The themes there are; one file is one theme. Type to search, Enter uses it.",
    slot: Slot::Over {
        width: 44,
        height: 18,
    },
    bar: &["open", "leave"],
    commands: &[],
    open: |cx, _| Box::new(Themes::new(cx)),
};

#[derive(Debug)]
struct Themes {
    chooser: Chooser,
    rows: Vec<RowId>,
}

impl Themes {
    fn new(cx: &Context<'_>) -> Themes {
        let mut themes = Themes {
            chooser: Chooser::default(),
            rows: Vec::new(),
        };
        themes.refresh(cx);
        let now = RowId::Choice(cx.theme.name().into());
        themes.chooser.to(&themes.rows, &now);
        themes
    }
}

impl Pane for Themes {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let names = cx.themes.iter().map(String::as_str);
        let found = palette::search(names, self.chooser.text()).into_iter();
        self.rows = found
            .filter_map(|at| cx.themes.get(at))
            .map(|name| RowId::Choice(name.as_str().into()))
            .collect();
        self.chooser.settle(&self.rows, cx.area.height);
        Vec::new()
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        if let PaneMsg::Open = msg {
            return match self.chooser.selected() {
                Some(RowId::Choice(name)) => vec![
                    Action::CloseOver,
                    Action::Do(Effect::SetTheme(name.to_string())),
                ],
                _ => Vec::new(),
            };
        }
        if self.chooser.update(&self.rows, msg) {
            self.refresh(cx);
            self.chooser.to_first(&self.rows);
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let none = "no theme is called so";
        self.chooser.draw(canvas, "theme: ", none, |at| {
            let Some(RowId::Choice(name)) = self.rows.get(at) else {
                return Drawn::default();
            };
            let used = if **name == *cx.theme.name() {
                "in use"
            } else {
                ""
            };
            Drawn::plain(vec![
                Cell::grow(16, vec![owned(&**name, Meaning::Text)]),
                Cell::fixed(7, Piece::new(used, Meaning::Notice)),
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
