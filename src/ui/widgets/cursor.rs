//! The cursor of a list that changes under the person's hands: held by identity, with the row at the top of the window.
//!
//! Rows are looked at by index only while nothing changes; [`Cursor::settle`] finds the selected row again in a new list.
//! Where it is gone the nearest neighbour that is still there takes its place.

use std::ops::Range;

/// A movement of the cursor.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Motion {
    /// One row up.
    Up,
    /// One row down.
    Down,
    /// To the first row.
    Top,
    /// To the last row.
    Bottom,
    /// Half a page up.
    HalfUp,
    /// Half a page down.
    HalfDown,
    /// A page up.
    PageUp,
    /// A page down.
    PageDown,
}

/// A list of rows with identities.
pub trait Rows {
    /// Identity of a row.
    type Id: Clone + PartialEq;

    /// How many rows.
    fn len(&self) -> usize;

    /// No rows.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Identity of the row at an index below [`Rows::len`].
    fn id(&self, at: usize) -> Option<Self::Id>;

    /// The index of a row, looked for outwards from where it was. Worth writing anew where identities are made on demand.
    fn find(&self, id: &Self::Id, from: usize) -> Option<usize> {
        outwards(self.len(), from, |at| self.id(at).as_ref() == Some(id))
    }
}

impl<I: Clone + PartialEq> Rows for [I] {
    type Id = I;

    fn len(&self) -> usize {
        <[I]>::len(self)
    }

    fn id(&self, at: usize) -> Option<I> {
        self.get(at).cloned()
    }
}

/// Neighbours remembered on each side.
const NEAR: usize = 6;

/// A cursor and its window.
#[derive(Clone, Debug)]
pub struct Cursor<I> {
    at: usize,
    top: usize,
    len: usize,
    height: usize,
    selected: Option<I>,
    first: Option<I>,
    near: Vec<I>,
    /// Somebody has moved it. Until then the window shows the beginning: what comes in above must not hide there.
    moved: bool,
}

impl<I> Default for Cursor<I> {
    fn default() -> Self {
        Cursor {
            at: 0,
            top: 0,
            len: 0,
            height: 1,
            selected: None,
            first: None,
            near: Vec::new(),
            moved: false,
        }
    }
}

impl<I: Clone + PartialEq> Cursor<I> {
    /// A cursor that will stand on this row when it is there.
    pub fn on(id: I) -> Cursor<I> {
        Cursor {
            selected: Some(id),
            ..Cursor::default()
        }
    }

    /// The selected row; `None` in an empty list.
    pub fn selected(&self) -> Option<&I> {
        self.selected.as_ref().filter(|_| self.len > 0)
    }

    /// Its index in the list that was settled last.
    pub fn at(&self) -> usize {
        self.at
    }

    /// The indexes that are in the window.
    pub fn window(&self) -> Range<usize> {
        self.top..self.len.min(self.top + self.height)
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.len
    }

    /// There are no rows.
    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    /// Finds its row in a list that may have changed, in a window of `height` rows.
    pub fn settle<R: Rows<Id = I> + ?Sized>(&mut self, rows: &R, height: usize) {
        self.height = height.max(1);
        self.len = rows.len();
        if rows.is_empty() {
            // The identity stays: a list that is empty for a moment gives the cursor back.
            (self.at, self.top) = (0, 0);
            return;
        }
        let above = self.at.saturating_sub(self.top);
        let found = self
            .selected
            .iter()
            .chain(&self.near)
            .find_map(|id| rows.find(id, self.at));
        self.at = found.unwrap_or(self.at).min(self.len - 1);
        let first = self.first.as_ref().filter(|_| self.moved);
        self.top = first
            .and_then(|id| rows.find(id, self.top))
            .unwrap_or(if self.moved {
                self.at.saturating_sub(above)
            } else {
                0
            });
        self.remember(rows);
    }

    /// Goes to the first row at the next [`Cursor::settle`], unless somebody has moved it: what came first while rows were
    /// still being read was nobody's choice.
    pub fn rest(&mut self) {
        if !self.moved {
            *self = Cursor::default();
        }
    }

    /// Moves.
    pub fn step<R: Rows<Id = I> + ?Sized>(&mut self, rows: &R, motion: Motion) {
        let page = self.height.max(1);
        let half = page.div_ceil(2);
        let at = match motion {
            Motion::Up => self.at.saturating_sub(1),
            Motion::Down => self.at + 1,
            Motion::Top => 0,
            Motion::Bottom => usize::MAX,
            Motion::HalfUp => self.at.saturating_sub(half),
            Motion::HalfDown => self.at + half,
            Motion::PageUp => self.at.saturating_sub(page),
            Motion::PageDown => self.at + page,
        };
        // Pages move the window with the cursor, so that the eye keeps its line.
        let shift = match motion {
            Motion::HalfUp | Motion::HalfDown => half,
            Motion::PageUp | Motion::PageDown => page,
            _ => 0,
        };
        if at > self.at {
            self.top = self.top.saturating_add(shift);
        } else {
            self.top = self.top.saturating_sub(shift);
        }
        self.go(rows, at);
    }

    /// Puts the cursor on the row at an index, or the last one.
    pub fn go<R: Rows<Id = I> + ?Sized>(&mut self, rows: &R, at: usize) {
        self.len = rows.len();
        self.at = at.min(self.len.saturating_sub(1));
        self.moved = true;
        self.remember(rows);
    }

