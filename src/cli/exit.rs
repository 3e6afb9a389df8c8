//! How a run ends.

use std::process::ExitCode;

/// An end, by its exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exit {
    /// 0: nothing at or above the gate.
    Fine,
    /// 1: the gate is hit.
    Gate,
    /// 2: the arguments or an input file are wrong.
    Usage,
    /// 3: could not connect or authenticate.
    Connect,
    /// 4: ran, but too much was not visible.
    Blind,
    /// 130: interrupted.
    Interrupted,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> ExitCode {
        ExitCode::from(match exit {
            Exit::Fine => 0,
            Exit::Gate => 1,
            Exit::Usage => 2,
            Exit::Connect => 3,
            Exit::Blind => 4,
            Exit::Interrupted => 130,
        })
    }
}

/// An end that is explained: what, where, what to do.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Failure {
    /// The exit.
    pub exit: Exit,
    /// The explanation.
    pub message: String,
}

impl Failure {
    /// Wrong arguments or input.
    pub fn usage(message: impl Into<String>) -> Failure {
        Failure {
            exit: Exit::Usage,
            message: message.into(),
        }
    }

    /// No connection.
    pub fn connect(message: impl Into<String>) -> Failure {
        Failure {
            exit: Exit::Connect,
            message: message.into(),
        }
    }
}
