//! The terminal as the rest of the program has it: one value that draws, gives the terminal away for a while, takes it
//! back, and leaves it as it was found when it goes.

use super::ending::armed;
use super::env::Env;
use super::error::{TermError, refused};
use super::event::Sink;
use super::external::Tool;
use super::frame::Screen;
use super::input::Reader;
use super::painter::Drawn;
use super::panic::install_panic_hook;
use super::signals::SignalWatch;
use super::suspend::{self, Suspended};
use super::tty::{Tty, TtyWriter};
use crate::theme::ColourLevel;
use ratatui::Frame;
use ratatui::layout::Size;
use std::io;
use std::path::{Path, PathBuf};
use std::process::ExitStatus;
use std::sync::Arc;
use std::time::Instant;

/// An open terminal.
pub struct Terminal {
    tty: Arc<Tty>,
    screen: Screen<TtyWriter>,
    reader: Reader,
    signals: SignalWatch,
}

impl Terminal {
    /// Opens the terminal and takes it: from now on `sink` is told what happens, and a bug anywhere in the program gives
    /// the terminal back before it ends the process. `reports` is where the report of such a bug goes.
    pub fn open(
        env: &Env,
        level: ColourLevel,
        reports: Option<PathBuf>,
        clock: fn() -> Instant,
        sink: Sink,
    ) -> Result<Self, TermError> {
        let tty = Tty::open(env)?;
        let sized = Arc::clone(&tty);
        let screen = Screen::new(
            TtyWriter(Arc::clone(&tty)),
            level,
            move || sized.size(),
            clock,
        )
        .map_err(refused("say how large it is"))?;
        install_panic_hook(Some(Arc::clone(&tty)), reports);
        let sink = armed(&tty, sink);
        // Signals first: whatever comes after is undone by them.
        let signals = SignalWatch::start(Arc::clone(&sink))?;
        let reader = tty
            .enter()
            .and_then(|()| Reader::start(Arc::clone(&tty), sink));
        if reader.is_err() {
            tty.leave();
        }
        Ok(Self {
            tty,
            screen,
            reader: reader?,
            signals,
        })
    }

    /// Draws a frame; nothing is written when it looks like the last one.
    pub fn draw(&mut self, paint: impl FnOnce(&mut Frame<'_>)) -> io::Result<Drawn> {
        self.screen.draw(paint)
    }

    /// Writes the next frame whole.
    pub fn repaint(&mut self) {
        self.screen.repaint();
    }

    /// The size that the next frame will have.
    pub fn size(&self) -> Size {
        self.screen.size()
    }

    /// Draws with another number of colours from now on.
    pub fn set_level(&mut self, level: ColourLevel) {
        self.screen.set_level(level);
    }

    /// The writer of the frames, for a sequence to a clipboard between two of them.
    pub fn writer(&mut self) -> &mut dyn io::Write {
        self.screen.writer()
    }

    /// Stops the program as Ctrl-Z does and comes back when it is continued.
    pub fn suspend(&mut self) -> Result<Suspended, TermError> {
        if !suspend::has_shell() {
            return Ok(Suspended::NoShell);
        }
        self.reader.pause();
        self.tty.leave();
        let became = suspend::stop(&self.signals);
        self.take_back()?;
        Ok(became)
    }

    /// Takes the terminal again after [`super::TermEvent::Resumed`].
    pub fn resumed(&mut self) -> Result<(), TermError> {
        self.tty.enter()?;
        self.repaint();
        Ok(())
    }

    /// Gives the terminal to something else while `act` runs: keys are not read, Ctrl-C is not ours. Events of the cluster
    /// go on being taken by their own threads.
    pub fn outside<T>(&mut self, act: impl FnOnce(&Tty) -> T) -> Result<T, TermError> {
        self.reader.pause();
        self.tty.leave();
        self.signals.child_has_it();
        let result = act(&self.tty);
        self.take_back()?;
        Ok(result)
    }

    /// Runs the person's editor or pager on a file and waits for it.
    pub fn run(&mut self, tool: &Tool, file: &Path) -> Result<ExitStatus, TermError> {
        Ok(self.outside(|tty| tool.run(file, tty))??)
    }

    /// Gives the terminal back for good, as dropping it does.
    pub fn close(&mut self) {
        self.reader.stop();
        self.tty.close();
    }

    fn take_back(&mut self) -> Result<(), TermError> {
        self.signals.we_have_it();
        let entered = self.tty.enter();
        self.reader.resume();
        self.repaint();
        entered
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.close();
    }
}
