//! One connection from beginning to end: who and where we are, what is served, what we may see, then a watch for each
//! kind in each place. Small kinds come first: all but pods and their owners is on screen while pods still stream in.

mod header;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use tokio::sync::{OnceCell, Semaphore, oneshot, watch};
use tokio::task::JoinSet;
use tokio::time::{sleep, timeout};

use super::access::{self, May};
use super::api::Api;
use super::discovery::{self, Served};
use super::doubt::{self, Newcomer};
use super::follow::{Follow, Settled};
use super::pace::RARE;
use super::pages::Shelf;
use super::places::{self, Place, Wanted};
use super::sink::Sink;
use super::target::Target;
use super::{ConnectError, lone_namespace};
use crate::model::sight::State;
use crate::model::{ClusterInfo, Delta, Kind, Reason, Str};

/// Reviews under way at once.
const ABREAST: usize = 8;
/// How long big kinds wait for the small ones.
const SMALL_FIRST: Duration = Duration::from_secs(5);
/// How often texts that nothing holds any more are forgotten.
const SWEEP: Duration = Duration::from_secs(300);

/// What all parts of a connection share.
#[derive(Clone)]
pub(super) struct Session {
    pub(super) api: Api,
    pub(super) shelf: Shelf,
    pub(super) sink: Sink,
    pub(super) relist: watch::Sender<u64>,
    wanted: Wanted,
    info: Arc<Mutex<ClusterInfo>>,
    places: Arc<OnceCell<Vec<Place>>>,
    reviews: Arc<Semaphore>,
    /// Small kinds that have not settled yet.
    small: watch::Sender<usize>,
}

impl Session {
    pub(super) fn new(api: Api, sink: Sink, wanted: Wanted, info: ClusterInfo) -> Session {
        Session {
            api,
            shelf: Shelf::new(),
            sink,
            relist: watch::Sender::new(0),
            wanted,
            info: Arc::new(Mutex::new(info)),
            places: Arc::default(),
            reviews: Arc::new(Semaphore::new(ABREAST)),
            small: watch::Sender::new(0),
        }
    }

    /// The same connection, looking into other namespaces.
    pub(super) fn with_namespaces(&self, namespaces: Vec<String>) -> Session {
        let explicit = !namespaces.is_empty();
        let wanted = Wanted {
            namespaces: if explicit {
                namespaces
            } else {
                self.wanted.namespaces.clone()
            },
            explicit,
        };
        Session {
            wanted,
            places: Arc::default(),
            ..self.clone()
        }
    }

    /// Runs until it is dropped; returns only when `once` is set and the first attempt to connect fails.
    pub(super) async fn run(
        &self,
        once: bool,
        connected: impl FnOnce(),
    ) -> Result<(), ConnectError> {
        let info = self
            .info
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone();
        self.sink
            .send(vec![Delta::Reset, Delta::Cluster(Box::new(info))])
            .await;
        let newcomer = self.connect(once).await?;
        connected();
        let served = discovery::served(&self.api).await;
        let mut work = JoinSet::new();
        self.start(&served, newcomer, &mut work);
        tokio::select! {
            () = self.api.link().guard(&self.api) => {}
            () = self.tell_trouble() => {}
            () = self.sweep() => {}
        }
        Ok(())
    }

    fn server(&self) -> String {
        self.info
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .server
            .clone()
    }

    async fn tell(&self, change: impl FnOnce(&mut ClusterInfo)) {
        let now = {
            let mut info = self.info.lock().unwrap_or_else(PoisonError::into_inner);
            let before = info.clone();
            change(&mut info);
            (*info != before).then(|| info.clone())
        };
        if let Some(info) = now {
            self.sink.send(vec![Delta::Cluster(Box::new(info))]).await;
        }
    }

    async fn sweep(&self) {
        loop {
            sleep(SWEEP).await;
            let pool = self.shelf.pool.clone();
            let work = move || pool.lock().unwrap_or_else(PoisonError::into_inner).sweep();
            let _ = tokio::task::spawn_blocking(work).await;
            let meter = self.api.meter();
            tracing::info!(
                requests = meter.requests(),
                bytes = meter.bytes(),
                "traffic so far"
            );
        }
    }

    fn start(&self, served: &BTreeMap<Kind, Served>, newcomer: Newcomer, work: &mut JoinSet<()>) {
        let small = Kind::all().filter(|kind| !kind.info().big).count();
        self.small.send_replace(small);
        for kind in Kind::all() {
            let served = served.get(&kind).cloned().unwrap_or(Served::Not);
            let session = self.clone();
            work.spawn(async move { session.kind(kind, served, newcomer).await });
        }
    }

