//! The only place that writes to stdout and stderr when no terminal is taken.

use std::io::{self, Write as _};
use std::process::ExitCode;

use super::exit::Exit;
use crate::model::text::clean;

/// The answer, to stdout. False when nobody reads any more: not an error, but a reason to stop.
pub fn answer(text: &str) -> bool {
    let mut out = io::stdout().lock();
    out.write_all(text.as_bytes())
        .and_then(|()| out.flush())
        .is_ok()
}

/// Something for people, to stderr: cleaned, since it may hold names from the cluster.
pub fn note(text: &str) {
    let mut err = io::stderr().lock();
    for line in text.lines() {
        // A closed stderr is nobody's loss.
        drop(writeln!(err, "bartizan: {}", clean(line)));
    }
}

/// What the parser has to say: help and version are answers, the rest are notes.
pub fn clap(error: &clap::Error) -> ExitCode {
    let text = error.to_string();
    if error.use_stderr() {
        let mut err = io::stderr().lock();
        // It repeats what was typed, or pasted.
        text.lines()
            .for_each(|line| drop(writeln!(err, "{}", clean(line))));
        Exit::Usage.into()
    } else {
        answer(&text);
        Exit::Fine.into()
    }
}
