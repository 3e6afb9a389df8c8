//! The sequences that the program may send to a terminal: colours, the cursor, and the clipboard with what it copied.

use anyhow::{Context as _, anyhow, ensure};

use super::Result;

/// The length of a sequence at the beginning of a text, if the program may send it.
pub fn sequence(text: &str) -> Result<usize> {
    let Some(after) = text.strip_prefix('\x1b') else {
        let first = text.chars().next().unwrap_or_default();
        ensure!("\r\n".contains(first), "it acts");
        return Ok(1);
    };
    match after.chars().next().unwrap_or_default() {
        '[' => {
            let end = after[1..]
                .find(|c: char| ('@'..='~').contains(&c))
                .context("no end")?;
            let (inside, last) = (
                &after[1..=end],
                after.as_bytes().get(end + 1).copied().unwrap_or_default(),
            );
            ensure!(
                inside
                    .chars()
                    .all(|c| c.is_ascii_digit() || "?;:<>= ".contains(c)),
                "parameters"
            );
            ensure!(
                b"mHJKhlABCDGdXqruc".contains(&last),
                "the sequence ends in {}",
                char::from(last)
            );
            Ok(end + 3)
        }
        ']' => {
            let end = after.find(['\x07', '\x1b']).context("no end")?;
            let body = &after[1..end];
            let data = body
                .strip_prefix("52;c;")
                .context("an operating system command")?;
            ensure!(
                data.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c)),
                "{data}"
            );
            ensure!(data != "ZXZpbA==", "somebody else's clipboard");
            Ok(1 + end
                + if after[end..].starts_with('\x07') {
                    1
                } else {
                    2
                })
        }
        '=' | '>' | '7' | '8' | '\\' => Ok(2),
        '(' => Ok(3),
        other => Err(anyhow!("escape {other:?}")),
    }
}
