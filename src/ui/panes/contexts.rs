//! Chooses another context of the kubeconfig.

use crate::model::text::clean;
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
    id: "contexts",
    title: "context",
    about: "The contexts of the kubeconfig. Type to search, Enter looks at it; the kubeconfig itself is not changed.",
    slot: Slot::Over {
        width: 72,
        height: 20,
    },
    bar: &["open", "leave"],
    commands: &[],
    open: |_, _| Box::new(Contexts::default()),
};

#[derive(Debug, Default)]
struct Contexts {
    chooser: Chooser,
    rows: Vec<RowId>,
    asked: bool,
    current: Option<String>,
    names: Option<Result<Vec<String>, String>>,
}

impl Contexts {
    fn names(&self) -> &[String] {
        match &self.names {
            Some(Ok(names)) => names,
            _ => &[],
        }
    }

    /// What stands in place of an empty list.
    fn none(&self) -> String {
        match &self.names {
            None => "reading the kubeconfig ...".to_owned(),
            Some(Err(why)) => clean(why).into_owned(),
            Some(Ok(names)) if names.is_empty() => "no kubeconfig names a context".to_owned(),
            Some(Ok(_)) => "no context is called so".to_owned(),
        }
    }
}

impl Pane for Contexts {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let names = self.names();
        let found = palette::search(names.iter().map(String::as_str), self.chooser.text());
        let found = found.into_iter().filter_map(|at| names.get(at));
        self.rows = found
            .map(|name| RowId::Choice(name.as_str().into()))
            .collect();
        self.chooser.settle(&self.rows, cx.area.height);
        if self.asked {
            return Vec::new();
        }
        self.asked = true;
        vec![Action::Do(Effect::ListContexts)]
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Open => {
                return match self.chooser.selected() {
                    Some(RowId::Choice(name)) => vec![
                        Action::CloseOver,
                        Action::Do(Effect::SwitchContext(name.to_string())),
                    ],
                    _ => Vec::new(),
                };
            }
            PaneMsg::Contexts(current, names) => {
                self.current.clone_from(current);
                self.names = Some(names.clone());
                self.refresh(cx);
                if let Some(current) = current {
                    let row = RowId::Choice(current.as_str().into());
                    self.chooser.to(&self.rows, &row);
                }
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

    fn draw(&self, _: &Context<'_>, canvas: &mut Canvas<'_>) {
        self.chooser.draw(canvas, "context: ", &self.none(), |at| {
            let Some(RowId::Choice(name)) = self.rows.get(at) else {
                return Drawn::default();
            };
            let used = if self.current.as_deref() == Some(&**name) {
                "in use"
            } else {
                ""
            };
            Drawn::plain(vec![
                Cell::grow(20, vec![owned(&**name, Meaning::Text)]),
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
