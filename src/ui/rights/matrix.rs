//! Rights as a matrix: abilities and who is around first, then a row for each resource and place with a mark for each verb,
//! the most dangerous first. The cursor stands on a cell; the sheet says which bindings, roles and rules give it.

use ratatui::layout::Rect;

use super::around::{Around, Side};
use super::paint::{self, Column, Layout};
use super::title;
use crate::engine::{Answer, NeighboursAnswer, PowerRow, Query, RightCell, RightRow, RightsAnswer};
use crate::model::Subject;
use crate::theme::Meaning;
use crate::ui::action::{Action, Answered, Motion, PaneMsg};
use crate::ui::again::Again;
use crate::ui::canvas::{Canvas, owned};
use crate::ui::context::Context;
use crate::ui::filter::Found;
use crate::ui::grant;
use crate::ui::list::{self, Drawn};
use crate::ui::row::RowId;
use crate::ui::widgets::cursor::Cursor;
use crate::ui::widgets::sheet::{Scroll, Sheet};

/// Columns from which the sheet stands beside the matrix; below it stands under it.
const BESIDE: u16 = 140;

/// Columns of a sheet that stands beside.
const SHEET: u16 = 54;

/// The matrix of a subject.
#[derive(Debug)]
pub(in crate::ui) struct Matrix {
    subject: Option<Subject>,
    rights: Option<Box<RightsAnswer>>,
    near: Option<Box<NeighboursAnswer>>,
    again: Again,
    rows: Vec<RowId>,
    cursor: Cursor<RowId>,
    /// Some row holds a verb that has no column of its own.
    others: bool,
    /// The column that the person went to; until then the worst cell of each row.
    column: Option<Column>,
    scroll: Scroll,
    /// The sheet has the keys.
    reads: bool,
}

impl Matrix {
    pub(in crate::ui) fn new(subject: Option<Subject>) -> Matrix {
        Matrix {
            subject,
            rights: None,
            near: None,
            again: Again::default(),
            rows: Vec::new(),
            cursor: Cursor::default(),
            others: false,
            column: None,
            scroll: Scroll::default(),
            reads: false,
        }
    }

    /// Facts, filter or size changed: what is to be asked.
    pub(in crate::ui) fn refresh(&mut self, cx: &Context<'_>) -> Vec<Action> {
        self.settle(cx);
        let subject = self.subject.iter();
        let queries =
            subject.flat_map(|who| [Query::Rights(who.clone()), Query::Neighbours(who.clone())]);
        self.again.ask(cx, queries)
    }

    /// An answer came, maybe to somebody else's question.
    pub(in crate::ui) fn answered(&mut self, cx: &Context<'_>, answered: &Answered) {
        match (&answered.query, &answered.answer) {
            (Query::Rights(who), Answer::Rights(answer)) if Some(who) == self.subject.as_ref() => {
                self.others = answer.rights.iter().any(Column::has_others);
                self.rights = Some(answer.clone());
            }
            (Query::Neighbours(who), Answer::Neighbours(answer))
                if Some(who) == self.subject.as_ref() =>
            {
                self.near = Some(answer.clone());
            }
            _ => return,
        }
        self.settle(cx);
    }

    /// A key.
    pub(in crate::ui) fn update(&mut self, cx: &Context<'_>, msg: &PaneMsg) {
        match msg {
            PaneMsg::Move(motion) => self.step(cx, *motion),
            PaneMsg::Open | PaneMsg::NextPart | PaneMsg::PreviousPart => {
                self.read(cx, !self.reads);
            }
            PaneMsg::Inward => self.aside(1),
            PaneMsg::Outward if self.reads => self.read(cx, false),
            PaneMsg::Outward => self.aside(-1),
            _ => {}
        }
    }

