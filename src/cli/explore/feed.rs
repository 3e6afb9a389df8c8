//! Source and engine of the explorer: started together, the source replaced when the context changes.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, SyncSender, channel, sync_channel};

use super::Event;
use crate::cli::exit::Failure;
use crate::cli::globals::Globals;
use crate::cli::sources;
use crate::clock;
use crate::engine::worker::{self, Asker, Latest, Output};
use crate::model::{Batch, Delta};
use crate::source::{Handle, live};

/// The running source and the way to the engine.
pub struct Feed {
    /// Where questions go.
    pub asker: Asker,
    /// The source.
    pub source: Arc<Handle>,
    globals: Globals,
    engine: SyncSender<Batch>,
    events: Sender<Event>,
    /// Number of the current source: what an older one still sends is dropped.
    current: Arc<AtomicU64>,
}

impl Feed {
    /// Starts engine and source.
    pub fn start(
        globals: &Globals,
        latest: &Latest,
        events: &Sender<Event>,
    ) -> Result<Feed, Failure> {
        let (engine, batches) = sync_channel(sources::DEPTH);
        let (slot, out) = (latest.clone(), events.clone());
        let (asker, _thread) = worker::start(batches, engine.clone(), clock::now, move |output| {
            let event = match output {
                Output::Snapshot(snapshot) => slot.put(snapshot).then_some(Event::Snapshot),
                Output::Answer(number, generation, answer) => {
                    Some(Event::Answer(number, generation, answer))
                }
            };
            // Nobody listens any more when the program ends.
            if let Some(event) = event {
                drop(out.send(event));
            }
        })
        .map_err(|error| Failure::connect(format!("cannot start a thread: {error}")))?;
        let current = Arc::new(AtomicU64::new(0));
        let source = source(globals, &engine, &current, events)?;
        let (globals, events) = (globals.clone(), events.clone());
        Ok(Feed {
            asker,
            source: Arc::new(source),
            globals,
            engine,
            events,
            current,
        })
    }

    /// Looks at another context of the kubeconfig. On an error the old one stays.
    pub fn switch(&mut self, context: &str) -> Result<(), String> {
        let mut globals = Globals {
            demo: false,
            files: Vec::new(),
            namespaces: Vec::new(),
            ..self.globals.clone()
        };
        let kept = live::Options {
            context: Some(context.to_owned()),
            namespaces: Vec::new(),
            ..globals.connection
        };
        globals.connection = live::Options {
            server: None,
            token: None,
            cluster: None,
            user: None,
            ..kept
        };
        let source =
            source(&globals, &self.engine, &self.current, &self.events).map_err(|f| f.message)?;
        self.source.stop();
        self.source = Arc::new(source);
        self.globals = globals;
        Ok(())
    }

    /// Tells later whether the source of now is still the one that is looked at: what an older one answers is about
    /// another cluster.
    pub fn still(&self) -> impl Fn() -> bool + Send + 'static {
        let current = self.current.clone();
        let number = current.load(Ordering::SeqCst);
        move || current.load(Ordering::SeqCst) == number
    }

    /// The connection's options.
    pub fn options(&self) -> &live::Options {
        &self.globals.connection
    }

    /// Objects come from an API server.
    pub fn is_live(&self) -> bool {
        !self.globals.demo && self.globals.files.is_empty()
    }
}

/// Starts a source behind a gate that lets only the newest one's batches through.
fn source(
    globals: &Globals,
    engine: &SyncSender<Batch>,
    current: &Arc<AtomicU64>,
    events: &Sender<Event>,
) -> Result<Handle, Failure> {
    let (out, batches) = sync_channel::<Batch>(sources::DEPTH);
    let mut globals = globals.clone();
    let asks = events.clone();
    globals.connection.ask = Some(Arc::new(move |asking| {
        let (reply, answer) = channel();
        asks.send(Event::Asking(asking, reply)).is_ok() && answer.recv().unwrap_or(false)
    }));
    let handle = sources::start(&globals, out)?;
    let number = current.fetch_add(1, Ordering::SeqCst) + 1;
    let (engine, current) = (engine.clone(), current.clone());
    let gate = move || {
        let mut first = number > 1;
        while let Ok(mut batch) = batches.recv() {
            if current.load(Ordering::SeqCst) != number {
                return;
            }
            if std::mem::take(&mut first) {
                batch.insert(0, Delta::Reset);
            }
            if engine.send(batch).is_err() {
                return;
            }
        }
    };
    let thread = std::thread::Builder::new()
        .name("gate".to_owned())
        .spawn(gate);
    thread.map_err(|error| Failure::connect(format!("cannot start a thread: {error}")))?;
    Ok(handle)
}
