//! A threat: its stories, controls and inventories as a tree, and beside it what the row under the cursor means.

use ratatui::layout::Rect;

use crate::model::ThreatId;
use crate::theme::Meaning;
use crate::ui::action::{Action, PaneMsg};
use crate::ui::canvas::{Canvas, owned};
use crate::ui::context::Context;
use crate::ui::detail::{self, Worth};
use crate::ui::facts;
use crate::ui::list;
use crate::ui::pane::{Pane, PaneDef, Slot};
use crate::ui::row::{Path, RowId, Target};
use crate::ui::say;
use crate::ui::threat::{self, Places};
use crate::ui::tree::{Expansion, Node, Tree};
use crate::ui::view;
use crate::ui::widgets::cursor::{Cursor, Rows as _};
use crate::ui::widgets::sheet::{Scroll, Sheet};
use crate::ui::widgets::vtree::Branch;

/// The pane.
pub static PANE: PaneDef = PaneDef {
    id: "threat",
    title: "threat",
    about: "Stories that work now, controls that fail, and the inventory that organises this threat. v chooses what is listed; \
            every row shows its standing in this threat alone.",
    slot: Slot::Main,
    bar: &[
        "open",
        "go.view",
        "fix.one",
        "look.evidence",
        "find.filter",
        "find.palette",
        "find.help",
        "leave",
        "mark.toggle",
        "look.floor",
        "look.all",
        "look.sort",
        "look.freeze",
    ],
    commands: &[],
    open: |_, target| {
        let threat = match target {
            Target::Threat(threat) => *threat,
            _ => ThreatId::ExternalAttacker,
        };
        Box::new(ThreatPane::new(threat))
    },
};

/// Rows of a node that `Y` takes at most: more is not one fix that a person can read.
const NODE: usize = 500;

#[derive(Debug)]
struct ThreatPane {
    threat: ThreatId,
    tree: Tree,
    expansion: Expansion,
    cursor: Cursor<Path>,
    scroll: Scroll,
    in_detail: bool,
    worth: Worth,
    filter: String,
    /// Facts were still being read when the rows were listed last.
    early: bool,
}

impl ThreatPane {
    fn new(threat: ThreatId) -> ThreatPane {
        ThreatPane {
            threat,
            tree: Tree::new(threat),
            expansion: Expansion::default(),
            cursor: Cursor::default(),
            scroll: Scroll::default(),
            in_detail: false,
            worth: Worth::default(),
            filter: String::new(),
            early: true,
        }
    }

    fn places(&self, cx: &Context<'_>) -> Places {
        Places::of(cx, self.in_detail)
    }

    fn row(&self) -> Option<&RowId> {
        self.cursor.selected().and_then(|path| path.last())
    }

    fn sheet(&self, cx: &Context<'_>) -> Sheet {
        self.row().map_or_else(Sheet::new, |row| {
            detail::sheet(cx, row, &self.worth.at(cx.snapshot))
        })
    }

    /// Lists the lines anew and finds the cursor's again.
    fn rebuild(&mut self, cx: &Context<'_>) {
        self.tree.build(&self.expansion);
        let height = usize::from(self.places(cx).tree.height);
        self.cursor.settle(&self.tree, height);
    }

    fn flip(&mut self, cx: &Context<'_>, at: usize) {
        if let Some(path) = self.tree.id_at(at) {
            self.expansion.flip(&path, self.tree.is_filtered());
            self.rebuild(cx);
        }
    }

    fn branch(&self) -> Option<Branch> {
        self.tree.line(self.cursor.at()).map(|line| line.branch)
    }

    fn open(&mut self, cx: &Context<'_>) -> Vec<Action> {
        match (self.branch(), self.row()) {
            (Some(Branch::Leaf), Some(row)) => {
                if self.places(cx).detail.is_some() {
                    self.in_detail = true;
                    return Vec::new();
                }
                vec![Action::Open("detail", Target::Row(row.clone()))]
            }
            (Some(_), _) => {
                self.flip(cx, self.cursor.at());
                Vec::new()
            }
            (None, _) => Vec::new(),
        }
    }

    fn inward(&mut self, cx: &Context<'_>) -> Vec<Action> {
        match self.branch() {
            Some(Branch::Closed) => self.flip(cx, self.cursor.at()),
            Some(Branch::Open) => self.cursor.go(&self.tree, self.cursor.at() + 1),
            Some(Branch::Leaf) => return self.open(cx),
            None => {}
        }
        Vec::new()
    }

    fn outward(&mut self, cx: &Context<'_>) {
        if self.in_detail {
            self.in_detail = false;
            return;
        }
        let at = self.cursor.at();
        if self.branch() == Some(Branch::Open) {
            self.flip(cx, at);
        } else if let Some(parent) = self.tree.ancestors(at).last() {
            self.cursor.go(&self.tree, *parent);
        }
    }

    /// To the next or previous finding or story instance. Forwards, closed branches that hold one are opened.
    fn finding(&mut self, cx: &Context<'_>, forward: bool) {
        let mut at = self.cursor.at();
        loop {
            let next = if forward {
                Some(at + 1).filter(|at| *at < self.tree.len())
            } else {
                at.checked_sub(1)
            };
            let Some(next) = next else { return };
            at = next;
            let Some(line) = self.tree.line(at).copied() else {
                return;
            };
            match line.node {
                Node::Finding(..) | Node::Instance(..) => {
                    self.cursor.go(&self.tree, at);
                    return;
                }
                Node::Section(_) if line.branch == Branch::Closed => {}
                _ if forward && line.branch == Branch::Closed => {
                    self.flip(cx, at);
                    at = at.min(self.tree.len());
                }
                _ => {}
            }
        }
    }

