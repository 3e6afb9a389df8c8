//! The terminal itself: its descriptors, raw mode, the sequences that take it and give it back, and the one way bytes
//! get to it.
//!
//! Everything works on descriptors of our own, duplicated when the terminal is opened: giving the terminal back must work
//! from a panic hook while another thread holds the lock of standard output. Nothing here takes a lock.

use super::env::Env;
use super::error::{TermError, refused};
use super::noise::Noise;
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
};
use std::fs::OpenOptions;
use std::io;
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
    noise: Option<Noise>,
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
        let noise = Noise::found().map_err(refused("share standard error"))?;
        Self::over(keyboard()?, own(rustix::stdio::stdout())?, noise, env)
    }

    /// A terminal given by its descriptors.
    fn over(
        input: OwnedFd,
        output: OwnedFd,
        noise: Option<Noise>,
        env: &Env,
    ) -> Result<Arc<Self>, TermError> {
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
            noise,
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
        if let Some(noise) = &self.noise {
            noise.silence();
        }
        self.write_all(&self.enter)
            .map_err(refused("be written to"))
    }

    /// Gives the terminal back as it was found. Doing it twice, or before taking it, does nothing.
    pub fn leave(&self) {
        if !self.entered.swap(false, Ordering::SeqCst) {
            return;
        }
        if let Some(noise) = &self.noise {
            noise.let_through();
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

/// Whether a write failed because the terminal is gone. The reader says so as well, but may come second.
pub fn is_gone(error: &io::Error) -> bool {
    matches!(
        Errno::from_io_error(error),
        Some(Errno::IO | Errno::NXIO | Errno::PIPE)
    )
}

/// Ends a sequence that a panic cut short: without it the rest of the screen could become part of a clipboard text.
/// Where none is open, terminals ignore it.
const STRING_END: &[u8] = b"\x1b\\";

/// A descriptor of our own for the same open file.
fn own(fd: impl AsFd) -> Result<OwnedFd, TermError> {
    fcntl_dupfd_cloexec(fd, 3).map_err(refused("be opened a second time"))
}

/// Where keys come from: standard input, or when that is a file (`-f -`) the terminal that the output goes to. A terminal
/// is open for both ways as a rule; `/dev/tty` comes last because macOS cannot poll it.
fn keyboard() -> Result<OwnedFd, TermError> {
    let stdin = rustix::stdio::stdin();
    if isatty(stdin) {
        return own(stdin);
    }
    let output = own(rustix::stdio::stdout())?;
    // Reading nothing fails on a descriptor that is open for writing alone, and takes nothing from one that is not.
    if rustix::io::read(&output, &mut [0; 0]).is_ok() {
        return Ok(output);
    }
    OpenOptions::new()
        .read(true)
        .write(true)
        .open("/dev/tty")
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
pub(super) mod tests;
