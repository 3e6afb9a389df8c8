//! Cutting and wrapping text by the columns it takes, on graphemes: a long name never moves what stands beside it.

use std::borrow::Cow;

use unicode_segmentation::UnicodeSegmentation as _;
use unicode_width::UnicodeWidthStr as _;

use super::piece::Piece;
use crate::theme::Meaning;

/// Text of at most `width` columns; what was cut off is marked by `cut` (one column).
pub fn fit<'a>(text: &'a str, width: usize, cut: &str) -> Cow<'a, str> {
    if text.len() <= width && text.is_ascii() || text.width() <= width {
        return Cow::Borrowed(text);
    }
    if width == 0 {
        return Cow::Borrowed("");
    }
    let mut kept = String::new();
    let mut taken = 0;
    for grapheme in text.graphemes(true) {
        let columns = grapheme.width();
        if taken + columns > width - 1 {
            break;
        }
        taken += columns;
        kept.push_str(grapheme);
    }
    kept.push_str(cut);
    Cow::Owned(kept)
}

/// The same, cut in the middle: both ends of a long name tell it apart from its neighbours.
pub fn fit_middle<'a>(text: &'a str, width: usize, cut: &str) -> Cow<'a, str> {
    if text.width() <= width {
        return Cow::Borrowed(text);
    }
    if width < 5 {
        return fit(text, width, cut);
    }
    let head = (width - 1) * 2 / 3;
    let tail = width - 1 - head;
    let mut front = String::new();
    let mut taken = 0;
    for grapheme in text.graphemes(true) {
        if taken + grapheme.width() > head {
            break;
        }
        taken += grapheme.width();
        front.push_str(grapheme);
    }
    let mut back: Vec<&str> = Vec::new();
    taken = 0;
    for grapheme in text.graphemes(true).rev() {
        if taken + grapheme.width() > tail {
            break;
        }
        taken += grapheme.width();
        back.push(grapheme);
    }
    front.push_str(cut);
    front.extend(back.into_iter().rev());
    Cow::Owned(front)
}

/// Pieces broken into lines of at most `width` columns, at spaces where there are some; later lines begin with `indent`
/// spaces. A word longer than a line is broken where the line ends.
pub fn wrap(pieces: &[Piece<'_>], width: usize, indent: usize) -> Vec<Vec<Piece<'static>>> {
    let indent = if indent + 8 > width { 0 } else { indent };
    let mut lines: Vec<Vec<Piece<'static>>> = vec![Vec::new()];
    let mut column = 0;
    for piece in pieces {
        for word in words(&piece.text) {
            let columns = word.width();
            let blank = word.trim().is_empty();
            // A word that no line can hold begins where it stands and goes on below.
            let endless = columns > width - indent;
            if column + columns > width && column > indent && !endless {
                column = new_line(&mut lines, indent);
                if blank {
                    continue;
                }
            }
            if column + columns <= width {
                push(&mut lines, word, piece.meaning);
                column += columns;
                continue;
            }
            for grapheme in word.graphemes(true) {
                if column + grapheme.width() > width && column > indent {
                    column = new_line(&mut lines, indent);
                }
                push(&mut lines, grapheme, piece.meaning);
                column += grapheme.width();
            }
        }
    }
    lines
}

/// Begins a line; returns the column where it begins.
fn new_line(lines: &mut Vec<Vec<Piece<'static>>>, indent: usize) -> usize {
    lines.push(Vec::new());
    if indent > 0 {
        push(lines, &" ".repeat(indent), Meaning::Text);
    }
    indent
}

/// Appends to the last line; one piece for neighbours of one meaning.
fn push(lines: &mut [Vec<Piece<'static>>], text: &str, meaning: Meaning) {
    let Some(line) = lines.last_mut() else { return };
    match line.last_mut() {
        Some(last) if last.meaning == meaning => last.text.to_mut().push_str(text),
        _ => line.push(Piece::new(text.to_owned(), meaning)),
    }
}

/// Words and the spaces between them, in order.
fn words(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let first = rest.chars().next()?;
        let blank = first == ' ';
        let end = rest.find(|c| (c == ' ') != blank).unwrap_or(rest.len());
        let (word, after) = rest.split_at(end);
        rest = after;
        Some(word)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn plain(lines: &[Vec<Piece<'static>>]) -> Vec<String> {
        let text = |line: &Vec<Piece<'static>>| line.iter().map(|p| &*p.text).collect();
        lines.iter().map(text).collect()
    }

    #[test]
    fn what_does_not_fit_is_cut_on_a_grapheme_and_marked() {
        assert_eq!(fit("cart", 4, "~"), "cart");
        assert_eq!(fit("cart-service", 6, "~"), "cart-~");
        assert_eq!(fit("日本語", 4, "~"), "日~");
        assert_eq!(fit("e\u{301}e\u{301}e\u{301}", 2, "~"), "e\u{301}~");
        assert_eq!(fit("x", 0, "~"), "");
        assert_eq!(
            fit_middle("registry.example.com/shop/cart:1.4.2", 20, "~"),
            "registry.exa~t:1.4.2"
        );
    }

    #[test]
    fn lines_break_at_spaces_and_long_words_where_they_must() {
        let pieces = [Piece::new("a token is mounted in it", Meaning::Text)];
        assert_eq!(
            plain(&wrap(&pieces, 10, 0)),
            ["a token is", "mounted in", "it"]
        );
        let long = [Piece::new("abcdefghij", Meaning::Text)];
        assert_eq!(plain(&wrap(&long, 4, 0)), ["abcd", "efgh", "ij"]);
        let hanging = [Piece::new("1 the container is privileged", Meaning::Text)];
        assert_eq!(
            plain(&wrap(&hanging, 15, 2)),
            ["1 the container", "  is privileged"]
        );
    }

    proptest! {
        #[test]
        fn no_line_is_wider_than_asked_and_no_word_is_lost(text in "[a-z日é ]{0,60}", width in 2usize..30, indent in 0usize..4) {
            let lines = wrap(&[Piece::new(text.clone(), Meaning::Text)], width, indent);
            for line in plain(&lines) {
                prop_assert!(line.trim_end().width() <= width, "{line:?}");
            }
            let squeeze = |t: &str| t.split_whitespace().collect::<String>();
            prop_assert_eq!(squeeze(&plain(&lines).concat()), squeeze(&text));
        }

        #[test]
        fn fitted_text_fits(text in "\\PC{0,40}", width in 0usize..20) {
            prop_assert!(fit(&text, width, "~").width() <= width);
            prop_assert!(fit_middle(&text, width, "~").width() <= width.max(1));
        }
    }
}
