//! What can go wrong with a terminal, in sentences that say what to do instead.

use std::io;

/// Why the terminal cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum TermError {
    /// Output goes to a file or a pipe.
    #[error(
        "standard output is not a terminal, and the explorer needs one; `bartizan report` gives the same answers as text"
    )]
    NotATerminal,
    /// There is nothing to read keys from.
    #[error(
        "there is no terminal to read keys from; `bartizan report` gives the same answers as text"
    )]
    NoKeyboard,
    /// `TERM=dumb`.
    #[error(
        "TERM=dumb says that this terminal cannot draw a screen; `bartizan report` gives the same answers as text, \
         or set TERM to what the terminal really is (xterm-256color is usual)"
    )]
    Dumb,
    /// A call to the terminal failed.
    #[error("the terminal refused to {what}: {why}")]
    Refused {
        /// What was asked of it.
        what: &'static str,
        /// What the system said.
        why: io::Error,
    },
    /// A thread or a pipe could not be made.
    #[error("could not start {what}: {why}")]
    Start {
        /// What was to be started.
        what: &'static str,
        /// What the system said.
        why: io::Error,
    },
    /// An editor or a pager.
    #[error(transparent)]
    External(#[from] super::external::ExternalError),
}

/// Says what was asked of the terminal when it refuses.
pub(super) fn refused<E: Into<io::Error>>(what: &'static str) -> impl FnOnce(E) -> TermError {
    move |why| TermError::Refused {
        what,
        why: why.into(),
    }
}

/// Says what could not be started.
pub(super) fn start<E: Into<io::Error>>(what: &'static str) -> impl FnOnce(E) -> TermError {
    move |why| TermError::Start {
        what,
        why: why.into(),
    }
}
