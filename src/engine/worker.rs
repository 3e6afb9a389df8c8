//! The engine's thread: takes batches and questions, publishes snapshots at most thirty times a second.
//!
//! Time comes from the caller's clock. Batches arrive on a bounded channel, so a slow engine slows its source down, never
//! the other way round.

use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, SyncSender, TryRecvError, channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

use jiff::Timestamp;

use super::query::{Answer, Query};
use super::snapshot::Snapshot;
use super::state::{Engine, Thought};
use crate::model::Batch;

/// Between two publications.
const PERIOD: Duration = Duration::from_millis(33);

/// The same while lists come in: what grows need not be judged anew thirty times a second.
const LOADING: Duration = Duration::from_millis(200);

/// Batches applied before the next publication at most.
const DRAIN: usize = 256;

/// What the engine sends to whoever looks.
#[derive(Debug)]
pub enum Output {
    /// The latest snapshot.
    Snapshot(Arc<Snapshot>),
    /// The answer to the question of this number, and the generation it is true of.
    Answer(u64, u64, Answer),
}

/// Where to put questions.
#[derive(Clone, Debug)]
pub struct Asker {
    questions: Sender<(u64, Query)>,
    wake: SyncSender<Batch>,
}

impl Asker {
    /// Asks; the answer carries the same number.
    pub fn ask(&self, number: u64, query: Query) {
        // Either end may be gone when the program ends: then nobody waits for an answer.
        drop(self.questions.send((number, query)));
        drop(self.wake.try_send(Batch::new()));
    }
}

/// Starts the thread. It ends when all senders of batches are gone.
pub fn start(
    batches: Receiver<Batch>,
    wake: SyncSender<Batch>,
    now: impl Fn() -> Timestamp + Send + 'static,
    out: impl Fn(Output) + Send + 'static,
) -> std::io::Result<(Asker, JoinHandle<()>)> {
    let (questions, asked) = channel();
    let thread = std::thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || {
            run(&batches, &asked, &now, &out);
        })?;
    Ok((Asker { questions, wake }, thread))
}

fn run(
    batches: &Receiver<Batch>,
    asked: &Receiver<(u64, Query)>,
    now: &dyn Fn() -> Timestamp,
    out: &dyn Fn(Output),
) {
    let mut engine = Engine::default();
    let mut dirty = true;
    let mut thinking = true;
    let mut published = Timestamp::UNIX_EPOCH;
    let mut small = false;
    let mut ways_next = Timestamp::UNIX_EPOCH;
    let mut loads = true;
    loop {
        let late = engine.has_late_ways() && !engine.is_loading();
        let wait = match (dirty, late, thinking) {
            (true, ..) => remaining(&engine, published, now()),
            (false, true, _) => until(ways_next, now()),
            (false, false, true) => Duration::ZERO,
            (false, false, false) => Duration::from_secs(3600),
        };
        match batches.recv_timeout(wait) {
            Ok(batch) => {
                dirty |= engine.absorb(batch);
                for _ in 0..DRAIN {
                    match batches.try_recv() {
                        Ok(batch) => dirty |= engine.absorb(batch),
                        Err(TryRecvError::Empty | TryRecvError::Disconnected) => break,
                    }
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => {
                engine.settle(now());
                out(Output::Snapshot(engine.publish()));
                return;
            }
        }
        while let Ok((number, query)) = asked.try_recv() {
            let start = now();
            // What was late is judged for the answer, and the screen is to show it too.
            dirty |= engine.has_late_ways();
            engine.settle(start);
            let answer = engine.ask(&query);
            tracing::debug!(number, took = %took(start, now()), "answered");
            out(Output::Answer(number, engine.generation(), answer));
        }
        // All but pods and their owners is there: nobody waits for the end of a period to see that.
        let due = !std::mem::replace(&mut small, engine.has_small_kinds()) && small;
        if dirty && (due || remaining(&engine, published, now()).is_zero()) {
            let start = now();
            let loading = engine.is_loading();
            // The first look at everything tells everything; nobody should see it change a moment later.
            if std::mem::replace(&mut loads, loading) && !loading {
                engine.settle(start);
            } else {
                engine.settle_near(start);
            }
            out(Output::Snapshot(engine.publish()));
            published = now();
            tracing::debug!(generation = engine.generation(), took = %took(start, published), "published");
            dirty = false;
            thinking = true;
        } else if late && until(ways_next, now()).is_zero() {
            let start = now();
            engine.settle_near(start);
            engine.settle_ways(start);
            let end = now();
            // However busy the cluster is, the graph of ways takes a tenth of the time at most.
            ways_next = end + end.duration_since(start) * 9;
            tracing::debug!(took = %took(start, end), "judged the ways");
            dirty = true;
        } else if !dirty && !late && thinking {
            // One step at a time: a question or an event never waits for more than that.
            let start = now();
            let thought = engine.think();
            tracing::debug!(took = %took(start, now()), "weighed a change");
            dirty = thought == Thought::News;
            thinking = thought == Thought::More;
        }
    }
}

/// For the log: a time in milliseconds.
fn took(from: Timestamp, to: Timestamp) -> String {
    format!("{:.1}ms", to.duration_since(from).as_secs_f64() * 1e3)
}

/// What is left until a moment.
fn until(then: Timestamp, now: Timestamp) -> Duration {
    Duration::try_from(then.duration_since(now)).unwrap_or(Duration::ZERO)
}

/// What is left of the period since the last publication.
fn remaining(engine: &Engine, published: Timestamp, now: Timestamp) -> Duration {
    let period = if engine.is_loading() { LOADING } else { PERIOD };
    let passed = Duration::try_from(now.duration_since(published)).unwrap_or(period);
    period.saturating_sub(passed)
}

/// A slot that keeps the latest snapshot only: a slow screen never queues old ones.
#[derive(Clone, Debug, Default)]
pub struct Latest(Arc<Mutex<Option<Arc<Snapshot>>>>);

impl Latest {
    /// Puts a snapshot; true when the slot was empty and the reader should be woken.
    pub fn put(&self, snapshot: Arc<Snapshot>) -> bool {
        match self.0.lock() {
            Ok(mut slot) => slot.replace(snapshot).is_none(),
            Err(_) => false,
        }
    }

    /// Takes the latest.
    pub fn take(&self) -> Option<Arc<Snapshot>> {
        self.0.lock().ok().and_then(|mut slot| slot.take())
    }
}
