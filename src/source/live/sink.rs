//! From many watches to one bounded channel: deltas that come close together leave as one batch.
//!
//! The first after a quiet time leaves at once; what follows within 33 ms is gathered, at most 1,024 to a batch. A full
//! channel holds back the watches, and through them the server: nothing is dropped.

use std::sync::mpsc::SyncSender;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::time::sleep_until;

use crate::clock;
use crate::model::{Batch, Delta};

/// Largest batch, unless a single page is larger.
const LARGEST: usize = 1024;
/// A frame at 30 a second: gathering longer would be seen, shorter would only cost.
const GATHER: Duration = Duration::from_millis(33);

/// Where watches put their deltas.
#[derive(Clone, Debug)]
pub(super) struct Sink {
    pieces: mpsc::Sender<Vec<Delta>>,
}

impl Sink {
    /// A sink, and the work of forwarding: it ends when the receiver of `out` is gone, or every sink.
    pub(super) fn new(out: SyncSender<Batch>) -> (Sink, impl Future<Output = ()> + Send) {
        let (pieces, received) = mpsc::channel(8);
        (Sink { pieces }, forward(received, out))
    }

    /// Sends deltas on. When nobody listens any more they are dropped: the source is about to end.
    pub(super) async fn send(&self, deltas: Vec<Delta>) {
        if !deltas.is_empty() {
            let _ = self.pieces.send(deltas).await;
        }
    }
}

async fn forward(mut received: mpsc::Receiver<Vec<Delta>>, out: SyncSender<Batch>) {
    while let Some(mut batch) = received.recv().await {
        let started = clock::tick();
        while batch.len() < LARGEST {
            let Ok(more) = received.try_recv() else { break };
            batch.extend(more);
        }
        let full = batch.len() >= LARGEST;
        let sender = out.clone();
        // The channel blocks when the engine is busy: that must not hold up a worker of the runtime.
        let sent = tokio::task::spawn_blocking(move || sender.send(batch).is_ok()).await;
        if !matches!(sent, Ok(true)) {
            return;
        }
        if !full {
            sleep_until(started + GATHER).await;
        }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "tests")]
    use super::*;

    fn note(n: usize) -> Vec<Delta> {
        vec![Delta::Note(n.to_string())]
    }

    #[tokio::test]
    async fn a_burst_leaves_in_few_batches_and_in_order() {
        let (out, batches) = std::sync::mpsc::sync_channel(4);
        let (sink, work) = Sink::new(out);
        let work = tokio::spawn(work);
        let reader = std::thread::spawn(move || batches.iter().collect::<Vec<Batch>>());
        for n in 0..3000 {
            sink.send(note(n)).await;
        }
        drop(sink);
        work.await.unwrap();
        let batches = reader.join().unwrap();
        let said: Vec<String> = batches.iter().flatten().map(|d| format!("{d:?}")).collect();
        assert_eq!(
            said,
            (0..3000)
                .map(|n| format!("Note(\"{n}\")"))
                .collect::<Vec<_>>()
        );
        assert!(
            batches.len() < 1000 && batches.iter().all(|b| b.len() <= LARGEST),
            "{}",
            batches.len()
        );
    }

    #[tokio::test]
    async fn it_ends_when_nobody_listens() {
        let (out, batches) = std::sync::mpsc::sync_channel(4);
        let (sink, work) = Sink::new(out);
        let work = tokio::spawn(work);
        drop(batches);
        sink.send(note(1)).await;
        work.await.unwrap();
        sink.send(note(2)).await;
    }
}
