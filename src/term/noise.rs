//! Quirk "noise on standard error": a library or a login helper that prints a warning would print it into the middle of
//! the screen. While the screen is ours, what is printed to a standard error that is the terminal goes nowhere.

use rustix::fd::OwnedFd;
use rustix::io::fcntl_dupfd_cloexec;
use rustix::termios::isatty;
use std::fs::OpenOptions;
use std::io;

/// Where standard error led, and where it leads meanwhile.
#[derive(Debug)]
pub(super) struct Noise {
    terminal: OwnedFd,
    nowhere: OwnedFd,
}

impl Noise {
    /// Nothing when standard error goes to a file: then it disturbs nobody.
    pub(super) fn found() -> io::Result<Option<Self>> {
        let stderr = rustix::stdio::stderr();
        if !isatty(stderr) {
            return Ok(None);
        }
        let nowhere = OpenOptions::new().write(true).open("/dev/null")?;
        Ok(Some(Self {
            terminal: fcntl_dupfd_cloexec(stderr, 3)?,
            nowhere: nowhere.into(),
        }))
    }

    // Neither can fail for descriptors that are open, and if one did the screen would only be less tidy.

    /// Sends it nowhere.
    pub(super) fn silence(&self) {
        let _ = rustix::stdio::dup2_stderr(&self.nowhere);
    }

    /// Sends it to the terminal again.
    pub(super) fn let_through(&self) {
        let _ = rustix::stdio::dup2_stderr(&self.terminal);
    }
}