    /// A filter that is typed puts the cursor on a row that it found.
    fn go_to_match(&mut self) {
        let found = |at: &usize| {
            let node = self.tree.line(*at).map(|line| line.node);
            matches!(node, Some(Node::Finding(..) | Node::Instance(..)))
        };
        let first = (0..self.tree.len()).find(found);
        if let Some(first) = first.filter(|_| !self.filter.is_empty() && !found(&self.cursor.at()))
        {
            self.cursor.go(&self.tree, first);
        }
    }

    fn moved(&mut self, cx: &Context<'_>, before: Option<RowId>) -> Vec<Action> {
        if self.row() == before.as_ref() {
            return Vec::new();
        }
        self.scroll = Scroll::default();
        self.worth.ask(cx, self.row())
    }

    fn draw_detail(&self, cx: &Context<'_>, area: Rect, canvas: &mut Canvas<'_>) {
        let text = Rect {
            x: area.x + 1,
            width: area.width.saturating_sub(2),
            ..area
        };
        list::sheet(&mut canvas.part(text), &self.sheet(cx), self.scroll);
    }
}

impl Pane for ThreatPane {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let view = self.tree.view();
        let filtered = self.filter != cx.filter.text();
        if self.tree.update(cx) {
            if self.tree.view() != view {
                self.cursor = Cursor::default();
            }
            self.tree.build(&self.expansion);
        }
        let early = std::mem::replace(
            &mut self.early,
            cx.is_loading() || cx.snapshot.generation == 0,
        );
        if early {
            self.cursor.rest();
        }
        let places = self.places(cx);
        self.cursor.settle(&self.tree, places.tree.height.into());
        if filtered || early {
            self.filter = cx.filter.text().to_owned();
            self.go_to_match();
        }
        self.in_detail &= places.detail.is_some();
        self.worth.ask(cx, self.row())
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        let before = self.row().cloned();
        match msg {
            PaneMsg::Move(motion) if self.in_detail => {
                if let Some(area) = self.places(cx).detail {
                    let width = usize::from(area.width.saturating_sub(2));
                    let lines = self.sheet(cx).lines(width, cx.glyphs.cut).len();
                    self.scroll.step(*motion, lines, area.height.into());
                }
            }
            PaneMsg::Move(motion) => self.cursor.step(&self.tree, *motion),
            PaneMsg::Open => return self.open(cx),
            PaneMsg::Inward => {
                let actions = self.inward(cx);
                if !actions.is_empty() {
                    return actions;
                }
            }
            PaneMsg::Outward => self.outward(cx),
            PaneMsg::NextFinding => self.finding(cx, true),
            PaneMsg::PreviousFinding => self.finding(cx, false),
            PaneMsg::NextPart | PaneMsg::PreviousPart => {
                self.in_detail = !self.in_detail && self.places(cx).detail.is_some();
            }
            PaneMsg::ToggleAll => {
                self.expansion.toggle_all();
                self.rebuild(cx);
            }
            PaneMsg::Answer(answered) if self.worth.take(answered) => {
                return self.worth.ask(cx, self.row());
            }
            _ => {}
        }
        self.moved(cx, before)
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        let places = self.places(cx);
        if cx.is_loading() {
            let text = format!(
                "reading {}; what is seen so far:",
                say::loading(cx.snapshot)
            );
            canvas.pieces(1, 0, &[owned(text, Meaning::Loading)]);
        }
        let mut tree = canvas.part(places.tree);
        if self.tree.lines().is_empty() {
            threat::nothing(cx, &mut tree);
        }
        self.tree.draw(cx, &self.cursor, !self.in_detail, &mut tree);
        if let Some(area) = places.detail {
            if places.tree.width > 0 {
                let meaning = if self.in_detail {
                    Meaning::BorderFocused
                } else {
                    Meaning::Border
                };
                let mut line = canvas.part(Rect {
                    x: area.x - 1,
                    width: 1,
                    ..area
                });
                for y in 0..area.height {
                    line.text(0, y, cx.glyphs.bar, meaning);
                }
            }
            self.draw_detail(cx, area, canvas);
        }
        if let Some(area) = places.preview {
            threat::preview(cx, self.row(), &mut canvas.part(area));
        }
    }

    fn selected(&self) -> Option<RowId> {
        self.row().cloned()
    }

    fn node(&self, _: &Context<'_>) -> Vec<RowId> {
        self.tree.fixable_below(self.cursor.at(), NODE)
    }

    fn title(&self, cx: &Context<'_>) -> Option<String> {
        let title = say::threat(self.threat).map_or("", |threat| threat.title);
        let title = format!("{} {title}", self.threat.number());
        let view = cx.prefs.views.get(&self.threat).copied();
        Some(match view.filter(|view| *view != view::OVERVIEW) {
            Some(view) => format!("{title}: {view}"),
            None => title,
        })
    }

    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let standing = facts::standing(cx.snapshot, self.threat)?;
        let (word, meaning) = say::standing(standing, cx.is_loading());
        if !standing.inside {
            return Some(("out of your model".to_owned(), meaning));
        }
        let tally = say::tally(standing, cx.is_loading());
        Some((format!("{word}  {tally}"), meaning))
    }

    fn splits(&self, area: Rect) -> bool {
        threat::splits(area)
    }

    fn filters(&self) -> bool {
        true
    }
}
