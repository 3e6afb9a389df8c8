//! The terminal itself: its descriptors, raw mode, the sequences that take it and give it back, and the one way bytes
//! get to it.
//!
//! Everything works on descriptors of our own, duplicated when the terminal is opened: giving the terminal back must work
//! from a panic hook while another thread holds the lock of standard output. Nothing here takes a lock.

use super::env::Env;
use super::error::{TermError, refused};
use crossterm::cursor::{Hide, MoveTo, Show};
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::queue;
use crossterm::style::{Attribute, SetAttribute};
use crossterm::terminal::{
    Clear, ClearType, DisableLineWrap, EnableLineWrap, EndSynchronizedUpdate, EnterAlternateScreen,
    LeaveAlternateScreen,
};
use ratatui::layout::Size;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::fd::{AsFd, BorrowedFd, OwnedFd};
use rustix::io::{Errno, fcntl_dupfd_cloexec};
use rustix::termios::{
    OptionalActions, QueueSelector, Termios, isatty, tcflush, tcgetattr, tcgetwinsize, tcsetattr,
    ttyname,
};
use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io;
use std::os::unix::ffi::OsStrExt;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// How long giving the terminal back may wait for one that takes no bytes.
const STUCK: Duration = Duration::from_millis(150);
/// Columns and rows are believed up to here; `stty cols 65535 rows 65535` would cost gigabytes of cells.
const MAX_SIZE: Size = Size {
    width: 1000,
    height: 400,
};

/// The terminal of this process.
#[derive(Debug)]
pub struct Tty {
    input: OwnedFd,
    output: OwnedFd,
    original: Termios,
    enter: Vec<u8>,
    leave: Vec<u8>,
    fallback_size: Size,
    entered: AtomicBool,
    closing: AtomicBool,
}

impl Tty {
    /// Finds the terminal. It is not changed yet.
    pub(super) fn open(env: &Env) -> Result<Arc<Self>, TermError> {
        if !isatty(rustix::stdio::stdout()) {
            return Err(TermError::NotATerminal);
        }
        if env.get("TERM") == Some("dumb") {
            return Err(TermError::Dumb);
        }
        Self::over(keyboard()?, own(rustix::stdio::stdout())?, env)
    }

    /// A terminal given by its descriptors.
    fn over(input: OwnedFd, output: OwnedFd, env: &Env) -> Result<Arc<Self>, TermError> {
        let original = tcgetattr(&input).map_err(refused("say how it is set"))?;
        let mut enter = Vec::new();
        queue!(
            enter,
            EnterAlternateScreen,
            EnableBracketedPaste,
            DisableLineWrap,
            Hide
        )
        .map_err(refused("be written to"))?;
        let mut leave = STRING_END.to_vec();
        queue!(
            leave,
            EndSynchronizedUpdate,
            SetAttribute(Attribute::Reset),
            EnableLineWrap,
            DisableBracketedPaste
        )
        .map_err(refused("be written to"))?;
        // Quirk "no second screen": the Linux console and vt220 ignore 1049, so what was drawn is cleared as well.
        queue!(
            leave,
            Clear(ClearType::All),
            MoveTo(0, 0),
            LeaveAlternateScreen,
            Show
        )
        .map_err(refused("be written to"))?;
        let cells = |name| {
            env.get(name)
                .and_then(|text| text.parse().ok())
                .filter(|n| *n > 0)
        };
        Ok(Arc::new(Self {
            input,
            output,
            original,
            enter,
            leave,
            fallback_size: Size {
                width: cells("COLUMNS").unwrap_or(80),
                height: cells("LINES").unwrap_or(24),
            },
            entered: AtomicBool::new(false),
            closing: AtomicBool::new(false),
        }))
    }