    /// One kind for as long as the connection lasts.
    async fn kind(&self, kind: Kind, served: Served, newcomer: Newcomer) {
        let mut settled = Some(());
        let mut settle = || {
            if settled.take().is_some() && !kind.info().big {
                self.small
                    .send_modify(|left| *left = left.saturating_sub(1));
            }
        };
        if kind.info().big {
            let mut small = self.small.subscribe();
            let _ = timeout(SMALL_FIRST, small.wait_for(|left| *left == 0)).await;
        }
        let mut served = served;
        loop {
            let Served::As(version) = served else {
                let wait = if newcomer.may_add() {
                    doubt::AGAIN
                } else {
                    self.absent(kind).await;
                    settle();
                    RARE
                };
                self.rest(wait).await;
                served = discovery::served(&self.api)
                    .await
                    .remove(&kind)
                    .unwrap_or(Served::Not);
                continue;
            };
            let may = {
                let _turn = self.reviews.acquire().await;
                access::may_list(&self.api, kind, None).await
            };
            if may != May::No {
                return self.wide(kind, version, settle).await;
            }
            if newcomer.is_doubted() {
                self.rest(doubt::AGAIN).await;
                served = Served::As(version);
                continue;
            }
            settle();
            // The narrow watches end when the rights are asked for again.
            tokio::select! {
                () = self.narrow(kind, &version) => {}
                () = self.rest(RARE) => {}
            }
            served = Served::As(version);
        }
    }

    async fn absent(&self, kind: Kind) {
        let deltas = if kind.info().optional {
            // The add-on is not there, so nothing of it is.
            let listed = Delta::Listed {
                kind,
                namespace: None,
                keep: Vec::new(),
            };
            vec![
                listed,
                Delta::State {
                    kind,
                    namespace: None,
                    state: State::Live,
                },
            ]
        } else {
            vec![Delta::State {
                kind,
                namespace: None,
                state: State::Blind(Reason::NotServed),
            }]
        };
        self.sink.send(deltas).await;
    }

    /// Watches the whole cluster; should the list be denied after all, namespaces are looked into beside it.
    async fn wide(&self, kind: Kind, version: String, settle: impl FnOnce()) {
        let (done, first) = oneshot::channel();
        let beside = async {
            let how = first.await;
            settle();
            if how == Ok(Settled::Denied) {
                self.narrow(kind, &version).await;
            }
        };
        tokio::join!(self.follow(kind, None, version.clone(), done), beside);
    }

    /// Watches the kind in each namespace where that is allowed.
    async fn narrow(&self, kind: Kind, version: &str) {
        let places = self.places.get_or_init(|| self.find_places()).await;
        if !kind.info().namespaced {
            self.denied(kind, &[]).await;
        }
        if kind == Kind::Namespace {
            let each = places
                .iter()
                .filter(|place| place.rules.may_get_namespace(&place.namespace));
            futures::future::join_all(
                each.map(|place| lone_namespace::follow(self, &place.namespace)),
            )
            .await;
        }
        if !kind.info().namespaced {
            return std::future::pending().await;
        }
        let asked = places.iter().map(|place| async move {
            let _turn = self.reviews.acquire().await;
            (
                place,
                place
                    .rules
                    .may_list(&self.api, kind, &place.namespace)
                    .await,
            )
        });
        let asked = futures::future::join_all(asked).await;
        let open: Vec<Str> = asked
            .into_iter()
            .filter(|(_, may)| *may != May::No)
            .map(|(place, _)| Str::from(place.namespace.as_str()))
            .collect();
        self.denied(kind, &open).await;
        let each = open.into_iter().map(|namespace| async move {
            let (done, _) = oneshot::channel();
            self.follow(kind, Some(namespace), version.to_owned(), done)
                .await;
        });
        futures::future::join_all(each).await;
        std::future::pending().await
    }

    /// Says that a kind may not be listed as a whole, and in the same breath where it is still being read: a look in
    /// between would find nothing and nothing to wait for.
    async fn denied(&self, kind: Kind, open: &[Str]) {
        let state = |namespace: Option<Str>, reason: Reason| Delta::State {
            kind,
            namespace,
            state: State::Blind(reason),
        };
        let wide = std::iter::once(state(None, Reason::Forbidden));
        let narrow = open
            .iter()
            .map(|namespace| state(Some(namespace.clone()), Reason::Loading));
        self.sink.send(wide.chain(narrow).collect()).await;
    }

    async fn find_places(&self) -> Vec<Place> {
        let (places, left_out) = places::find(&self.api, &self.wanted).await;
        if left_out > 0 {
            let note = format!(
                "{left_out} more namespaces are not looked into, because this login may not list the whole cluster: name the ones to see with -n"
            );
            self.sink.send(vec![Delta::Note(note)]).await;
        }
        places
    }

    async fn follow(
        &self,
        kind: Kind,
        namespace: Option<Str>,
        version: String,
        done: oneshot::Sender<Settled>,
    ) {
        let target = Target {
            kind,
            namespace,
            version,
        };
        Follow::new(
            target,
            &self.api,
            &self.shelf,
            &self.sink,
            self.relist.subscribe(),
            done,
        )
        .run()
        .await;
    }

    /// Waits, less when the person asks to read again.
    pub(super) async fn rest(&self, wait: Duration) {
        let mut relist = self.relist.subscribe();
        let _ = timeout(wait, relist.changed()).await;
    }
}
