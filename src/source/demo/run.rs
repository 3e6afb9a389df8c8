//! Plays the demo: first look, then step after step.

use std::sync::mpsc::{Receiver, RecvTimeoutError, SyncSender};
use std::time::Duration;

use super::cluster::Ident;
use super::play::Play;
use super::timeline::{Step, Timeline};
use crate::model::{Batch, Object};
use crate::source::{Command, Handle};

/// Between two pods of a rollout at least.
const SHORTEST: Duration = Duration::from_millis(50);

/// Starts the demo. `stock` are the objects that every cluster of this version has.
pub fn start(stock: Vec<Object>, out: SyncSender<Batch>) -> std::io::Result<Handle> {
    let (handle, commands) = Handle::channel();
    std::thread::Builder::new()
        .name("demo".to_owned())
        .spawn(move || {
            let mut play = Play::new(stock);
            if out.send(play.opening()).is_err() {
                return;
            }
            let Some(timeline) = Timeline::read() else {
                return;
            };
            while perform(&mut play, &timeline, &commands, &out) {}
        })?;
    Ok(handle)
}

/// The demo's first moment as one batch: for `--demo` without a screen.
pub fn first_look(stock: Vec<Object>) -> Batch {
    Play::new(stock).opening()
}

/// The timeline without its pauses: of each step what it brings, each pod that it replaces included. What is sent while
/// somebody watches is the same.
pub fn steps(stock: Vec<Object>) -> Vec<Batch> {
    let mut play = Play::new(stock);
    play.opening();
    let timeline = Timeline::read();
    let steps = timeline.iter().flat_map(|timeline| &timeline.steps);
    steps
        .map(|step| {
            let (mut batch, rolling) = play.happen(step);
            for id in rolling {
                while play.old_pods(&id) > 0 {
                    batch.extend(play.roll(&id));
                }
            }
            batch
        })
        .collect()
}

/// Plays the timeline once; false when it must end.
fn perform(
    play: &mut Play,
    timeline: &Timeline,
    commands: &Receiver<Command>,
    out: &SyncSender<Batch>,
) -> bool {
    for step in &timeline.steps {
        if !pause(step.after, commands) || !act(play, step, commands, out) {
            return false;
        }
    }
    pause(timeline.again, commands)
}

/// Waits; false when told to stop.
fn pause(time: Duration, commands: &Receiver<Command>) -> bool {
    let watch = crate::clock::Stopwatch::start();
    loop {
        match commands.recv_timeout(time.saturating_sub(watch.elapsed())) {
            Ok(Command::Stop) | Err(RecvTimeoutError::Disconnected) => return false,
            Ok(_) => {}
            Err(RecvTimeoutError::Timeout) => return true,
        }
    }
}

fn act(
    play: &mut Play,
    step: &Step,
    commands: &Receiver<Command>,
    out: &SyncSender<Batch>,
) -> bool {
    let (batch, rolling) = play.happen(step);
    out.send(batch).is_ok()
        && rolling
            .iter()
            .all(|id| roll(play, id, step.rollout, commands, out))
}

/// Replaces the old pods of a Deployment one by one, unless it is paused.
fn roll(
    play: &mut Play,
    id: &Ident,
    over: Duration,
    commands: &Receiver<Command>,
    out: &SyncSender<Batch>,
) -> bool {
    let count = play.old_pods(id);
    let each = (over / u32::try_from(count.max(1)).unwrap_or(1)).max(SHORTEST);
    (0..count).all(|_| pause(each, commands) && out.send(play.roll(id)).is_ok())
}
