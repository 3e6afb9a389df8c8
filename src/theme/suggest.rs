//! The known word closest to a mistyped one.

/// The candidate at the smallest edit distance, if it is close enough to be what was meant.
pub(super) fn closest<'a>(
    word: &str,
    candidates: impl Iterator<Item = &'a str>,
) -> Option<&'a str> {
    let near = candidates
        .map(|candidate| (edits(word, candidate), candidate))
        .min()?;
    (near.0 <= 1 + word.len() / 4).then_some(near.1)
}

/// Levenshtein distance, one row at a time.
fn edits(a: &str, b: &str) -> usize {
    let mut row: Vec<usize> = (0..=b.chars().count()).collect();
    for (i, x) in a.chars().enumerate() {
        let mut diagonal = std::mem::replace(&mut row[0], i + 1);
        for (j, y) in b.chars().enumerate() {
            let substitute = diagonal + usize::from(x != y);
            diagonal = row[j + 1];
            row[j + 1] = substitute.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row.last().copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn close_words_are_offered_and_far_ones_are_not() {
        let known = || ["critical", "clear", "key-bar"].into_iter();
        assert_eq!(closest("criticl", known()), Some("critical"));
        assert_eq!(closest("keybar", known()), Some("key-bar"));
        assert_eq!(closest("banana", known()), None);
        assert_eq!(
            (
                edits("", "abc"),
                edits("kitten", "sitting"),
                edits("a", "a")
            ),
            (3, 3, 0)
        );
    }
}