    fn around(&self) -> Option<Around<'_>> {
        Some(Around {
            rights: self.rights.as_deref()?,
            near: self.near.as_deref(),
        })
    }

    fn settle(&mut self, cx: &Context<'_>) {
        let mut rows = Vec::new();
        if let (Some(rights), Some(around)) = (&self.rights, self.around()) {
            let held = |title: &str, place: &str, severity| {
                cx.filter.holds(&Found {
                    title,
                    namespace: Some(place),
                    severity,
                    ..Found::default()
                })
            };
            let powers = rights.powers.iter().filter(|power| {
                let place = power.key.scope.as_deref().unwrap_or_default();
                held(&power.says, place, Some(power.severity))
            });
            rows.extend(powers.map(|power| RowId::Power(Box::new(power.key.clone()))));
            let sides = around.rows().filter(|row| {
                let says = Side::of(row).map(|side| around.says(side));
                held(&says.unwrap_or_default(), "", None)
            });
            rows.extend(sides);
            let rights = rights.rights.iter().filter(|right| {
                let place = right.key.scope.as_deref().unwrap_or_default();
                held(&right.key.what.to_string(), place, right.danger())
            });
            rows.extend(rights.map(|right| RowId::Right(Box::new(right.key.clone()))));
        }
        self.rows = rows;
        let (list, _) = places(cx.area, self.reads, cx.full);
        let height = usize::from(list.height.saturating_sub(1));
        self.cursor.settle(&self.rows[..], height);
    }

    fn read(&mut self, cx: &Context<'_>, reads: bool) {
        self.reads = reads;
        self.scroll = Scroll::default();
        self.settle(cx);
    }

    fn step(&mut self, cx: &Context<'_>, motion: Motion) {
        if self.reads {
            let (_, place) = places(cx.area, true, cx.full);
            let lines = self.sheet().lines(usize::from(place.width), "").len();
            self.scroll.step(motion, lines, usize::from(place.height));
        } else {
            self.cursor.step(&self.rows[..], motion);
            self.scroll = Scroll::default();
        }
    }

    /// To the next column of a row of the matrix.
    fn aside(&mut self, by: isize) {
        if let Some(right) = self.right() {
            let column = self.column(right);
            self.column = Some(column.beside(by, self.others));
            self.scroll = Scroll::default();
        }
    }

    fn power(&self) -> Option<&PowerRow> {
        let Some(RowId::Power(key)) = self.cursor.selected() else {
            return None;
        };
        let mut powers = self.rights.as_ref()?.powers.iter();
        powers.find(|power| power.key == **key)
    }

    fn right_of(&self, row: &RowId) -> Option<&RightRow> {
        let RowId::Right(key) = row else {
            return None;
        };
        let mut rights = self.rights.as_ref()?.rights.iter();
        rights.find(|right| right.key == **key)
    }

    fn right(&self) -> Option<&RightRow> {
        self.right_of(self.cursor.selected()?)
    }

    /// The column of the cursor in a row.
    fn column(&self, right: &RightRow) -> Column {
        self.column.unwrap_or_else(|| Column::worst(right))
    }

    fn sheet(&self) -> Sheet {
        let mut sheet = Sheet::new();
        let (Some(subject), Some(rights)) = (&self.subject, &self.rights) else {
            return sheet;
        };
        let subject = subject.to_string();
        if let Some(power) = self.power() {
            let says = format!("{}: {subject} may {}", power.severity.word(), power.says);
            sheet.text(vec![owned(says, Meaning::Title)]);
            let by = power.by.iter();
            by.for_each(|grant| grant::lines(grant, &subject, &mut sheet));
        } else if let Some(right) = self.right() {
            self.cell(right, rights, &subject, &mut sheet);
        } else if let (Some(side), Some(around)) =
            (self.cursor.selected().and_then(Side::of), self.around())
        {
            around.sheet(side, &subject, &mut sheet);
        }
        sheet
    }

    fn cell(&self, right: &RightRow, rights: &RightsAnswer, subject: &str, sheet: &mut Sheet) {
        let column = self.column(right);
        let cells: Vec<&RightCell> = column.cells(right).collect();
        if cells.is_empty() {
            let says = title(subject, column.word(), &right.key);
            sheet.text(vec![owned(
                format!("no rule says that {says}"),
                Meaning::Title,
            )]);
        }
        for cell in cells {
            sheet.blank();
            let verb = if &*cell.verb == "*" {
                "do everything with"
            } else {
                &cell.verb
            };
            let says = title(subject, verb, &right.key);
            let says = match cell.danger {
                Some(danger) => format!("{}: {says}", danger.word()),
                None => format!("{says}, harmless by itself"),
            };
            sheet.text(vec![owned(says, Meaning::Title)]);
            if !right.key.names.is_empty() {
                let names = format!("only those named {}", right.key.names.join(", "));
                sheet.text(vec![owned(names, Meaning::Text)]);
            }
            let by = rights.giving(&cell.by);
            by.for_each(|grant| grant::lines(grant, subject, sheet));
        }
        sheet.blank();
        sheet.text(vec![owned(paint::LEGEND, Meaning::Muted)]);
    }

    /// Draws it.
    pub(in crate::ui) fn draw(&self, cx: &Context<'_>, canvas: &mut Canvas<'_>) {
        if self.rows.is_empty() {
            let mut sheet = Sheet::new();
            sheet.text(vec![owned(self.nothing(cx), Meaning::Muted)]);
            list::sheet(canvas, &sheet, Scroll::default());
            return;
        }
        let (matrix, place) = places(canvas.area, self.reads, cx.full);
        if matrix.height > 0 {
            self.draw_rows(&mut canvas.part(matrix));
        }
        if place.height == 0 {
            return;
        }
        if matrix.width < canvas.width() {
            for y in 0..canvas.height() {
                canvas.text(matrix.width, y, canvas.glyphs.bar, Meaning::Border);
            }
        } else if (1..canvas.height()).contains(&matrix.height) {
            canvas.rule(matrix.height, Meaning::Border);
        }
        list::sheet(&mut canvas.part(place), &self.sheet(), self.scroll);
    }

    fn draw_rows(&self, canvas: &mut Canvas<'_>) {
        let layout = Layout::new(canvas.width(), self.others);
        canvas.row(list::GUTTER, 0, &paint::heading(layout));
        let mut below = canvas.area;
        below.y += 1;
        below.height -= 1;
        let at = self.cursor.at();
        let mut part = canvas.part(below);
        list::draw(&mut part, self.cursor.window(), at, !self.reads, |index| {
            let Some(row) = self.rows.get(index) else {
                return Drawn::default();
            };
            Drawn::plain(match row {
                RowId::Power(key) => {
                    let mut powers = self.rights.iter().flat_map(|rights| &rights.powers);
                    let power = powers.find(|power| power.key == **key);
                    power.map_or_else(Vec::new, paint::power)
                }
                RowId::Right(_) => self.right_of(row).map_or_else(Vec::new, |right| {
                    let column = (index == at).then(|| self.column(right));
                    paint::right(right, column, layout)
                }),
                other => match (Side::of(other), self.around()) {
                    (Some(side), Some(around)) => paint::side(around.says(side)),
                    _ => Vec::new(),
                },
            })
        });
    }

    /// The binding that gives what is under the cursor, for keys that look at an object.
    pub(in crate::ui) fn selected(&self) -> Option<RowId> {
        let binding = if let Some(power) = self.power() {
            power.by.first()
        } else {
            let right = self.right()?;
            let cell = self.column(right).cells(right).next()?;
            self.rights.as_ref()?.giving(&cell.by).next()
        };
        binding.map(|grant| RowId::Object(grant.binding.clone()))
    }

    pub(in crate::ui) fn status(&self) -> Option<(String, Meaning)> {
        let rights = self.rights.as_ref()?;
        grant::status(&rights.missing, &rights.others)
    }

    pub(in crate::ui) fn splits(&self, area: Rect) -> bool {
        splits(area) && !self.rows.is_empty()
    }

    fn nothing(&self, cx: &Context<'_>) -> String {
        match (&self.subject, &self.rights) {
            (None, _) => "Only users, groups and accounts have rights.".to_owned(),
            (_, None) => "...".to_owned(),
            _ if !cx.filter.is_empty() => "No right matches the filter.".to_owned(),
            _ => "No binding that is visible gives them anything.".to_owned(),
        }
    }
}

fn splits(area: Rect) -> bool {
    area.width >= BESIDE || area.height >= 10
}

/// Where the matrix and the sheet stand; full, what has the keys stands alone.
fn places(area: Rect, reads: bool, full: bool) -> (Rect, Rect) {
    let (mut matrix, mut sheet) = (area, area);
    if full || !splits(area) {
        if reads {
            matrix.height = 0;
        } else {
            sheet.height = 0;
        }
    } else if area.width >= BESIDE {
        matrix.width = area.width - SHEET - 2;
        sheet.x = area.x + matrix.width + 2;
        sheet.width = SHEET;
    } else {
        // A heading and the row that is read about stay.
        matrix.height = if reads { 4 } else { area.height * 3 / 5 };
        sheet.y = area.y + matrix.height + 1;
        sheet.height = area.height - matrix.height - 1;
        sheet.x += 1;
        sheet.width = area.width.saturating_sub(1);
    }
    (matrix, sheet)
}
