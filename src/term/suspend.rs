//! Ctrl-Z: the terminal is given back, the whole process group stops as if the terminal had stopped it, and when the
//! shell continues it the terminal is taken again.

use super::signals::SignalWatch;
use rustix::process::{Signal, getpid, getsid, kill_current_process_group};
use std::time::Duration;

/// How long after the signal a stop has happened for certain. While stopped no time passes for the waiting thread that
/// matters: SIGCONT is there when it wakes.
const STOP_TAKES: Duration = Duration::from_millis(200);

/// What became of the wish to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Suspended {
    /// The program was stopped and goes on.
    Continued,
    /// Nobody could have continued it, so it did not stop.
    NoShell,
}

/// Whether a shell is there that could continue the program. A session leader (`xterm -e`, `ssh host bartizan`,
/// `docker exec`) has none and would hang for ever.
pub(super) fn has_shell() -> bool {
    getsid(None).is_ok_and(|leader| leader != getpid())
}

/// Stops the process group and comes back when it was continued. The group, not the process alone: a script that started
/// the program would otherwise go on waiting for it, and the shell with it. SIGTSTP, not SIGSTOP: the system drops it
/// where no shell is left to continue the group, and then this returns at once.
pub(super) fn stop(signals: &SignalWatch) -> Suspended {
    signals.shell_has_it();
    let sent = kill_current_process_group(Signal::TSTP).is_ok();
    if sent && signals.wait_for_continue(STOP_TAKES) {
        Suspended::Continued
    } else {
        Suspended::NoShell
    }
}
