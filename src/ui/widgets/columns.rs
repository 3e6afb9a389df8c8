//! Columns: widths that are fixed, and what is left for those that grow.

/// The width of a column.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Width {
    /// So many columns, or none at all when there is no room.
    Fixed(u16),
    /// A share of what is left, at least so many columns before others give way.
    Grow(u16),
}

/// Widths of columns with one space between them, in `total` columns. `keep` says which fixed ones give way last; of equal
/// ones those at the left go first: what stands at the right end of a row is what the eye looks for.
pub fn widths(total: u16, columns: &[(Width, u8)]) -> Vec<u16> {
    let grows = columns
        .iter()
        .filter(|(w, _)| matches!(w, Width::Grow(_)))
        .count() as u16;
    let least: u16 = columns
        .iter()
        .map(|(w, _)| if let Width::Grow(n) = w { *n } else { 0 })
        .sum();
    let mut left = total.saturating_sub(least);
    let mut shown = vec![0; columns.len()];
    let mut order: Vec<usize> = (0..columns.len()).rev().collect();
    order.sort_by_key(|at| std::cmp::Reverse(columns[*at].1));
    for at in order {
        match columns[at].0 {
            Width::Fixed(n) if n < left => {
                left -= n + 1;
                shown[at] = n;
            }
            // One that does not fit ends it: rows of one list must lose the same columns.
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
    for (at, (column, _)) in columns.iter().enumerate() {
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
    fn columns_that_matter_less_give_way_first() {
        let columns = [
            (Width::Grow(10), 0),
            (Width::Fixed(8), 0),
            (Width::Fixed(6), 0),
        ];
        assert_eq!(widths(40, &columns), [24, 8, 6]);
        assert_eq!(widths(20, &columns), [13, 0, 6]);
        assert_eq!(widths(12, &columns), [12, 0, 0]);
        let columns = [
            (Width::Grow(10), 0),
            (Width::Fixed(8), 1),
            (Width::Fixed(6), 0),
        ];
        assert_eq!(widths(20, &columns), [11, 8, 0]);
    }

    proptest! {
        #[test]
        fn columns_never_take_more_than_there_is(total in 0u16..300, fixed in prop::collection::vec(0u16..40, 0..6), least in 0u16..60) {
            let mut columns = vec![(Width::Grow(least), 0)];
            columns.extend(fixed.into_iter().map(|n| (Width::Fixed(n), (n % 3) as u8)));
            let shown = widths(total, &columns);
            let between = shown.iter().filter(|n| **n > 0).count().saturating_sub(1) as u16;
            prop_assert!(shown.iter().sum::<u16>() + between <= total.max(1));
        }
    }
}
