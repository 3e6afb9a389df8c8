//! Columns of the matrix, and how its rows look.

use crate::engine::{PowerRow, RightCell, RightRow, VERBS};
use crate::model::Severity;
use crate::theme::Meaning;
use crate::ui::canvas::{Cell, owned};
use crate::ui::say;
use crate::ui::widgets::piece::Piece;

/// What the marks mean.
pub(super) const LEGEND: &str =
    "C critical, H high, M medium, L low, x harmless by itself; l and h go along the verbs";

/// Heads of the columns where there is little room, and in full.
const HEADS: [(&str, &str); 10] = [
    ("all", "all"),
    ("get", "get"),
    ("lst", "list"),
    ("wat", "watch"),
    ("cre", "create"),
    ("upd", "update"),
    ("pat", "patch"),
    ("del", "delete"),
    ("d-a", "delete-all"),
    ("others", "others"),
];

/// Columns that the last head takes.
const OTHERS: u16 = 10;

/// A column: every verb, one that each resource has, or the rest together.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Column(usize);

impl Column {
    const LAST: usize = HEADS.len() - 1;

    /// The one of a verb.
    fn of(verb: &str) -> Column {
        let known = VERBS.iter().position(|known| *known == verb);
        match known {
            _ if verb == "*" => Column(0),
            Some(at) => Column(at + 1),
            None => Column(Self::LAST),
        }
    }

    /// The one with the worst cell of a row.
    pub(super) fn worst(right: &RightRow) -> Column {
        let mut worst: Option<&RightCell> = None;
        for cell in &right.cells {
            if worst.is_none_or(|other| cell.danger > other.danger) {
                worst = Some(cell);
            }
        }
        worst.map_or(Column(0), |cell| Column::of(&cell.verb))
    }

    /// The one so many beside it, no further than the last; without `others` that of the last verb.
    pub(super) fn beside(self, by: isize, others: bool) -> Column {
        let last = Self::LAST - usize::from(!others);
        Column(self.0.saturating_add_signed(by).min(last))
    }

    /// A row holds a verb that has no column of its own.
    pub(super) fn has_others(right: &RightRow) -> bool {
        Column(Self::LAST).cells(right).next().is_some()
    }

    /// The verb in words.
    pub(super) fn word(self) -> &'static str {
        match self.0 {
            0 => "do everything with",
            Self::LAST => "do anything else with",
            at => VERBS.get(at - 1).copied().unwrap_or_default(),
        }
    }

    /// The cells of a row that stand in it.
    pub(super) fn cells(self, right: &RightRow) -> impl Iterator<Item = &RightCell> {
        let cells = right.cells.iter();
        cells.filter(move |cell| Column::of(&cell.verb) == self)
    }
}

/// How the columns are laid out.
#[derive(Clone, Copy, Debug)]
pub(super) struct Layout {
    /// The heads stand in full.
    words: bool,
    /// Some row holds a verb that has no column of its own.
    others: bool,
}

impl Layout {
    /// For so many columns of the screen.
    pub(super) fn new(width: u16, others: bool) -> Layout {
        Layout {
            words: width >= 96,
            others,
        }
    }

    fn width(self, at: usize) -> u16 {
        let word = HEADS.get(at).map_or(0, |head| head.1.len()) as u16;
        match at {
            Column::LAST => OTHERS,
            _ if self.words => word.max(3),
            _ => 3,
        }
    }

    fn columns(self) -> impl Iterator<Item = usize> {
        let last = Column::LAST + usize::from(self.others);
        0..last
    }

    /// Verbs stay longer than places.
    fn cell(self, at: usize, piece: Piece<'static>) -> Cell<'static> {
        let keep = if at == Column::LAST { 1 } else { 2 };
        Cell::fixed(self.width(at), piece).keep(keep)
    }
}

fn frame<'a>(resource: Piece<'a>, place: Piece<'a>) -> Vec<Cell<'a>> {
    vec![
        Cell::grow(18, vec![resource]).name(),
        Cell::fixed(10, place),
    ]
}

/// The heads.
pub(super) fn heading(layout: Layout) -> Vec<Cell<'static>> {
    let head = |text| Piece::new(text, Meaning::Heading);
    let mut cells = frame(head("may on resource"), head("where"));
    for at in layout.columns() {
        let (short, long) = HEADS.get(at).copied().unwrap_or_default();
        let text = if layout.words { long } else { short };
        cells.push(layout.cell(at, head(text)));
    }
    cells
}

/// A row of the matrix; `under`: where the cursor stands in it.
pub(super) fn right(right: &RightRow, under: Option<Column>, layout: Layout) -> Vec<Cell<'static>> {
    let named = if right.key.names.is_empty() {
        ""
    } else {
        " (named)"
    };
    let resource = owned(format!("{}{named}", right.key.what), Meaning::Text);
    let mut cells = frame(resource, owned(right.place(), Meaning::Muted));
    for at in layout.columns() {
        let column = Column(at);
        let held: Vec<&RightCell> = column.cells(right).collect();
        let danger = held.iter().filter_map(|cell| cell.danger).max();
        let mark = if held.is_empty() {
            ".".to_owned()
        } else if at == Column::LAST {
            let verbs: Vec<&str> = held.iter().map(|cell| &*cell.verb).collect();
            format!("{} {}", mark(danger), verbs.join(" "))
        } else {
            mark(danger).to_owned()
        };
        let here = under == Some(column);
        let text = if here {
            format!("[{mark}]")
        } else {
            format!(" {mark}")
        };
        let meaning = match danger {
            _ if held.is_empty() => Meaning::Muted,
            Some(danger) => say::severity(danger),
            None => Meaning::Text,
        };
        cells.push(layout.cell(at, owned(text, meaning)));
    }
    cells
}

fn mark(danger: Option<Severity>) -> &'static str {
    match danger {
        Some(Severity::Critical) => "C",
        Some(Severity::High) => "H",
        Some(Severity::Medium) => "M",
        Some(Severity::Low) => "L",
        None => "x",
    }
}

/// An ability.
pub(super) fn power(power: &PowerRow) -> Vec<Cell<'static>> {
    vec![
        Cell::fixed(
            8,
            owned(power.severity.word(), say::severity(power.severity)),
        ),
        Cell::grow(
            30,
            vec![owned(format!("may {}", power.says), Meaning::Text)],
        ),
    ]
}

/// Who or what is around.
pub(super) fn side(says: String) -> Vec<Cell<'static>> {
    vec![Cell::grow(30, vec![owned(says, Meaning::Text)])]
}
