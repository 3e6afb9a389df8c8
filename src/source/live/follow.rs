//! Follows one kind in one place for as long as it is polled: list, then watch, and whatever goes wrong in between.
//!
//! What is shown is never cleared because something failed: objects go when a complete list does not have them, or
//! when the server says so. What could not be listed is not visible, never empty.

use std::time::Duration;

use tokio::sync::{oneshot, watch};
use tokio::time::sleep;

use super::api::Api;
use super::doubt::{self, Doubt};
use super::failure::Failure;
use super::link::Up;
use super::pace::{GOOD, POLL, Pace, RARE, watch_seconds};
use super::pages::{self, Shelf};
use super::sink::Sink;
use super::stream::{Event, News, Watch};
use super::target::Target;
use crate::clock;
use crate::model::sight::State;
use crate::model::{Delta, Object, ObjectKey, Reason};

/// How the first list ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Settled {
    /// It is complete.
    Listed,
    /// It is denied.
    Denied,
    /// It failed in another way and is tried again.
    Failed,
}

/// One kind in one place.
pub(super) struct Follow {
    target: Target,
    api: Api,
    shelf: Shelf,
    sink: Sink,
    /// Counts the person's wishes to read everything again.
    relist: watch::Receiver<u64>,
    link: watch::Receiver<Up>,
    settled: Option<oneshot::Sender<Settled>>,
    shown: Option<State>,
    /// A complete list has been sent: there is something to keep.
    listed: bool,
    /// Of refused lists, and of refused watches: some logins may list and never watch.
    lists: Doubt,
    watches: Doubt,
    pace: Pace,
    /// Lists that ended because their page token was too old, one after the other.
    expired: u32,
}

/// Why a watch came to its end.
enum End {
    Closed,
    Reopen,
    Relist,
    Failed(Failure),
}

impl Follow {
    pub(super) fn new(
        target: Target,
        api: &Api,
        shelf: &Shelf,
        sink: &Sink,
        relist: watch::Receiver<u64>,
        settled: oneshot::Sender<Settled>,
    ) -> Follow {
        Follow {
            target,
            api: api.clone(),
            shelf: shelf.clone(),
            sink: sink.clone(),
            relist,
            link: api.link().follow(),
            settled: Some(settled),
            shown: None,
            listed: false,
            lists: Doubt::default(),
            watches: Doubt::default(),
            pace: Pace::default(),
            expired: 0,
        }
    }

    /// Runs until it is dropped.
    pub(super) async fn run(mut self) {
        loop {
            self.relist.mark_unchanged();
            match self.list().await {
                Ok(version) => {
                    self.settle(Settled::Listed);
                    self.watch(version).await;
                }
                Err(failure) => {
                    let wait = self.list_failed(failure).await;
                    self.rest(wait).await;
                }
            }
        }
    }

    async fn list(&mut self) -> Result<String, Failure> {
        let mut link = self.link.clone();
        let listed = tokio::select! {
            listed = pages::list(&self.target, &self.api, &self.shelf, &self.sink, self.expired >= 2) => listed?,
            // Asked before the link came back: nobody will answer that any more.
            () = recovered(&mut link) => return Err(Failure::Busy(Some(Duration::ZERO))),
        };
        self.expired = 0;
        let mut deltas = Vec::new();
        for key in &listed.orphans {
            deltas.extend(self.orphan(key).await?);
        }
        deltas.push(Delta::Listed {
            kind: self.target.kind,
            namespace: self.target.namespace.clone(),
            keep: listed.keep,
        });
        self.listed = true;
        self.lists.allowed();
        self.sink.send(deltas).await;
        self.show(State::Live).await;
        Ok(listed.version)
    }

    /// A ReplicaSet without a controller, read whole.
    async fn orphan(&self, key: &ObjectKey) -> Result<Option<Delta>, Failure> {
        pages::whole(&self.target, key, &self.api, &self.shelf).await
    }

    async fn list_failed(&mut self, failure: Failure) -> Duration {
        tracing::info!(kind = self.target.kind.info().plural, namespace = self.target.namespace.as_deref(), why = %failure, "list failed");
        match failure {
            Failure::Forbidden(_) | Failure::NotServed if self.lists.refused() => {
                self.show(State::Stale).await;
                doubt::AGAIN
            }
            Failure::Forbidden(_) => {
                self.show(State::Blind(Reason::Forbidden)).await;
                self.settle(Settled::Denied);
                RARE
            }
            Failure::NotServed => {
                self.absent().await;
                self.settle(Settled::Listed);
                RARE
            }
            Failure::Expired => {
                self.expired += 1;
                self.pace.next()
            }
            Failure::Busy(wait) => {
                self.settle(Settled::Failed);
                wait.unwrap_or_else(|| self.pace.next())
            }
            failure => {
                self.lost(&failure).await;
                self.settle(Settled::Failed);
                self.pace.next()
            }
        }
    }

    /// The server does not know the kind. Of an add-on that means that there are none; of the rest, that we cannot know.
    async fn absent(&mut self) {
        if !self.target.kind.info().optional {
            return self.show(State::Blind(Reason::NotServed)).await;
        }
        let (kind, namespace) = (self.target.kind, self.target.namespace.clone());
        self.sink
            .send(vec![Delta::Listed {
                kind,
                namespace,
                keep: Vec::new(),
            }])
            .await;
        self.show(State::Live).await;
    }

