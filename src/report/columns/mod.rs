//! Columns of text, for a person's eyes: as wide as their widest short cell, so one name of 253 characters pushes nothing
//! else off the screen. Cells are cleaned by who hands them in.

use std::fmt::Write as _;

use unicode_width::UnicodeWidthStr as _;

/// Widest cell that a column makes room for.
const WIDEST: usize = 44;

/// Left-aligned columns; the last one is not padded, and no cell is cut: a long one only shifts its own row.
pub fn table(text: &mut String, head: &[&str], rows: Vec<Vec<String>>) {
    let head: Vec<String> = head.iter().map(|h| (*h).to_owned()).collect();
    let all: Vec<Vec<String>> = std::iter::once(head).chain(rows).collect();
    let columns = all.first().map_or(0, Vec::len);
    let width = |at: usize| {
        let widths = all
            .iter()
            .filter_map(|row| row.get(at))
            .map(|c| c.width())
            .filter(|w| *w <= WIDEST);
        widths.max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    for row in &all {
        let mut line = String::new();
        for (at, cell) in row.iter().enumerate() {
            line += cell;
            if at + 1 < columns {
                let pad = widths
                    .get(at)
                    .copied()
                    .unwrap_or(0)
                    .saturating_sub(cell.width())
                    + 2;
                line.extend(std::iter::repeat_n(' ', pad));
            }
        }
        let _ = writeln!(text, "{}", line.trim_end());
    }
}
