//! A pane that is a list of rows, some of them branches, with a sheet about the row under the cursor.
//!
//! A pane file says what its rows are, how one looks and what its sheet says ([`Rows`]); cursor, branches, scrolling and
//! the places of both parts are the same everywhere and stand here.

use std::collections::BTreeSet;
use std::fmt::Debug;

use ratatui::layout::Rect;

use super::action::{Action, Answered, Motion, PaneMsg};
use super::canvas::Canvas;
use super::context::Context;
use super::layout::SIDE_BY_SIDE;
use super::list::{self, Drawn};
use super::pane::Pane;
use super::panes;
use super::row::{Path, RowId, Target};
use super::widgets::cursor::Cursor;
use super::widgets::sheet::{Scroll, Sheet};
use crate::theme::Meaning;

/// What a list is about.
pub trait Rows: Debug + Send {
    /// Every row that is on the list now, in order; rows of a branch only while it is open.
    fn rows(&self, cx: &Context<'_>, open: &BTreeSet<Path>) -> Vec<Path>;

    /// How a row looks.
    fn row(&self, cx: &Context<'_>, path: &Path, open: bool) -> Drawn<'static>;

    /// What there is to say of a row.
    fn sheet(&self, cx: &Context<'_>, path: &Path) -> Sheet;

    /// The row has rows of its own.
    fn is_branch(&self, cx: &Context<'_>, path: &Path) -> bool {
        let _ = (cx, path);
        false
    }

    /// Enter on a row that is no branch; `None`: its sheet gets the keys.
    fn enter(&self, cx: &Context<'_>, path: &Path) -> Option<Vec<Action>> {
        let _ = (cx, path);
        None
    }

    /// One of the pane's own commands.
    fn own(&self, cx: &Context<'_>, path: Option<&Path>, id: &'static str) -> Vec<Action> {
        let _ = (cx, path, id);
        Vec::new()
    }

    /// Fixable rows in the node of a row.
    fn node(&self, cx: &Context<'_>, path: &Path) -> Vec<RowId> {
        let _ = cx;
        path.last()
            .filter(|row| row.is_fixable())
            .cloned()
            .into_iter()
            .collect()
    }

    /// What has to be asked of the engine before it can be told: called whenever facts or choices changed.
    fn ask(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let _ = cx;
        Vec::new()
    }

    /// An answer came, maybe to somebody else's question.
    fn answered(&mut self, answered: &Answered) {
        let _ = answered;
    }

    /// Its place in the breadcrumb.
    fn title(&self, cx: &Context<'_>) -> Option<String> {
        let _ = cx;
        None
    }

    /// What stands in place of an empty list.
    fn nothing(&self, cx: &Context<'_>) -> String;

    /// A few words at the right of the header.
    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        let _ = cx;
        None
    }
}

/// The pane of such a list.
#[derive(Debug)]
pub struct Listing<R> {
    about: R,
    rows: Vec<Path>,
    open: BTreeSet<Path>,
    cursor: Cursor<Path>,
    scroll: Scroll,
    /// The sheet has the keys.
    reads: bool,
}

impl<R: Rows> Listing<R> {
    /// A list with every branch closed.
    pub fn new(about: R) -> Listing<R> {
        Listing {
            about,
            rows: Vec::new(),
            open: BTreeSet::new(),
            cursor: Cursor::default(),
            scroll: Scroll::default(),
            reads: false,
        }
    }

    fn path(&self) -> Option<&Path> {
        self.cursor.selected()
    }

    fn settle(&mut self, cx: &Context<'_>) {
        self.rows = self.about.rows(cx, &self.open);
        let (list, _) = places(cx.area, self.reads, cx.full);
        self.cursor.settle(&self.rows[..], usize::from(list.height));
    }

    fn toggle(&mut self, cx: &Context<'_>, path: &Path) {
        if !self.open.remove(path) {
            self.open.insert(path.clone());
        }
        self.settle(cx);
    }

    fn inward(&mut self, cx: &Context<'_>) {
        let Some(path) = self.path().cloned() else {
            return;
        };
        if !self.about.is_branch(cx, &path) {
            self.read(cx, true);
        } else if self.open.contains(&path) {
            self.cursor.step(&self.rows[..], Motion::Down);
        } else {
            self.toggle(cx, &path);
        }
    }

    fn outward(&mut self, cx: &Context<'_>) {
        let Some(mut path) = self.path().cloned() else {
            return;
        };
        if self.reads {
            self.read(cx, false);
        } else if self.open.contains(&path) {
            self.toggle(cx, &path);
        } else if path.len() > 1 {
            path.pop();
            self.cursor.select(&self.rows[..], &path);
        }
    }

    fn read(&mut self, cx: &Context<'_>, reads: bool) {
        self.reads = reads;
        self.scroll = Scroll::default();
        self.settle(cx);
    }

    fn enter(&mut self, cx: &Context<'_>) -> Vec<Action> {
        let Some(path) = self.path().cloned() else {
            return Vec::new();
        };
        if self.about.is_branch(cx, &path) {
            self.toggle(cx, &path);
            return Vec::new();
        }
        self.about.enter(cx, &path).unwrap_or_else(|| {
            self.read(cx, !self.reads);
            Vec::new()
        })
    }

    /// To the next row, up or down, that can be fixed or stands at the end of a branch.
    fn jump(&mut self, down: bool) {
        let is_leaf = |path: &Path| path.last().is_some_and(RowId::is_fixable) || path.len() > 1;
        let at = self.cursor.at();
        let found = if down {
            (at + 1..self.rows.len()).find(|i| self.rows.get(*i).is_some_and(is_leaf))
        } else {
            (0..at)
                .rev()
                .find(|i| self.rows.get(*i).is_some_and(is_leaf))
        };
        if let Some(found) = found {
            self.cursor.go(&self.rows[..], found);
            self.scroll = Scroll::default();
        }
    }

    fn step(&mut self, cx: &Context<'_>, motion: Motion) {
        if self.reads {
            let (_, place) = places(cx.area, true, cx.full);
            let lines = self.sheet(cx).lines(usize::from(place.width), "").len();
            self.scroll.step(motion, lines, usize::from(place.height));
        } else {
            self.cursor.step(&self.rows[..], motion);
            self.scroll = Scroll::default();
        }
    }

    fn sheet(&self, cx: &Context<'_>) -> Sheet {
        self.path()
            .map_or_else(Sheet::new, |path| self.about.sheet(cx, path))
    }

    fn toggle_all(&mut self, cx: &Context<'_>) {
        if self.open.is_empty() {
            let rows = self.rows.iter();
            self.open = rows
                .filter(|path| self.about.is_branch(cx, path))
                .cloned()
                .collect();
        } else {
            self.open.clear();
        }
        self.settle(cx);
    }
}

/// There is room for the list and its sheet.
fn splits(area: Rect) -> bool {
    area.width >= SIDE_BY_SIDE || area.height >= 8
}

/// Where the list and its sheet stand: side by side where there is room, else one above the other; a sheet that has the
/// keys gets the larger part. Full, what has the keys stands alone.
fn places(area: Rect, reads: bool, full: bool) -> (Rect, Rect) {
    let mut list = area;
    let mut sheet = area;
    if full || !splits(area) {
        if reads {
            list.height = 0;
        } else {
            sheet.height = 0;
        }
    } else if area.width >= SIDE_BY_SIDE {
        list.width = area.width / 2;
        sheet.x = area.x + list.width + 2;
        sheet.width = area.width.saturating_sub(list.width + 2);
    } else {
        list.height = if reads { 3 } else { area.height.div_ceil(2) };
        sheet.y = area.y + list.height + 1;
        sheet.height = area.height - list.height - 1;
        sheet.x += 1;
        sheet.width = area.width.saturating_sub(1);
    }
    (list, sheet)
}

impl<R: Rows> Pane for Listing<R> {
    fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.settle(cx);
        self.about.ask(cx)
    }

    fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) -> Vec<Action> {
        match msg {
            PaneMsg::Move(motion) => self.step(cx, *motion),
            PaneMsg::Open => return self.enter(cx),
            PaneMsg::Inward => self.inward(cx),
            PaneMsg::Outward => self.outward(cx),
            PaneMsg::NextFinding => self.jump(true),
            PaneMsg::PreviousFinding => self.jump(false),
            PaneMsg::NextPart | PaneMsg::PreviousPart => self.read(cx, !self.reads),
            PaneMsg::ToggleAll => self.toggle_all(cx),
            PaneMsg::Own(id) => return self.about.own(cx, self.path(), id),
            PaneMsg::Answer(answered) => {
                self.about.answered(answered);
                self.settle(cx);
            }
            PaneMsg::Type(_)
            | PaneMsg::Paste(_)
            | PaneMsg::Fetched(..)
            | PaneMsg::Proven(..)
            | PaneMsg::Contexts(..) => {}
        }
        Vec::new()
    }

    fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        if self.rows.is_empty() {
            let mut sheet = Sheet::new();
            sheet.text(vec![super::canvas::owned(
                self.about.nothing(cx),
                Meaning::Muted,
            )]);
            list::sheet(canvas, &sheet, Scroll::default());
            return;
        }
        let (rows, place) = places(canvas.area, self.reads, cx.full);
        let mut part = canvas.part(rows);
        list::draw(
            &mut part,
            self.cursor.window(),
            self.cursor.at(),
            !self.reads,
            |at| {
                let Some(path) = self.rows.get(at) else {
                    return Drawn::default();
                };
                let mut drawn = self.about.row(cx, path, self.open.contains(path));
                drawn.marked |= path.last().is_some_and(|row| cx.marks.contains(row));
                drawn
            },
        );
        if place.height == 0 {
            return;
        }
        if rows.width < canvas.width() {
            for y in 0..canvas.height() {
                canvas.text(rows.width, y, canvas.glyphs.bar, Meaning::Border);
            }
        } else if (1..canvas.height()).contains(&rows.height) {
            canvas.rule(rows.height, Meaning::Border);
        }
        list::sheet(&mut canvas.part(place), &self.sheet(cx), self.scroll);
    }

    fn selected(&self) -> Option<RowId> {
        self.path().and_then(|path| path.last()).cloned()
    }

    fn node(&self, cx: &Context<'_>) -> Vec<RowId> {
        self.path()
            .map_or_else(Vec::new, |path| self.about.node(cx, path))
    }

    fn status(&self, cx: &Context<'_>) -> Option<(String, Meaning)> {
        self.about.status(cx)
    }

    fn title(&self, cx: &Context<'_>) -> Option<String> {
        self.about.title(cx)
    }

    fn splits(&self, area: Rect) -> bool {
        splits(area) && !self.rows.is_empty()
    }

    fn filters(&self) -> bool {
        true
    }
}

/// Opens what there is to know of a row.
pub fn details(row: RowId) -> Vec<Action> {
    let id = ["detail", "evidence"]
        .into_iter()
        .find(|id| panes::pane(id).is_some());
    id.map(|id| Action::Open(id, Target::Row(row)))
        .into_iter()
        .collect()
}