    async fn watch(&mut self, mut version: String) {
        loop {
            let opened = clock::tick();
            let end = self.stream(&mut version).await;
            let good = opened.elapsed() >= GOOD;
            if good {
                self.pace.reset();
            }
            let wait = match end {
                End::Relist => return,
                // The server ends every watch after some minutes; one that it ends at once must not become a loop.
                End::Closed if good => continue,
                End::Reopen => {
                    self.pace.reset();
                    continue;
                }
                End::Closed => self.pace.next(),
                End::Failed(Failure::Expired | Failure::NotServed) => {
                    let wait = self.pace.next();
                    self.rest(wait).await;
                    return;
                }
                End::Failed(Failure::Forbidden(_)) if self.watches.refused() => {
                    self.show(State::Stale).await;
                    doubt::AGAIN
                }
                End::Failed(
                    failure @ (Failure::Forbidden(_) | Failure::Invalid(_) | Failure::Refused(_)),
                ) => {
                    tracing::info!(kind = self.target.kind.info().plural, why = %failure, "listed but not watched");
                    self.show(State::Stale).await;
                    self.rest(POLL).await;
                    return;
                }
                End::Failed(Failure::Busy(wait)) => wait.unwrap_or_else(|| self.pace.next()),
                End::Failed(failure) => {
                    self.lost(&failure).await;
                    self.pace.next()
                }
            };
            if self.rest(wait).await {
                return;
            }
        }
    }

    /// One watch from beginning to end. The version moves on with each event, so that the next watch misses nothing.
    async fn stream(&mut self, version: &mut String) -> End {
        let turn = self.link.borrow_and_update().turn;
        let (target, shelf, api) = (self.target.clone(), self.shelf.clone(), self.api.clone());
        let opened = tokio::select! {
            opened = Watch::open(&target, &api, &shelf, version, watch_seconds()) => opened,
            () = recovered(&mut self.link) => return End::Reopen,
        };
        let mut watch = match opened {
            Ok(watch) => watch,
            Err(failure) => return End::Failed(failure),
        };
        self.api.link().accepted();
        self.watches.allowed();
        self.show(State::Live).await;
        loop {
            tokio::select! {
                news = watch.next() => match news {
                    Ok(Some(news)) => if let Some(failure) = self.pass_on(news, version).await {
                        return End::Failed(failure);
                    },
                    Ok(None) => return End::Closed,
                    Err(failure) => return End::Failed(failure),
                },
                Ok(()) = self.relist.changed() => return End::Relist,
                Ok(()) = self.link.changed() => {
                    let up = self.link.borrow_and_update().clone();
                    if up.turn != turn {
                        return End::Reopen;
                    }
                    self.show(if up.trouble.is_some() { State::Stale } else { State::Live }).await;
                }
            }
        }
    }

    async fn pass_on(&mut self, news: News, version: &mut String) -> Option<Failure> {
        let mut deltas = Vec::with_capacity(news.events.len());
        for event in news.events {
            match event {
                Event::Gone(key) => deltas.push(Delta::Gone(key)),
                Event::Broken(broken) => deltas.push(pages::broken_delta(self.target.kind, broken)),
                Event::Put(object) if pages::is_orphan(&object) => {
                    deltas.extend(self.put_orphan(&object).await)
                }
                Event::Put(object) => deltas.push(Delta::Put(std::sync::Arc::new(object))),
            }
        }
        self.sink.send(deltas).await;
        if let Some(now) = news.version {
            *version = now;
        }
        news.failure
    }

    async fn put_orphan(&self, object: &Object) -> Option<Delta> {
        match self.orphan(object.key()).await {
            Ok(delta) => delta,
            Err(failure) => Some(Delta::Broken {
                key: object.key().clone(),
                why: format!("could not be read whole: {failure}"),
            }),
        }
    }

    /// Nobody answers, or not as they should: what is known stays and is shown with its age, what is not stays unknown.
    async fn lost(&mut self, failure: &Failure) {
        match failure {
            Failure::Unauthorized(why) => self.api.link().refused(why),
            failure if failure.is_connection() => self.api.link().suspect(),
            _ => {}
        }
        let state = if self.listed {
            State::Stale
        } else {
            State::Blind(Reason::Unreachable)
        };
        self.show(state).await;
    }

    async fn show(&mut self, state: State) {
        if self.shown.as_ref() != Some(&state) {
            self.shown = Some(state.clone());
            let (kind, namespace) = (self.target.kind, self.target.namespace.clone());
            self.sink
                .send(vec![Delta::State {
                    kind,
                    namespace,
                    state,
                }])
                .await;
        }
    }

    fn settle(&mut self, how: Settled) {
        if let Some(settled) = self.settled.take() {
            let _ = settled.send(how);
        }
    }

    /// Waits; less when the person asks to read again or the link comes back. True when a list is due.
    async fn rest(&mut self, wait: Duration) -> bool {
        tokio::select! {
            () = sleep(wait) => false,
            () = recovered(&mut self.link) => {
                self.pace.reset();
                false
            }
            Ok(()) = self.relist.changed() => true,
        }
    }
}

/// Ends when the link comes back after it was lost.
async fn recovered(link: &mut watch::Receiver<Up>) {
    let turn = link.borrow_and_update().turn;
    while link.changed().await.is_ok() {
        if link.borrow_and_update().turn != turn {
            return;
        }
    }
    std::future::pending().await
}