    /// Puts the cursor on a row by identity; false when it is not there.
    pub fn select<R: Rows<Id = I> + ?Sized>(&mut self, rows: &R, id: &I) -> bool {
        let found = rows.find(id, self.at);
        if let Some(at) = found {
            self.go(rows, at);
        }
        found.is_some()
    }

    /// Keeps the cursor in the window and the window in the list, and takes down the identities.
    fn remember<R: Rows<Id = I> + ?Sized>(&mut self, rows: &R) {
        self.top = self
            .top
            .min(self.len.saturating_sub(self.height))
            .min(self.at)
            .max((self.at + 1).saturating_sub(self.height));
        self.selected = rows.id(self.at);
        self.first = rows.id(self.top);
        self.near.clear();
        for distance in 1..=NEAR {
            let after = Some(self.at + distance).filter(|at| *at < self.len);
            let before = self.at.checked_sub(distance);
            let ids = [after, before].into_iter().flatten();
            self.near.extend(ids.filter_map(|at| rows.id(at)));
        }
    }
}

/// The first index below `len` that is right, looked for outwards from one.
pub fn outwards(len: usize, from: usize, is: impl Fn(usize) -> bool) -> Option<usize> {
    let from = from.min(len.checked_sub(1)?);
    if is(from) {
        return Some(from);
    }
    (1..len).find_map(|distance| {
        let after = Some(from + distance).filter(|at| *at < len && is(*at));
        after.or_else(|| from.checked_sub(distance).filter(|at| is(*at)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn list(ids: impl IntoIterator<Item = u32>) -> Vec<u32> {
        ids.into_iter().collect()
    }

    #[test]
    fn rows_that_come_in_above_move_neither_cursor_nor_window() {
        let rows = list(0..100);
        let mut cursor = Cursor::default();
        cursor.settle(&rows[..], 10);
        cursor.go(&rows[..], 50);
        let before: Vec<u32> = rows[cursor.window()].to_vec();
        let rows = list((200..230).chain(0..100));
        cursor.settle(&rows[..], 10);
        assert_eq!(cursor.selected(), Some(&50));
        assert_eq!(rows[cursor.window()], before[..]);
    }

    #[test]
    fn rows_that_come_in_above_are_seen_until_somebody_moves() {
        let mut cursor = Cursor::default();
        cursor.settle(&list(50..100)[..], 10);
        cursor.settle(&list(47..100)[..], 10);
        assert_eq!((cursor.selected(), cursor.window()), (Some(&50), 0..10));
        cursor.step(&list(47..100)[..], Motion::Down);
        cursor.settle(&list(45..100)[..], 10);
        assert_eq!((cursor.selected(), cursor.window()), (Some(&51), 2..12));
    }

    #[test]
    fn a_vanished_row_gives_the_cursor_to_its_nearest_neighbour() {
        let rows = list(0..100);
        let mut cursor = Cursor::default();
        cursor.settle(&rows[..], 10);
        cursor.go(&rows[..], 50);
        let rows = list((0..30).chain(53..100));
        cursor.settle(&rows[..], 10);
        assert_eq!(cursor.selected(), Some(&53));
        let rows = list(0..30);
        cursor.settle(&rows[..], 10);
        assert_eq!(cursor.selected(), Some(&29));
    }

    #[test]
    fn a_list_that_is_empty_for_a_moment_gives_the_cursor_back() {
        let rows = list(0..100);
        let mut cursor = Cursor::default();
        cursor.settle(&rows[..], 10);
        cursor.go(&rows[..], 70);
        cursor.settle(&[][..], 10);
        assert_eq!((cursor.selected(), cursor.window()), (None, 0..0));
        cursor.settle(&rows[..], 10);
        assert_eq!(cursor.selected(), Some(&70));
    }

    #[test]
    fn a_page_moves_the_window_with_the_cursor() {
        let rows = list(0..100);
        let mut cursor = Cursor::default();
        cursor.settle(&rows[..], 10);
        cursor.step(&rows[..], Motion::Down);
        cursor.step(&rows[..], Motion::PageDown);
        assert_eq!((cursor.at(), cursor.window()), (11, 10..20));
        cursor.step(&rows[..], Motion::Bottom);
        assert_eq!((cursor.at(), cursor.window()), (99, 90..100));
        cursor.step(&rows[..], Motion::HalfUp);
        assert_eq!((cursor.at(), cursor.window()), (94, 85..95));
    }

    proptest! {
        #[test]
        fn the_cursor_is_always_in_the_window_and_the_window_in_the_list(
            lists in prop::collection::vec(prop::collection::btree_set(0u32..40, 0..40), 1..8),
            steps in prop::collection::vec(0usize..8, 0..8),
            height in 0usize..12,
        ) {
            let motions = [Motion::Up, Motion::Down, Motion::Top, Motion::Bottom, Motion::HalfUp, Motion::HalfDown,
                Motion::PageUp, Motion::PageDown];
            let mut cursor = Cursor::default();
            for rows in lists {
                let rows = list(rows);
                let was = cursor.selected().copied();
                cursor.settle(&rows[..], height);
                if let Some(was) = was && rows.contains(&was) {
                    prop_assert_eq!(cursor.selected(), Some(&was));
                }
                for step in &steps {
                    cursor.step(&rows[..], motions[*step]);
                }
                prop_assert_eq!(cursor.selected(), rows.get(cursor.at()));
                if !rows.is_empty() {
                    prop_assert!(cursor.window().contains(&cursor.at()));
                    prop_assert!(cursor.window().end <= rows.len());
                    prop_assert_eq!(cursor.window().len(), rows.len().min(height.max(1)));
                }
            }
        }
    }
}
