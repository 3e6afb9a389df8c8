//! The thread that reads the terminal: keys out, hang-up noticed at once, and silent while another program has the
//! terminal. It sleeps in `poll` and nowhere else, so it can always be stopped, and uses no time when nothing happens.

use super::decode::{Decoder, Input};
use crate::term::error::{TermError, start};
use crate::term::event::{Sink, TermEvent};
use crate::term::tty::Tty;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use std::io::{Read, Write};
use std::os::unix::net::UnixStream;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

/// How long the thread may take to see that it is to stop.
const STOPS_WITHIN: Duration = Duration::from_millis(100);

/// What the thread is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Mode {
    Reading,
    Paused,
    Stopped,
}

/// What the thread and its owner share.
#[derive(Debug)]
struct Shared {
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug)]
struct State {
    mode: Mode,
    /// Whether the thread has seen that it must not read.
    idle: bool,
}

impl Shared {
    fn with<T>(&self, act: impl FnOnce(&mut State) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let result = act(&mut state);
        self.changed.notify_all();
        result
    }
}

/// The owner's side. Dropping it ends the thread.
#[derive(Debug)]
pub(in crate::term) struct Reader {
    shared: Arc<Shared>,
    wake: UnixStream,
}

impl Reader {
    /// Starts reading.
    pub(in crate::term) fn start(tty: Arc<Tty>, sink: Sink) -> Result<Self, TermError> {
        // Not a pipe: only a pair of sockets is made close-on-exec in one step on macOS as well.
        let (woken, wake) = UnixStream::pair().map_err(start("the keyboard reader"))?;
        for end in [&woken, &wake] {
            end.set_nonblocking(true)
                .map_err(start("the keyboard reader"))?;
        }
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                mode: Mode::Reading,
                idle: false,
            }),
            changed: Condvar::new(),
        });
        let theirs = Arc::clone(&shared);
        thread::Builder::new()
            .name("keyboard".to_owned())
            .spawn(move || {
                Loop {
                    tty: &tty,
                    woken: &woken,
                    sink: &sink,
                    shared: &theirs,
                }
                .run();
                theirs.with(|state| {
                    state.mode = Mode::Stopped;
                    state.idle = true;
                });
            })
            .map_err(start("the keyboard reader"))?;
        Ok(Self { shared, wake })
    }

    /// Stops reading. When this returns no byte of the terminal is taken any more: they belong to the editor.
    pub(in crate::term) fn pause(&self) {
        self.set(Mode::Paused);
        let state = self
            .shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let idle = self.shared.changed.wait_while(state, |state| !state.idle);
        drop(idle.unwrap_or_else(PoisonError::into_inner));
    }

    /// Stops reading for good, so that what is typed from now on reaches the shell. Waits only a moment: the program is
    /// ending, perhaps because something hangs.
    pub(in crate::term) fn stop(&self) {
        self.set(Mode::Stopped);
        let state = self
            .shared
            .state
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        let idle = self
            .shared
            .changed
            .wait_timeout_while(state, STOPS_WITHIN, |state| !state.idle);
        drop(idle.unwrap_or_else(PoisonError::into_inner));
    }

    /// Reads again.
    pub(in crate::term) fn resume(&self) {
        self.set(Mode::Reading);
    }

    fn set(&self, mode: Mode) {
        self.shared.with(|state| {
            if state.mode != Mode::Stopped {
                state.mode = mode;
                state.idle = false;
            }
        });
        // A full socket already wakes the thread; a closed one has no thread behind it.
        let _ = (&self.wake).write(b"!");
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        self.set(Mode::Stopped);
    }
}

/// The thread's side.
struct Loop<'a> {
    tty: &'a Tty,
    woken: &'a UnixStream,
    sink: &'a Sink,
    shared: &'a Shared,
}

impl Loop<'_> {
    fn run(&self) {
        let (mut decoder, mut inputs) = (Decoder::default(), Vec::new());
        let mut mode = Mode::Reading;
        loop {
            let wanted = self.shared.with(|state| {
                state.idle = state.mode != Mode::Reading;
                state.mode
            });
            if wanted == Mode::Stopped {
                return;
            }
            if wanted == Mode::Paused && mode == Mode::Reading {
                decoder.give_up(&mut inputs);
            }
            mode = wanted;
            for input in inputs.drain(..) {
                (self.sink)(match input {
                    Input::Key(key) => TermEvent::Key(key),
                    Input::Paste(text) => TermEvent::Paste(text),
                });
            }
            match self.wait(mode, decoder.patience()) {
                Woken::Keys => {
                    let mut bytes = [0; 1024];
                    match rustix::io::read(self.tty.input(), &mut bytes) {
                        Ok(0) => return self.hung_up(),
                        Ok(count) => decoder.feed(&bytes[..count], &mut inputs),
                        Err(Errno::INTR | Errno::AGAIN) => {}
                        Err(_) => return self.hung_up(),
                    }
                }
                Woken::HangUp => return self.hung_up(),
                Woken::Nothing => decoder.give_up(&mut inputs),
                Woken::Owner => {}
            }
        }
    }

    /// Sleeps until there is something to do. A vanished terminal is reported whether or not its bytes are wanted.
    fn wait(&self, mode: Mode, patience: Option<Duration>) -> Woken {
        let wanted = if mode == Mode::Reading {
            PollFlags::IN
        } else {
            PollFlags::empty()
        };
        let input = self.tty.input();
        let mut fds = [
            PollFd::new(&input, wanted),
            PollFd::new(self.woken, PollFlags::IN),
        ];
        let timeout = patience.and_then(|wait| Timespec::try_from(wait).ok());
        match poll(&mut fds, timeout.as_ref()) {
            Ok(0) => return Woken::Nothing,
            Ok(_) => {}
            Err(Errno::INTR | Errno::AGAIN) => return Woken::Owner,
            Err(_) => return Woken::HangUp,
        }
        let (tty, owner) = (fds[0].revents(), fds[1].revents());
        if !owner.is_empty() {
            let _ = { self.woken }.read(&mut [0; 64]);
            return Woken::Owner;
        }
        if tty.contains(PollFlags::IN) {
            Woken::Keys
        } else if tty.intersects(PollFlags::HUP | PollFlags::ERR | PollFlags::NVAL) {
            Woken::HangUp
        } else {
            Woken::Owner
        }
    }

    fn hung_up(&self) {
        (self.sink)(TermEvent::HangUp);
    }
}