    /// Takes the terminal: raw mode, the second screen, pastes marked, no line wrap, no cursor. Doing it twice is harmless.
    pub(super) fn enter(&self) -> Result<(), TermError> {
        if self.is_closing() {
            return Ok(());
        }
        let mut raw = self.original.clone();
        raw.make_raw();
        match tcsetattr(&self.input, OptionalActions::Now, &raw) {
            // Gone. The system says so with SIGHUP and SIGCONT together, so this comes right after; the reader reports it.
            Err(Errno::IO | Errno::NXIO) => return Ok(()),
            set => set.map_err(refused("switch to raw mode"))?,
        }
        self.entered.store(true, Ordering::SeqCst);
        self.write_all(&self.enter)
            .map_err(refused("be written to"))
    }

    /// Gives the terminal back as it was found. Doing it twice, or before taking it, does nothing.
    pub fn leave(&self) {
        if !self.entered.swap(false, Ordering::SeqCst) {
            return;
        }
        // First what cannot block; a terminal that takes no bytes must not keep its owner from typing.
        let _ = tcsetattr(&self.input, OptionalActions::Now, &self.original);
        if !self.takes_bytes(STUCK) {
            let _ = tcflush(&self.output, QueueSelector::OFlush);
            if !self.takes_bytes(STUCK) {
                return;
            }
        }
        let _ = self.write_regardless(&self.leave);
    }

    /// Gives the terminal back for good: whatever is written from now on goes nowhere, and keys typed ahead are dropped
    /// so that the shell does not run them.
    pub fn close(&self) {
        self.closing.store(true, Ordering::SeqCst);
        if self.entered.load(Ordering::SeqCst) {
            let _ = tcflush(&self.input, QueueSelector::IFlush);
        }
        self.leave();
    }

    /// Whether [`Self::close`] was called.
    pub fn is_closing(&self) -> bool {
        self.closing.load(Ordering::SeqCst)
    }

    /// The size in cells; of a terminal that says 0 x 0 (a serial line) what `COLUMNS` and `LINES` say, else 80 x 24.
    pub fn size(&self) -> Size {
        let said = tcgetwinsize(&self.output).map(|size| Size {
            width: size.ws_col,
            height: size.ws_row,
        });
        let size = said
            .ok()
            .filter(|size| size.width > 0 && size.height > 0)
            .unwrap_or(self.fallback_size);
        Size {
            width: size.width.min(MAX_SIZE.width),
            height: size.height.min(MAX_SIZE.height),
        }
    }

