//! One look: everything that can be seen within a time, as an engine to ask.

use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::time::Duration;

use super::exit::{Exit, Failure};
use super::globals::Globals;
use super::{output, sources};
use crate::clock::{self, Stopwatch};
use crate::engine::Engine;
use crate::model::sight::State;
use crate::model::{Batch, Delta, Kind, Reason};
use crate::source::live;

/// Nothing more for so long: everything that was asked for has come.
const QUIET: Duration = Duration::from_millis(150);

/// A busy cluster never falls quiet: then this long.
const LATE: Duration = Duration::from_secs(1);

/// Looks once, and judges. What has not come within `timeout` is not visible, never empty.
pub fn look(globals: &Globals, timeout: Duration) -> Result<Engine, Failure> {
    let mut engine = facts(globals, timeout)?;
    // judged once, when all is there
    engine.settle(clock::now());
    Ok(engine)
}

/// The same without any verdict, for questions about the facts alone.
pub fn facts(globals: &Globals, timeout: Duration) -> Result<Engine, Failure> {
    let watch = Stopwatch::start();
    let mut engine = Engine::default();
    if let Some(batch) = sources::at_once(globals)? {
        engine.absorb(batch);
        return Ok(engine);
    }
    let (out, batches) = sync_channel::<Batch>(sources::DEPTH);
    let options = live::Options {
        wait: true,
        ..globals.connection.clone()
    };
    let handle = live::start(options, out).map_err(sources::connect)?;
    while engine.is_loading() {
        match batches.recv_timeout(timeout.saturating_sub(watch.elapsed())) {
            Ok(batch) => drop(engine.absorb(batch)),
            Err(RecvTimeoutError::Timeout) => break,
            Err(RecvTimeoutError::Disconnected) => {
                return Err(Failure {
                    exit: Exit::Connect,
                    message: "the connection ended".to_owned(),
                });
            }
        }
    }
    // What came too late to be waited for (one namespace looked up by name) but is on its way.
    let late = Stopwatch::start();
    while late.elapsed() < LATE {
        match batches.recv_timeout(QUIET) {
            Ok(batch) => drop(engine.absorb(batch)),
            Err(_) => break,
        }
    }
    handle.stop();
    let late = give_up(&engine);
    if !late.is_empty() {
        output::note(&format!(
            "{} kinds had not come after {} s and count as not visible",
            late.len(),
            timeout.as_secs()
        ));
        engine.absorb(late);
    }
    output::note(&format!("read in {} ms", watch.elapsed().as_millis()));
    Ok(engine)
}

/// What turns "still loading" into "not visible".
fn give_up(engine: &Engine) -> Batch {
    let sight = engine.world().sight();
    let loading = |state: &State| *state == State::Blind(Reason::Loading);
    let unreachable = || State::Blind(Reason::Unreachable);
    let mut batch = Batch::new();
    for kind in Kind::all() {
        if loading(sight.state(kind, None)) {
            batch.push(Delta::State {
                kind,
                namespace: None,
                state: unreachable(),
            });
        }
        for (namespace, _) in sight.narrow(kind).filter(|(_, s)| loading(s)) {
            batch.push(Delta::State {
                kind,
                namespace: Some(namespace.clone()),
                state: unreachable(),
            });
        }
    }
    batch
}