/// Why the thread woke.
enum Woken {
    Keys,
    HangUp,
    Nothing,
    Owner,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::term::key::{Code, Key};
    use crate::term::tty::tests::pair;
    use std::sync::mpsc::{Receiver, channel};

    fn start_on(tty: &Arc<Tty>) -> (Reader, Receiver<TermEvent>) {
        let (sender, events) = channel();
        let sink: Sink = Arc::new(move |event| sender.send(event).unwrap_or_default());
        (Reader::start(Arc::clone(tty), sink).unwrap(), events)
    }

    fn next(events: &Receiver<TermEvent>) -> TermEvent {
        events.recv_timeout(Duration::from_secs(5)).unwrap()
    }

    #[test]
    fn keys_and_pastes_arrive() {
        let (tty, master) = pair(24, 80);
        tty.enter().unwrap();
        let (_reader, events) = start_on(&tty);
        let mut keyboard = master.take_writer().unwrap();
        keyboard
            .write_all(b"j\x1b[A\x1b[200~pasted\x1b[201~")
            .unwrap();
        assert_eq!(next(&events), TermEvent::Key(Key::char('j')));
        assert_eq!(next(&events), TermEvent::Key(Key::plain(Code::Up)));
        assert_eq!(next(&events), TermEvent::Paste("pasted".to_owned()));
    }

    #[test]
    fn a_sequence_cut_in_two_is_one_key_and_a_lone_esc_is_not_kept_back() {
        let (tty, master) = pair(24, 80);
        tty.enter().unwrap();
        let (_reader, events) = start_on(&tty);
        let mut keyboard = master.take_writer().unwrap();
        keyboard.write_all(b"\x1b[").unwrap();
        thread::sleep(Duration::from_millis(20));
        keyboard.write_all(b"A").unwrap();
        assert_eq!(next(&events), TermEvent::Key(Key::plain(Code::Up)));
        keyboard.write_all(b"\x1b").unwrap();
        assert_eq!(next(&events), TermEvent::Key(Key::plain(Code::Esc)));
    }

    #[test]
    fn while_paused_every_byte_belongs_to_the_other_program() {
        let (tty, master) = pair(24, 80);
        tty.enter().unwrap();
        let (reader, events) = start_on(&tty);
        let mut keyboard = master.take_writer().unwrap();
        // Half a sequence: a reader that waits inside `read` for the rest would take the editor's first key.
        keyboard.write_all(b"\x1b[").unwrap();
        thread::sleep(Duration::from_millis(20));
        reader.pause();
        assert_eq!(next(&events), TermEvent::Key(Key::plain(Code::Esc)));
        assert_eq!(next(&events), TermEvent::Key(Key::char('[')));
        keyboard.write_all(b"iHello").unwrap();
        let mut got = Vec::new();
        while got.len() < 6 {
            let mut bytes = [0; 16];
            let count = rustix::io::read(tty.input(), &mut bytes).unwrap();
            got.extend_from_slice(&bytes[..count]);
        }
        assert_eq!(got, b"iHello");
        assert!(events.try_recv().is_err());
        reader.resume();
        keyboard.write_all(b"q").unwrap();
        assert_eq!(next(&events), TermEvent::Key(Key::char('q')));
    }

    #[test]
    fn a_vanished_terminal_is_noticed_reading_or_not() {
        for paused in [false, true] {
            let (tty, master) = pair(24, 80);
            tty.enter().unwrap();
            let (reader, events) = start_on(&tty);
            if paused {
                reader.pause();
            }
            drop(master);
            assert_eq!(next(&events), TermEvent::HangUp, "paused: {paused}");
            // The thread is gone; asking it for anything must not wait for it.
            reader.pause();
            reader.resume();
            assert!(
                events.recv_timeout(Duration::from_millis(50)).is_err(),
                "said once"
            );
        }
    }
}
