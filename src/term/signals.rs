//! Signals as events. Ctrl-C and Ctrl-Z are keys in raw mode; what arrives here was sent from outside.

use super::error::{TermError, start};
use super::event::{Ending, Sink, TermEvent};
use rustix::process::{Signal, getpid, kill_process};
use signal_hook::consts::{SIGCONT, SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGWINCH};
use signal_hook::iterator::Signals;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long the thread that sees signals may take to come to the last one.
const CATCH_UP: Duration = Duration::from_millis(200);

/// Who has the terminal just now, which decides what a signal means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Holder {
    /// The program.
    Us,
    /// A shell: the program is stopping, and whoever stopped it waits for SIGCONT.
    Shell {
        /// Whether SIGCONT came.
        continued: bool,
    },
    /// An editor, a pager or a login helper. Ctrl-C in it reaches the whole process group and is not meant for us, as
    /// `system(3)` has it.
    Child {
        /// Whether every signal from before the end of the child was seen.
        caught_up: bool,
    },
}

/// The owner's side. The thread lives as long as the process: a handler cannot be taken back, and signals that nobody
/// listens to any more would leave a process that `kill` does not end.
#[derive(Debug)]
pub(super) struct SignalWatch {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    holder: Mutex<Holder>,
    changed: Condvar,
}

impl SignalWatch {
    /// Starts listening.
    pub(super) fn start(sink: Sink) -> Result<Self, TermError> {
        let mut signals = Signals::new([SIGTERM, SIGHUP, SIGINT, SIGQUIT, SIGCONT, SIGWINCH])
            .map_err(start("the signal watch"))?;
        let shared = Arc::new(Shared {
            holder: Mutex::new(Holder::Us),
            changed: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        thread::Builder::new()
            .name("signals".to_owned())
            .spawn(move || {
                for signal in signals.forever() {
                    if let Some(event) = theirs.event(signal) {
                        sink(event);
                    }
                }
            })
            .map_err(start("the signal watch"))?;
        Ok(Self { shared })
    }

    /// Says that the program is about to stop.
    pub(super) fn shell_has_it(&self) {
        self.shared.set(Holder::Shell { continued: false });
    }

    /// Waits for SIGCONT; false when none came in time, because nothing stopped the program.
    pub(super) fn wait_for_continue(&self, wait: Duration) -> bool {
        let holder = self
            .shared
            .holder
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let waiting = |holder: &mut Holder| matches!(holder, Holder::Shell { continued: false });
        let (holder, _) = self
            .shared
            .changed
            .wait_timeout_while(holder, wait, waiting)
            .unwrap_or_else(PoisonError::into_inner);
        matches!(*holder, Holder::Shell { continued: true })
    }

    /// Says that a child has the terminal.
    pub(super) fn child_has_it(&self) {
        self.shared.set(Holder::Child { caught_up: false });
    }

    /// Says that the terminal is ours again. The Ctrl-C that ended a child may still be on its way to the thread: a
    /// signal that means nothing is sent after it, and once that was seen nothing older is left.
    pub(super) fn we_have_it(&self) {
        let mut holder = self
            .shared
            .holder
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if matches!(*holder, Holder::Child { .. }) {
            *holder = Holder::Child { caught_up: false };
            if kill_process(getpid(), Signal::WINCH).is_ok() {
                let waiting = |holder: &mut Holder| *holder == Holder::Child { caught_up: false };
                holder = self
                    .shared
                    .changed
                    .wait_timeout_while(holder, CATCH_UP, waiting)
                    .unwrap_or_else(PoisonError::into_inner)
                    .0;
            }
        }
        *holder = Holder::Us;
    }
}

impl Shared {
    fn set(&self, holder: Holder) {
        *self.holder.lock().unwrap_or_else(PoisonError::into_inner) = holder;
    }

    fn event(&self, signal: i32) -> Option<TermEvent> {
        let mut holder = self.holder.lock().unwrap_or_else(PoisonError::into_inner);
        match (signal, *holder) {
            (SIGCONT, Holder::Us) => Some(TermEvent::Resumed),
            (SIGCONT, Holder::Shell { .. }) => {
                *holder = Holder::Shell { continued: true };
                self.changed.notify_all();
                None
            }
            (SIGINT | SIGQUIT | SIGCONT, Holder::Child { .. }) => None,
            (SIGWINCH, Holder::Child { .. }) => {
                // Whoever takes the terminal back asks for its size anyway.
                *holder = Holder::Child { caught_up: true };
                self.changed.notify_all();
                None
            }
            (SIGINT, _) => Some(TermEvent::Terminate(Ending::Interrupt)),
            (SIGQUIT, _) => Some(TermEvent::Terminate(Ending::Quit)),
            (SIGHUP, _) => Some(TermEvent::Terminate(Ending::HangUp)),
            (SIGTERM, _) => Some(TermEvent::Terminate(Ending::Terminate)),
            _ => Some(TermEvent::Resize),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(holder: Holder) -> Shared {
        Shared {
            holder: Mutex::new(holder),
            changed: Condvar::new(),
        }
    }

    #[test]
    fn who_has_the_terminal_decides_what_a_signal_means() {
        let us = shared(Holder::Us);
        assert_eq!(
            us.event(SIGINT),
            Some(TermEvent::Terminate(Ending::Interrupt))
        );
        assert_eq!(us.event(SIGCONT), Some(TermEvent::Resumed));
        assert_eq!(us.event(SIGWINCH), Some(TermEvent::Resize));
        let child = shared(Holder::Child { caught_up: false });
        assert_eq!(
            (
                child.event(SIGINT),
                child.event(SIGQUIT),
                child.event(SIGCONT)
            ),
            (None, None, None)
        );
        assert_eq!(
            child.event(SIGTERM),
            Some(TermEvent::Terminate(Ending::Terminate))
        );
        assert_eq!(
            child.event(SIGHUP),
            Some(TermEvent::Terminate(Ending::HangUp))
        );
    }

    #[test]
    fn the_shell_continues_us_without_a_second_repaint() {
        let shell = shared(Holder::Shell { continued: false });
        assert_eq!(shell.event(SIGCONT), None);
        assert_eq!(
            *shell.holder.lock().unwrap(),
            Holder::Shell { continued: true }
        );
    }

    #[test]
    fn endings_have_the_status_that_shells_expect() {
        for (ending, signal) in [
            (Ending::HangUp, SIGHUP),
            (Ending::Interrupt, SIGINT),
            (Ending::Quit, SIGQUIT),
            (Ending::Terminate, SIGTERM),
        ] {
            assert_eq!(ending.exit_code(), 128 + signal);
        }
    }
}
