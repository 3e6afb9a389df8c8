//! The last resort: whoever asks the program to end, it has ended within a second, even when the thread that should see to
//! it is stuck in a write to a terminal that takes no bytes.

use super::event::{Ending, Sink, TermEvent};
use super::tty::Tty;
use std::sync::Arc;
use std::thread;
use std::time::Duration;

/// How long the program may take to end by itself.
const GRACE: Duration = Duration::from_millis(800);

/// A sink that starts the clock before it passes on that the program should end.
pub(super) fn armed(tty: &Arc<Tty>, sink: Sink) -> Sink {
    let tty = Arc::clone(tty);
    Arc::new(move |event| {
        match event {
            TermEvent::HangUp => end_soon(&tty, Ending::HangUp),
            TermEvent::Terminate(ending) => end_soon(&tty, ending),
            _ => {}
        }
        sink(event);
    })
}

fn end_soon(tty: &Arc<Tty>, ending: Ending) {
    let end = move |tty: &Tty| {
        tty.close();
        std::process::exit(ending.exit_code())
    };
    let theirs = Arc::clone(tty);
    let watch = thread::Builder::new()
        .name("last-resort".to_owned())
        .spawn(move || {
            thread::sleep(GRACE);
            end(&theirs);
        });
    if watch.is_err() {
        end(tty);
    }
}
