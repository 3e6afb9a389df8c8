//! Cuts a file into documents, each with its line, and reads each into a value. One that does not read hides no other.

use serde_json::Value;

/// One document of a file.
#[derive(Clone, Debug, PartialEq)]
pub struct Document {
    /// Line of the file at which it begins, from 1.
    pub line: usize,
    /// The value, or why it does not read.
    pub value: Result<Value, String>,
}

/// Every document that is not empty. JSON (one value, or several one after another) is told by its first character.
pub fn documents(text: &str) -> Vec<Document> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    match text.trim_start().chars().next() {
        Some('{' | '[') if looks_like_json(text) => json(text),
        _ => yaml(text),
    }
}

/// A flow mapping is YAML too: only what begins like JSON's keys or items is read as JSON.
fn looks_like_json(text: &str) -> bool {
    let inner = text.trim_start()[1..].trim_start();
    inner.starts_with(['"', '{', '[', '}', ']'])
}

fn json(text: &str) -> Vec<Document> {
    let mut found = Vec::new();
    let mut stream = serde_json::Deserializer::from_str(text).into_iter::<Value>();
    loop {
        let start = stream.byte_offset();
        let skipped = text[start..].len() - text[start..].trim_start().len();
        let line = text[..start + skipped].matches('\n').count() + 1;
        match stream.next() {
            None => return found,
            Some(Ok(value)) => found.push(Document {
                line,
                value: Ok(value),
            }),
            Some(Err(error)) => {
                let why = error.to_string();
                found.push(Document {
                    line: error.line().max(1),
                    value: Err(why),
                });
                return found; // the stream cannot go on behind a syntax error
            }
        }
    }
}

fn yaml(text: &str) -> Vec<Document> {
    let mut found = Vec::new();
    for (line, part) in parts(text) {
        let content = part
            .lines()
            .any(|l| !l.trim().is_empty() && !l.trim_start().starts_with('#'));
        if !content {
            continue;
        }
        let options = serde_saphyr::options! { legacy_octal_numbers: true };
        match serde_saphyr::from_str_with_options::<Option<Value>>(part, options) {
            Ok(None | Some(Value::Null)) => {}
            Ok(Some(value)) => found.push(Document {
                line,
                value: Ok(value),
            }),
            Err(error) => found.push(Document {
                line,
                value: Err(first_line(&error.to_string())),
            }),
        }
    }
    found
}

/// Cuts at lines that are `---`, alone or before a comment, with the line at which each part begins.
fn parts(text: &str) -> Vec<(usize, &str)> {
    let mut parts = Vec::new();
    let (mut start, mut first, mut at) = (0, 1, 0);
    for (number, line) in text.split_inclusive('\n').enumerate() {
        let bare = line.trim_end();
        if bare == "---" || bare.starts_with("--- ") {
            parts.push((first, &text[start..at]));
            let rest = bare.trim_start_matches('-').trim();
            // `--- {kind: X}` carries its document on the same line.
            let inline = !rest.is_empty() && !rest.starts_with('#');
            start = if inline { at + 3 } else { at + line.len() };
            first = if inline { number + 1 } else { number + 2 };
        }
        at += line.len();
    }
    parts.push((first, &text[start..]));
    parts
}

fn first_line(text: &str) -> String {
    text.lines().next().unwrap_or_default().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_broken_document_hides_no_other() {
        let text = "kind: A\n---\n# only a comment\n---\nkind: [\n---\nkind: B\n";
        let found = documents(text);
        let lines: Vec<(usize, bool)> = found.iter().map(|d| (d.line, d.value.is_ok())).collect();
        assert_eq!(lines, [(1, true), (5, false), (7, true)]);
    }

    #[test]
    fn json_streams_are_read_value_by_value() {
        let found = documents("{\"kind\": \"A\"}\n\n{\"kind\": \"B\"}\n{\"kind\": ");
        let lines: Vec<(usize, bool)> = found.iter().map(|d| (d.line, d.value.is_ok())).collect();
        assert_eq!(lines, [(1, true), (3, true), (4, false)]);
    }

    #[test]
    fn octal_numbers_mean_what_kubectl_says() {
        let found = documents("defaultMode: 0644\n");
        assert_eq!(found[0].value, Ok(serde_json::json!({"defaultMode": 420})));
    }

    #[test]
    fn a_flow_mapping_is_yaml() {
        let found = documents("{kind: A, metadata: {name: b}}\n");
        assert!(found[0].value.is_ok());
    }
}
