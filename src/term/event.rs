//! What the terminal and the system tell the program, as values. The receiver owns the queue; this layer only calls a
//! [`Sink`], from its own threads.

use super::key::Key;
use std::sync::Arc;

/// One thing that happened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum TermEvent {
    /// A key.
    Key(Key),
    /// Text pasted as one piece: line ends are `\n`, other control characters are gone, and it is bounded.
    Paste(String),
    /// The size may have changed; the next frame finds out.
    Resize,
    /// The terminal is gone. The program ends within a second whether or not anybody acts on this.
    HangUp,
    /// Somebody asks the program to end; it does so within a second whether or not anybody acts on this.
    Terminate(Ending),
    /// The program was stopped from outside and goes on: the terminal has to be taken again.
    Resumed,
}

/// The signal that asks the program to end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// SIGHUP: the session is over.
    HangUp,
    /// SIGINT from outside; Ctrl-C is a key.
    Interrupt,
    /// SIGQUIT; no core file is written, it would hold cluster data.
    Quit,
    /// SIGTERM.
    Terminate,
}

impl Ending {
    /// The exit status that shells expect: 128 and the number of the signal.
    pub const fn exit_code(self) -> i32 {
        match self {
            Self::HangUp => 129,
            Self::Interrupt => 130,
            Self::Quit => 131,
            Self::Terminate => 143,
        }
    }
}

/// Takes events, from any thread; must not block for long.
pub type Sink = Arc<dyn Fn(TermEvent) + Send + Sync>;
