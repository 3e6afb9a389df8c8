//! Columns: widths that are fixed, and what is left for those that grow.

/// The width of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many columns, or none at all when there is no room.
    Fixed(u16),
    /// A share of what is left, at least so many columns before others give way.
    Grow(u16),
}

/// Widths of columns with one space between them, in `total` columns. Fixed ones at the left give way first: what stands
/// at the right end of a row (a severity, a count) is what the eye looks for.
pub fn widths(total: u16, columns: &[Width]) -> Vec<u16> {
    let grows = columns
        .iter()
        .filter(|w| matches!(w, Width::Grow(_)))
        .count() as u16;
    let least: u16 = columns
        .iter()
        .map(|w| if let Width::Grow(n) = w { *n } else { 0 })
        .sum();
    let mut left = total.saturating_sub(least);
    let mut shown = vec![0; columns.len()];
    for (width, slot) in columns.iter().zip(&mut shown).rev() {
        match width {
            Width::Fixed(n) if n + 1 <= left => {
                left -= n + 1;
                *slot = *n;
            }
            // One that does not fit ends it: a row with holes reads as another row.
            Width::Fixed(_) => break,
            Width::Grow(_) => {}
        }
    }
    let fixed: u16 = shown.iter().map(|n| if *n > 0 { n + 1 } else { 0 }).sum();
    let room = total
        .saturating_sub(fixed)
        .saturating_sub(grows.saturating_sub(1));
    let mut rest = grows;
    let mut left = room;
    for (at, column) in columns.iter().enumerate() {
        if matches!(column, Width::Grow(_)) && rest > 0 {
            let share = left / rest;
            shown[at] = share;
            left -= share;
            rest -= 1;
        }
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn fixed_columns_give_way_from_the_left() {
        let columns = [Width::Grow(10), Width::Fixed(8), Width::Fixed(6)];
        assert_eq!(widths(40, &columns), [24, 8, 6]);
        assert_eq!(widths(20, &columns), [13, 0, 6]);
        assert_eq!(widths(12, &columns), [12, 0, 0]);
    }

    proptest! {
        #[test]
        fn columns_never_take_more_than_there_is(total in 0u16..300, fixed in prop::collection::vec(0u16..40, 0..6), least in 0u16..60) {
            let mut columns = vec![Width::Grow(least)];
            columns.extend(fixed.into_iter().map(Width::Fixed));
            let shown = widths(total, &columns);
            let between = shown.iter().filter(|n| **n > 0).count().saturating_sub(1) as u16;
            prop_assert!(shown.iter().sum::<u16>() + between <= total.max(1));
        }
    }
}
