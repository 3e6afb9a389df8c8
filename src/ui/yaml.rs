//! YAML as it is shown: keys, values, marks and comments told apart, line by line.

use super::canvas::owned;
use super::widgets::piece::Piece;
use super::widgets::sheet::Sheet;
use crate::theme::Meaning;

/// Adds a text of YAML to a sheet. Long lines wrap under their own indent.
pub fn lines(sheet: &mut Sheet, text: &str) {
    for line in text.lines() {
        let indent = line.len() - line.trim_start().len();
        sheet.hanging(indent + 2, pieces(line));
    }
}

/// One line.
pub fn pieces(line: &str) -> Vec<Piece<'static>> {
    let body = line.trim_start();
    let indent = &line[..line.len() - body.len()];
    let mut pieces = vec![owned(indent, Meaning::Text)];
    // Every comment of ours begins its line: behind an indent it is a line of some text from the cluster.
    if let Some(comment) = line.strip_prefix('#') {
        // A command is what a person came for: it does not fade as other comments do.
        let command = comment.trim_start().starts_with("kubectl ");
        pieces.push(owned("#", Meaning::YamlComment));
        let meaning = if command {
            Meaning::Text
        } else {
            Meaning::YamlComment
        };
        pieces.push(owned(comment, meaning));
        return pieces;
    }
    let mut rest = body;
    while let Some(after) = rest.strip_prefix("- ") {
        pieces.push(Piece::new("- ", Meaning::YamlMark));
        rest = after;
    }
    match key(rest) {
        _ if matches!(rest, "---" | "-") => pieces.push(owned(rest, Meaning::YamlMark)),
        Some((key, value)) => {
            pieces.push(owned(key, Meaning::YamlKey));
            pieces.push(Piece::new(":", Meaning::YamlMark));
            pieces.push(owned(value, Meaning::YamlValue));
        }
        None => pieces.push(owned(rest, Meaning::YamlValue)),
    }
    pieces
}

/// `key: value` and `key:`; a colon inside a value (`image: a:b`, a URL) is not one of its own.
fn key(text: &str) -> Option<(&str, &str)> {
    if let Some(key) = text.strip_suffix(':').filter(|key| !key.contains(": ")) {
        return Some((key, ""));
    }
    let at = text.find(": ")?;
    Some((&text[..at], &text[at + 1..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &str) -> Vec<(String, Meaning)> {
        let all = pieces(line).into_iter();
        all.map(|p| (p.text.into_owned(), p.meaning))
            .filter(|(text, _)| !text.is_empty())
            .collect()
    }

    #[test]
    fn a_line_is_indent_marks_key_and_value() {
        let is = |text: &str, meaning| (text.to_owned(), meaning);
        assert_eq!(
            told("  - image: example.com:5000/a"),
            [
                is("  ", Meaning::Text),
                is("- ", Meaning::YamlMark),
                is("image", Meaning::YamlKey),
                is(":", Meaning::YamlMark),
                is(" example.com:5000/a", Meaning::YamlValue),
            ]
        );
        assert_eq!(told("---"), [is("---", Meaning::YamlMark)]);
        assert_eq!(
            told("# kubectl get pods"),
            [
                is("#", Meaning::YamlComment),
                is(" kubectl get pods", Meaning::Text)
            ]
        );
    }

    #[test]
    fn what_could_act_on_a_terminal_is_made_visible() {
        assert_eq!(told("a: \u{1b}[2J")[2].0, " \u{241b}[2J");
        let posing = told("  # kubectl delete namespace shop");
        assert_eq!(posing[1].1, Meaning::YamlValue, "{posing:?}");
    }
}