    /// Where keys are read.
    pub(super) fn input(&self) -> BorrowedFd<'_> {
        self.input.as_fd()
    }

    /// A descriptor for a program that is given the terminal for a while.
    pub(super) fn for_child(&self) -> io::Result<[OwnedFd; 3]> {
        Ok([
            self.input.try_clone()?,
            self.output.try_clone()?,
            self.output.try_clone()?,
        ])
    }

    /// Writes everything, or nothing more once the terminal is being given back.
    pub(super) fn write_all(&self, bytes: &[u8]) -> io::Result<()> {
        self.write_while(bytes, || !self.is_closing())
    }

    fn write_regardless(&self, bytes: &[u8]) -> io::Result<()> {
        let mut tries = 3;
        self.write_while(bytes, || {
            tries -= 1;
            tries > 0
        })
    }

    fn write_while(&self, mut bytes: &[u8], mut may_go_on: impl FnMut() -> bool) -> io::Result<()> {
        while !bytes.is_empty() && may_go_on() {
            match rustix::io::write(&self.output, bytes) {
                Ok(count) => bytes = bytes.get(count..).unwrap_or_default(),
                Err(Errno::INTR) => {}
                // Quirk "someone else's O_NONBLOCK": a program that shares this terminal may have set it for all.
                Err(Errno::AGAIN) => {
                    self.takes_bytes(STUCK);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }

    /// Whether the terminal takes bytes within a time.
    fn takes_bytes(&self, wait: Duration) -> bool {
        let mut fds = [PollFd::new(&self.output, PollFlags::OUT)];
        let timeout = Timespec::try_from(wait).ok();
        poll(&mut fds, timeout.as_ref()).is_ok_and(|ready| ready > 0)
    }
}

/// Ends a sequence that a panic cut short: without it the rest of the screen could become part of a clipboard text.
/// Where none is open, terminals ignore it.
const STRING_END: &[u8] = b"\x1b\\";

/// A descriptor of our own for the same open file.
fn own(fd: impl AsFd) -> Result<OwnedFd, TermError> {
    fcntl_dupfd_cloexec(fd, 3).map_err(refused("be opened a second time"))
}

/// Where keys come from: standard input, or when that is a file (`-f -`) the terminal that the output goes to.
/// It is opened by its own name: macOS cannot poll `/dev/tty`.
fn keyboard() -> Result<OwnedFd, TermError> {
    let stdin = rustix::stdio::stdin();
    if isatty(stdin) {
        return own(stdin);
    }
    let name = ttyname(rustix::stdio::stdout(), Vec::new()).map_err(|_| TermError::NoKeyboard)?;
    let device = OsStr::from_bytes(name.to_bytes());
    OpenOptions::new()
        .read(true)
        .write(true)
        .open(device)
        .map(OwnedFd::from)
        .map_err(|_| TermError::NoKeyboard)
}

/// The terminal as a writer, for frames and for sequences to a clipboard. It buffers nothing.
#[derive(Debug, Clone)]
pub(super) struct TtyWriter(pub(super) Arc<Tty>);

impl io::Write for TtyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.write_all(bytes)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use portable_pty::{MasterPty, PtySize, native_pty_system};
    use rustix::io::ioctl_fionbio;
    use std::io::Read;
    use std::sync::mpsc;
    use std::thread;

    /// A terminal whose other end is held by the test. It is not the controlling terminal of the test, so no signal comes.
    pub(in crate::term) fn pair(rows: u16, cols: u16) -> (Arc<Tty>, Box<dyn MasterPty + Send>) {
        let size = PtySize {
            rows,
            cols,
            pixel_width: 0,
            pixel_height: 0,
        };
        let pair = native_pty_system().openpty(size).unwrap();
        let device = OpenOptions::new()
            .read(true)
            .write(true)
            .open(pair.master.tty_name().unwrap())
            .unwrap();
        let input = OwnedFd::from(device);
        let output = input.try_clone().unwrap();
        (
            Tty::over(input, output, &Env::default()).unwrap(),
            pair.master,
        )
    }

    fn read_until(master: &dyn MasterPty, wanted: &[u8]) -> Vec<u8> {
        let (mut reader, mut all) = (master.try_clone_reader().unwrap(), Vec::new());
        while !all.windows(wanted.len()).any(|window| window == wanted) {
            let mut bytes = [0; 4096];
            let count = reader.read(&mut bytes).unwrap();
            all.extend_from_slice(&bytes[..count]);
        }
        all
    }

    #[test]
    fn the_terminal_is_given_back_as_it_was_found() {
        let (tty, master) = pair(24, 80);
        let found = format!("{:?}", tcgetattr(tty.input()).unwrap());
        tty.enter().unwrap();
        assert_ne!(format!("{:?}", tcgetattr(tty.input()).unwrap()), found);
        tty.enter().unwrap();
        tty.leave();
        tty.leave();
        assert_eq!(format!("{:?}", tcgetattr(tty.input()).unwrap()), found);
        tty.write_all(b"END").unwrap();
        let sent = String::from_utf8(read_until(&*master, b"END")).unwrap();
        assert_eq!(sent.matches("\x1b[?1049h").count(), 2);
        assert_eq!(
            sent.matches("\x1b[?1049l").count(),
            1,
            "given back once: {sent:?}"
        );
        for (on, off) in [("?2004h", "?2004l"), ("?7l", "?7h"), ("?25l", "?25h")] {
            assert!(
                sent.find(on).unwrap() < sent.rfind(off).unwrap(),
                "{on} {off}"
            );
        }
    }

    #[test]
    fn quirk_no_second_screen() {
        let (tty, master) = pair(24, 80);
        tty.enter().unwrap();
        tty.leave();
        let sent = String::from_utf8(read_until(&*master, b"?25h")).unwrap();
        assert!(sent.contains("\x1b[2J\x1b[1;1H\x1b[?1049l"), "{sent:?}");
    }

    #[test]
    fn after_closing_nothing_is_drawn_over_the_shell() {
        let (tty, master) = pair(24, 80);
        tty.enter().unwrap();
        tty.close();
        tty.write_all(b"a late frame").unwrap();
        tty.enter().unwrap();
        let sent = read_until(&*master, b"?25h");
        assert!(!sent.windows(4).any(|window| window == b"late"));
        assert!(tty.is_closing());
    }

    #[test]
    fn keys_typed_ahead_do_not_reach_the_shell() {
        let (tty, master) = pair(24, 80);
        tty.enter().unwrap();
        let mut keys = master.take_writer().unwrap();
        io::Write::write_all(&mut keys, b"rm -rf /tmp/x\r").unwrap();
        let mut fds = [PollFd::new(&tty.input, PollFlags::IN)];
        assert_eq!(poll(&mut fds, None).unwrap(), 1, "the keys have arrived");
        tty.close();
        let at_once = Timespec {
            tv_sec: 0,
            tv_nsec: 0,
        };
        assert_eq!(
            poll(
                &mut [PollFd::new(&tty.input, PollFlags::IN)],
                Some(&at_once)
            )
            .unwrap(),
            0
        );
    }

    #[test]
    fn quirk_someone_elses_o_nonblock() {
        let (tty, master) = pair(24, 80);
        tty.enter().unwrap();
        ioctl_fionbio(&tty.output, true).unwrap();
        let writer = Arc::clone(&tty);
        let frame = vec![b'x'; 300_000];
        let (done, is_done) = mpsc::channel();
        thread::spawn(move || done.send(writer.write_all(&frame).is_ok()).unwrap());
        assert!(
            is_done.recv_timeout(Duration::from_millis(100)).is_err(),
            "the terminal is full"
        );
        let (mut reader, mut got) = (master.try_clone_reader().unwrap(), 0);
        while got < 300_000 {
            let mut bytes = [0; 8192];
            let count = reader.read(&mut bytes).unwrap();
            got += String::from_utf8_lossy(&bytes[..count])
                .matches('x')
                .count();
        }
        assert!(is_done.recv_timeout(Duration::from_secs(5)).unwrap());
    }

    #[test]
    fn a_terminal_that_takes_no_bytes_cannot_hold_up_the_end() {
        let (tty, _master) = pair(24, 80);
        tty.enter().unwrap();
        let writer = Arc::clone(&tty);
        thread::spawn(move || writer.write_all(&vec![b'x'; 300_000]));
        thread::sleep(Duration::from_millis(50));
        let (done, is_done) = mpsc::channel();
        let closer = Arc::clone(&tty);
        thread::spawn(move || {
            closer.close();
            done.send(()).unwrap();
        });
        is_done
            .recv_timeout(Duration::from_millis(700))
            .expect("close must not wait for the terminal");
    }

    #[test]
    fn sizes_that_cannot_be_true() {
        assert_eq!(
            pair(24, 80).0.size(),
            Size {
                width: 80,
                height: 24
            }
        );
        assert_eq!(
            pair(0, 0).0.size(),
            Size {
                width: 80,
                height: 24
            },
            "a serial line does not know"
        );
        assert_eq!(pair(60_000, 60_000).0.size(), MAX_SIZE);
        assert_eq!(
            pair(1, 1).0.size(),
            Size {
                width: 1,
                height: 1
            }
        );
    }
}
