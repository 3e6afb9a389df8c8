//! `--log FILE`: what the program asks of the server and what it makes of the answers, a line each, for reports of
//! trouble. Never on the screen, never a secret; names out of the cluster pass the sanitiser, as everywhere.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::sync::Mutex;

use tracing::Level;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;
use tracing_subscriber::layer::SubscriberExt as _;
use tracing_subscriber::util::SubscriberInitExt as _;

use super::exit::Failure;
use crate::clock;
use crate::model::text::clean;

/// Opens the file, readable by its owner alone, and writes at its end from now on.
///
/// # Errors
/// The file cannot be opened.
pub fn start(path: &Path) -> Result<(), Failure> {
    let file = OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(|why| Failure::usage(format!("--log {}: {why}", path.display())))?;
    let lines = tracing_subscriber::fmt::layer()
        .with_ansi(false)
        .with_timer(Time)
        .with_writer(Mutex::new(Cleaned(file)));
    // What libraries have to say of their own is mostly noise, and could hold what ours leaves out.
    let ours = Targets::new()
        .with_target("bartizan", Level::DEBUG)
        .with_default(Level::WARN);
    let started = tracing_subscriber::registry()
        .with(ours)
        .with(lines)
        .try_init();
    started.map_err(|why| Failure::usage(format!("--log {}: {why}", path.display())))
}

struct Time;

impl FormatTime for Time {
    fn format_time(&self, line: &mut Writer<'_>) -> std::fmt::Result {
        write!(line, "{}", clock::now())
    }
}

/// Lets no control or invisible character through. Each call brings whole lines.
struct Cleaned<W>(W);

impl<W: Write> Write for Cleaned<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let text = String::from_utf8_lossy(bytes);
        for line in text.trim_end_matches('\n').split('\n') {
            writeln!(self.0, "{}", clean(line))?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_that_acts_on_a_terminal_gets_into_the_file() {
        let mut out = Cleaned(Vec::new());
        out.write_all("name=\u{1b}]52;c;x\u{7} \u{202e}txt\n".as_bytes())
            .unwrap();
        let text = String::from_utf8(out.0).unwrap();
        assert_eq!(text, "name=\u{241b}]52;c;x\u{2407} \u{fffd}txt\n");
    }
}
