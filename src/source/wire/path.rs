//! From a position in JSON text to the path of the field there, for error messages. Runs only when decoding has failed.

use super::DecodeError;

/// Moves the position that serde_json prints at the end of a message into the path.
pub(super) fn located(raw: &str, error: DecodeError) -> DecodeError {
    if !error.path.is_empty() {
        return error;
    }
    let Some((why, position)) = error.why.rsplit_once(" at line ") else {
        return error;
    };
    let mut numbers = position.split(" column ").map(str::parse::<usize>);
    let (Some(Ok(line)), Some(Ok(column))) = (numbers.next(), numbers.next()) else {
        return error;
    };
    DecodeError::at(path_at(raw, offset(raw, line, column)), why)
}

/// serde_json counts lines from 1 and gives the number of bytes read in the line.
fn offset(raw: &str, line: usize, column: usize) -> usize {
    let before: usize = raw
        .split_inclusive('\n')
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    (before + column).min(raw.len())
}

enum Level {
    Object { key: String },
    List { at: usize },
}

/// The path of the value that ends at or covers `end`: `spec.containers[0].image`.
fn path_at(raw: &str, end: usize) -> String {
    let bytes = raw.as_bytes();
    let mut levels: Vec<Level> = Vec::new();
    let mut last = String::new();
    let mut at = 0;
    while let Some(byte) = bytes.get(at).filter(|_| at < end) {
        match byte {
            b'"' => {
                let close = string_end(bytes, at);
                last = raw.get(at + 1..close).unwrap_or_default().to_owned();
                at = close;
            }
            b'{' => levels.push(Level::Object { key: String::new() }),
            b'[' => levels.push(Level::List { at: 0 }),
            b'}' | b']' => drop(levels.pop()),
            b':' => {
                if let Some(Level::Object { key }) = levels.last_mut() {
                    *key = std::mem::take(&mut last);
                }
            }
            b',' => {
                if let Some(Level::List { at }) = levels.last_mut() {
                    *at += 1;
                }
            }
            _ => {}
        }
        at += 1;
    }
    written(&levels)
}

fn string_end(bytes: &[u8], open: usize) -> usize {
    let mut at = open + 1;
    while let Some(byte) = bytes.get(at) {
        match byte {
            b'"' => return at,
            b'\\' => at += 2,
            _ => at += 1,
        }
    }
    bytes.len()
}

fn written(levels: &[Level]) -> String {
    let mut path = String::new();
    for level in levels {
        match level {
            Level::Object { key } if key.is_empty() => {}
            Level::Object { key } if path.is_empty() => path.push_str(key),
            Level::Object { key } => path.push_str(&format!(".{key}")),
            Level::List { at } => path.push_str(&format!("[{at}]")),
        }
    }
    path
}

#[cfg(test)]
mod tests {
    use super::super::testing::refused;
    use super::*;
    use crate::model::Kind;

    #[test]
    fn names_the_field_that_does_not_fit() {
        for (json, path) in [
            (r#"{"metadata":{"name":7}}"#, "metadata.name"),
            (r#"{"metadata":{"name":"a"},"spec":[]}"#, "spec"),
            (
                "{\"metadata\":{\"name\":\"a\"},\n \"spec\":{\"containers\":[{\"name\":\"x\"},\n{\"image\":{}}]}}",
                "spec.containers[1].image",
            ),
            (
                r#"{"metadata":{"name":"a","labels":{"a\"b":"x","c":true}}}"#,
                "metadata.labels.c",
            ),
            (
                r#"{"spec":{"containers":[{"ports":[{"hostPort":70000}]}]}}"#,
                "spec.containers[0].ports[0].hostPort",
            ),
            (r#"{"spec":{"hostNetwork":"yes"}}"#, "spec.hostNetwork"),
            (
                r#"{"spec":{"containers":[{"name":"a"},[]]}}"#,
                "spec.containers[1]",
            ),
        ] {
            assert_eq!(refused(Kind::Pod, json).path, path, "{json}");
        }
    }

    #[test]
    fn positions_beyond_the_text_do_no_harm() {
        let error = located("{", DecodeError::at("", "EOF at line 9 column 9"));
        assert_eq!(error, DecodeError::at("", "EOF"));
    }
}
