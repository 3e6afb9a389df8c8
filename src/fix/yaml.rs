//! Printing documents as kubectl reads them, with nothing in them that could act on a terminal.
//!
//! A character that could hide or reorder text is escaped inside double quotes, never replaced: replacing it would name
//! another object. Comments are one line each, whatever their text holds.

use std::fmt::Write as _;

use serde_json::Value;

use crate::model::text::{clean, is_hostile, plain_json};

/// Goes in front of texts that must be quoted and comes out again after printing: a noncharacter, which the printer
/// writes as an escape, and so only ever in double quotes.
const MARK: char = '\u{fffe}';
const PRINTED_MARK: &str = "\\uFFFE";

/// One document, without `---`, ending in a line end.
pub fn print(value: &Value) -> String {
    let marked = mark(value);
    let options = serde_saphyr::ser_options! {
        compact_list_indent: true,
        prefer_block_scalars: true,
        folded_wrap_chars: 100_000,
        min_fold_chars: 100_000,
    };
    let mut text = String::new();
    if serde_saphyr::to_fmt_writer_with_options(&mut text, &marked, options).is_err() {
        return one_line(value) + "\n"; // JSON is YAML too
    }
    if !text.ends_with('\n') {
        text.push('\n');
    }
    escape(&unmark(&text))
}

/// JSON on one line, in printable characters, without a single quote: what a shell word may hold.
pub fn one_line(value: &Value) -> String {
    plain_json(&value.to_string()).replace('\'', "\\u0027")
}

/// A comment of one line. Text that would break out of it, or act on a terminal, is made visible.
pub fn comment(text: &str) -> String {
    format!("# {}\n", clean(text).trim())
}

fn mark(value: &Value) -> Value {
    match value {
        Value::String(text) => Value::String(marked(text)),
        Value::Array(list) => Value::Array(list.iter().map(mark).collect()),
        Value::Object(map) => {
            let pair = |(k, v): (&String, &Value)| match v {
                // A name of several lines would read like more of the document.
                Value::String(name)
                    if matches!(&**k, "name" | "namespace") && name.contains('\n') =>
                {
                    (marked(k), Value::String(format!("{MARK}{name}")))
                }
                _ => (marked(k), mark(v)),
            };
            Value::Object(map.iter().map(pair).collect())
        }
        other => other.clone(),
    }
}

fn marked(text: &str) -> String {
    // A block scalar shows lines as lines; with a tab in it, it could begin with one, which kubectl refuses.
    let hostile = |c: char| c != '\n' && is_hostile(c);
    // Outside double quotes a quote with the printed mark behind it would be taken for a marked text.
    let looks_marked = text.contains(&format!("\"{PRINTED_MARK}"));
    if text.chars().any(hostile) || text.starts_with(MARK) || looks_marked {
        format!("{MARK}{text}")
    } else {
        text.to_owned()
    }
}

/// Takes the mark out behind each opening quote. Inside a text a quote is written `\"`, so an opening one is never
/// preceded by a backslash.
fn unmark(text: &str) -> String {
    let pattern = format!("\"{PRINTED_MARK}");
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find(&pattern) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        out.push('"');
        let after = &from[pattern.len()..];
        if before.ends_with('\\') {
            out.push_str(PRINTED_MARK);
        }
        rest = after;
    }
    out + rest
}

