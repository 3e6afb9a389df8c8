//! The explorer's event loop: owns the terminal, the engine's thread and the source, and knows nothing of what is shown.
//!
//! Waits for anything, takes all that is waiting, lets [`App::update`] turn it into state and wishes, runs the wishes,
//! draws once. Snapshots go through a slot that keeps the latest only: a slow terminal never queues old ones.

mod effects;
mod feed;
mod prove;
mod reload;
mod setup;

use std::sync::Arc;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender};
use std::time::Duration;

use super::exit::{Exit, Failure};
use super::globals::Globals;
use crate::clock;
use crate::engine::Answer;
use crate::engine::worker::Latest;
use crate::source::live::Asking;
use crate::term::{Ending, Key, Pacer, TermEvent, Terminal, Why, is_gone};
use crate::ui::{App, Effects, Msg};
use effects::World;
use setup::Setup;

/// Anything that wakes the loop.
pub(super) enum Event {
    /// From the terminal and from signals.
    Term(TermEvent),
    /// The slot holds a newer snapshot.
    Snapshot,
    /// The engine answers.
    Answer(u64, u64, Answer),
    /// A message that somebody made in a thread of its own.
    Msg(Box<Msg>),
    /// The source asks the person, and waits.
    Asking(Asking, Sender<bool>),
}

/// Runs the explorer until the person leaves it.
pub fn run(globals: &Globals) -> Result<Exit, Failure> {
    let setup = Setup::read(globals)?;
    let (events, inbox) = std::sync::mpsc::channel();
    let latest = Latest::default();
    let feed = feed::Feed::start(globals, &latest, &events)?;
    let sink = events.clone();
    let mut terminal = Terminal::open(
        &setup.env,
        setup.level,
        Some(setup.dirs.state.join("reports")),
        clock::instant,
        Arc::new(move |event| drop(sink.send(Event::Term(event)))),
    )
    .map_err(|error| Failure::usage(error.to_string()))?;
    reload::start(&setup, events.clone());
    let app = App::new(setup.app());
    let world = World {
        setup,
        feed,
        events,
        recalled: None,
    };
    let ended = Loop {
        app,
        world,
        inbox,
        latest,
        pacer: Pacer::default(),
        interrupts: false,
    }
    .go(&mut terminal);
    drop(terminal);
    match ended {
        Ended::Left => Ok(Exit::Fine),
        Ended::Signal(code) => {
            // The terminal is given back; the status is what shells expect of this signal.
            std::process::exit(code)
        }
        Ended::Broken(why) => Err(Failure::usage(format!("the terminal failed: {why}"))),
    }
}

/// How the loop ends.
enum Ended {
    Left,
    Signal(i32),
    Broken(String),
}

struct Loop {
    app: App,
    world: World,
    inbox: Receiver<Event>,
    latest: Latest,
    pacer: Pacer,
    /// The key that was taken last is the one that interrupts.
    interrupts: bool,
}

impl Loop {
    fn go(mut self, terminal: &mut Terminal) -> Ended {
        let size = terminal.size();
        let first = self.app.update(Msg::Resize(size.width, size.height));
        if let Some(ended) = self.settle(first, terminal) {
            return ended;
        }
        self.pacer.mark(Why::Input);
        loop {
            if self.pacer.is_due(clock::instant()) {
                match terminal.draw(|frame| self.app.draw(frame)) {
                    Ok(drawn) => {
                        tracing::debug!(flush = ?drawn.flush, "frame");
                        self.pacer.drawn(clock::instant(), drawn.flush);
                    }
                    Err(error) if is_gone(&error) => {
                        return Ended::Signal(Ending::HangUp.exit_code());
                    }
                    Err(error) => return Ended::Broken(error.to_string()),
                }
            }
            let first = match self.inbox.recv_timeout(self.wait()) {
                Ok(event) => Some(event),
                Err(RecvTimeoutError::Timeout) => None,
                Err(RecvTimeoutError::Disconnected) => return Ended::Left,
            };
            let tick = self.app.update(Msg::Tick(clock::now()));
            if let Some(ended) = self.settle(tick, terminal) {
                return ended;
            }
            let mut next = first;
            while let Some(event) = next {
                if let Some(ended) = self.take(event, terminal) {
                    return ended;
                }
                next = self.inbox.try_recv().ok();
            }
        }
    }

    /// Until the next frame is due, or time alone changes the screen.
    fn wait(&self) -> Duration {
        let wake = self.app.wake().duration_since(clock::now());
        let wake = Duration::try_from(wake)
            .unwrap_or(Duration::ZERO)
            .max(Duration::from_millis(20));
        self.pacer
            .wait(clock::instant())
            .map_or(wake, |frame| frame.min(wake))
    }

    fn take(&mut self, event: Event, terminal: &mut Terminal) -> Option<Ended> {
        let msg = match event {
            Event::Term(TermEvent::Key(key)) => {
                // In raw mode it is a key like any other; the status is what a script expects of it all the same.
                self.interrupts = key == Key::ctrl('c');
                Msg::Key(key)
            }
            Event::Term(TermEvent::Paste(text)) => Msg::Paste(text),
            Event::Term(TermEvent::Resize) => {
                let size = terminal.size();
                self.pacer.mark(Why::Input);
                Msg::Resize(size.width, size.height)
            }
            Event::Term(TermEvent::HangUp) => return Some(Ended::Signal(129)),
            Event::Term(TermEvent::Terminate(ending)) => {
                return Some(Ended::Signal(ending.exit_code()));
            }
            Event::Term(TermEvent::Resumed) => {
                Msg::Returned(terminal.resumed().map_err(|e| e.to_string()))
            }
            Event::Snapshot => {
                let snapshot = self.latest.take()?;
                let recalled = self.world.recall(&snapshot);
                let effects = self.app.update(Msg::Snapshot(snapshot));
                if let Some(ended) = self.settle(effects, terminal) {
                    return Some(ended);
                }
                Msg::Recalled(recalled?)
            }
            Event::Answer(number, generation, answer) => Msg::Answer {
                number,
                generation,
                answer,
            },
            Event::Msg(msg) => *msg,
            Event::Asking(asking, reply) => Msg::Returned(effects::ask(asking, &reply, terminal)),
        };
        let effects = self.app.update(msg);
        self.settle(effects, terminal)
    }

    /// Runs wishes and feeds what comes of them back, until nothing is left to do.
    fn settle(&mut self, effects: Effects, terminal: &mut Terminal) -> Option<Ended> {
        let mut todo = vec![effects];
        while let Some(effects) = todo.pop() {
            if let Some(why) = effects.why {
                self.pacer.mark(why);
            }
            for effect in effects.all {
                match self.world.perform(effect, terminal) {
                    effects::Done::Nothing => {}
                    effects::Done::Quit if self.interrupts => {
                        return Some(Ended::Signal(Ending::Interrupt.exit_code()));
                    }
                    effects::Done::Quit => return Some(Ended::Left),
                    effects::Done::Tell(msgs) => {
                        todo.extend(msgs.into_iter().map(|msg| self.app.update(msg)))
                    }
                }
            }
        }
        None
    }
}
