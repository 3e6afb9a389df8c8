//! Text as Go's `%q` (`strconv.Quote`) writes it: Kubernetes quotes so in its messages, and ours must be the same letters.

/// The quoted text.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' | '\\' => out.extend(['\\', c]),
            '\u{7}' => out.push_str("\\a"),
            '\u{8}' => out.push_str("\\b"),
            '\u{c}' => out.push_str("\\f"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            '\u{b}' => out.push_str("\\v"),
            c if c.is_ascii_control() => out.push_str(&format!("\\x{:02x}", u32::from(c))),
            c if c.is_ascii() || is_printable(c) => out.push(c),
            c if u32::from(c) > 0xffff => out.push_str(&format!("\\U{:08x}", u32::from(c))),
            c => out.push_str(&format!("\\u{:04x}", u32::from(c))),
        }
    }
    out.push('"');
    out
}

/// Go's `strconv.IsPrint` and Rust's `escape_debug` ask the same of a character (letters, marks, numbers, punctuation,
/// symbols), but `escape_debug` also escapes a mark that begins a text: so it stands second here.
fn is_printable(c: char) -> bool {
    let text: String = ['x', c].into_iter().collect();
    text.escape_debug().eq(text.chars())
}

#[cfg(test)]
mod tests {
    use super::quoted;

    #[test]
    fn quotes_as_go_does() {
        for (text, expected) in [
            ("", r#""""#),
            ("it's", r#""it's""#),
            ("a\"b\\c", r#""a\"b\\c""#),
            ("tab\there\u{1b}\u{7f}", r#""tab\there\x1b\x7f""#),
            ("bidi\u{202e}é", "\"bidi\\u202eé\""),
            ("\u{301}e\u{301}", "\"\u{301}e\u{301}\""),
            ("\u{a0}\u{3000}\u{e000}", r#""\u00a0\u3000\ue000""#),
            ("\u{1f600}\u{10ffff}", "\"\u{1f600}\\U0010ffff\""),
        ] {
            assert_eq!(quoted(text), expected);
        }
    }
}