/// What is still hostile stands in double quotes now: there YAML's own escapes mean the same character.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match u32::from(c) {
            _ if c == '\n' || !is_hostile(c) => out.push(c),
            code @ 0..=0xffff => drop(write!(out, "\\u{code:04X}")),
            code => drop(write!(out, "\\U{code:08X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(text: &str) -> Value {
        serde_saphyr::from_str(text).unwrap_or_else(|e| panic!("{e}\n{text}"))
    }

    #[test]
    fn prints_as_kubectl_does() {
        let value = json!({"apiVersion": "v1", "spec": {"containers": [{"name": "web", "args": ["no", "1.10", "a: b"]}], "hostPID": null}});
        assert_eq!(
            print(&value),
            "apiVersion: v1\nspec:\n  containers:\n  - name: web\n    args:\n    - \"no\"\n    - \"1.10\"\n    - \"a: b\"\n  hostPID: null\n"
        );
    }

    #[test]
    fn overrides_are_escaped_and_still_name_the_same_object() {
        let value = json!({"name": "a\u{202e}b\u{1b}[31m", "k\u{2066}\u{e0041}ey": "\u{fffe}x", "q": "\\\"\u{fffe}"});
        let text = print(&value);
        assert!(text.contains(r#"name: "a\u202Eb\e[31m""#), "{text}");
        assert!(
            text.contains(r#""k\u2066\U000E0041ey": "\uFFFEx""#),
            "{text}"
        );
        assert_eq!(read(&text), value);
        // Letters that look like the mark are letters.
        let value = json!({"args": ["a\"\\uFFFE", "\\uFFFE", "'\"\\uFFFE\nb"], "a\"\\uFFFEb": 1});
        assert_eq!(read(&print(&value)), value);
        let value = json!({"name": "a\nkind: Secret", "args": ["a\nb\n"]});
        let text = print(&value);
        assert_eq!(text, "name: \"a\\nkind: Secret\"\nargs:\n- |\n  a\n  b\n");
        assert_eq!(read(&text), value);
    }

    #[test]
    fn a_comment_stays_one_line() {
        assert_eq!(
            comment("a\nkind: Secret\u{2028}b\u{1b}]0;x\u{7}"),
            "# a\u{240a}kind: Secret\u{fffd}b\u{241b}]0;x\u{2407}\n"
        );
    }

    #[test]
    fn a_shell_word_holds_no_quote_and_no_control() {
        let value = json!({"it's": "\u{202e}\u{e0041}\n"});
        assert_eq!(one_line(&value), r#"{"it\u0027s":"\u202e\udb40\udc41\n"}"#);
        assert_eq!(
            serde_json::from_str::<Value>(&one_line(&value)).unwrap(),
            value
        );
    }

    fn text() -> impl Strategy<Value = String> {
        let odd = prop::sample::select(vec![
            "\n",
            "\t",
            "\r",
            "\u{0}",
            "\u{1b}",
            "\u{7f}",
            "\u{85}",
            "\u{ad}",
            "\u{200b}",
            "\u{2028}",
            "\u{202e}",
            "\u{2066}",
            "\u{feff}",
            "\u{fffe}",
            "\u{e0041}",
            "\"",
            "'",
            "\\",
            "#",
            ": ",
            "- ",
            "---",
            "yes",
            "null",
            "~",
            "1_0",
            "0o7",
            "1.10",
            "\\uFFFE",
            "%",
            "|",
            ">",
            "&",
            "*",
            "!",
            "<<",
            " ",
            "a",
            "\u{e9}",
            "\u{1f600}",
        ]);
        prop::collection::vec(
            prop_oneof![
                odd.prop_map(str::to_owned),
                any::<char>().prop_map(String::from)
            ],
            0..8,
        )
        .prop_map(|parts| parts.concat())
    }

    fn value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            any::<bool>().prop_map(Value::from),
            any::<i64>().prop_map(Value::from),
            text().prop_map(Value::from),
        ];
        leaf.prop_recursive(3, 24, 4, |inner| {
            prop_oneof![
                prop::collection::vec(inner.clone(), 0..4).prop_map(Value::from),
                prop::collection::vec((text(), inner), 0..4)
                    .prop_map(|pairs| Value::Object(pairs.into_iter().collect())),
            ]
        })
    }

    proptest! {
        #[test]
        fn what_is_printed_reads_as_the_same_value(value in value()) {
            let text = print(&value);
            prop_assert!(!text.chars().any(|c| c != '\n' && is_hostile(c)), "{text:?}");
            prop_assert_eq!(read(&text), value, "{}", text);
        }

        #[test]
        fn a_comment_is_one_line_and_shows_all(text in text()) {
            let line = comment(&text);
            prop_assert!(line.starts_with("# ") && line.ends_with('\n') && line.lines().count() == 1);
            prop_assert!(!line.trim_end().chars().any(is_hostile), "{line:?}");
        }

        #[test]
        fn one_line_is_the_same_json(value in value()) {
            let line = one_line(&value);
            prop_assert!(!line.contains('\'') && !line.chars().any(is_hostile));
            prop_assert_eq!(serde_json::from_str::<Value>(&line).unwrap(), value);
        }
    }
}
