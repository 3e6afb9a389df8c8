//! A complete list, page by page: the next page is on its way while this one is decoded.

use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use super::api::Api;
use super::failure::Failure;
use super::sink::Sink;
use super::target::Target;
use crate::model::{Delta, Kind, Object, ObjectKey};
use crate::source::wire::list::{Broken, Form, Page, decode_list, next_page};
use crate::source::wire::{DecodeError, Pool};

/// Pages of big kinds that may be in memory at once.
const PAGES: usize = 2;

/// What all watches of a connection share while listing.
#[derive(Clone)]
pub(super) struct Shelf {
    pub(super) pool: Arc<Mutex<Pool>>,
    /// Pages of big kinds that may be in memory at once, over all of them.
    pub(super) big: Arc<Semaphore>,
    /// Memory of decoded pages, for the next ones: growing 5 MB anew for each costs more than reading it.
    buffers: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Shelf {
    pub(super) fn new() -> Shelf {
        Shelf {
            pool: Arc::default(),
            big: Arc::new(Semaphore::new(PAGES)),
            buffers: Arc::default(),
        }
    }

    /// Memory for a page.
    fn buffer(&self) -> Vec<u8> {
        let mut buffers = self.buffers.lock().unwrap_or_else(PoisonError::into_inner);
        buffers.pop().unwrap_or_default()
    }

    /// Keeps a page's memory while others of its size are to come.
    fn give_back(&self, text: String) {
        let mut buffers = self.buffers.lock().unwrap_or_else(PoisonError::into_inner);
        if buffers.len() < PAGES {
            let mut buffer = text.into_bytes();
            buffer.clear();
            buffers.push(buffer);
        }
    }

    /// Nothing more comes for now: a watch needs no such memory.
    fn forget_buffers(&self) {
        let mut buffers = self.buffers.lock().unwrap_or_else(PoisonError::into_inner);
        buffers.clear();
    }
}

/// A complete list.
#[derive(Debug)]
pub(super) struct Listed {
    /// Version to watch from.
    pub(super) version: String,
    /// Everything in it, sorted.
    pub(super) keep: Vec<ObjectKey>,
    /// ReplicaSets without a controller: they are workloads and must be read whole.
    pub(super) orphans: Vec<ObjectKey>,
}

/// A page in memory, and the leave to have it there.
struct Held {
    text: String,
    _leave: Option<OwnedSemaphorePermit>,
}

/// Lists everything and sends it on as it comes. Nothing is said to be gone before the end.
pub(super) async fn list(
    target: &Target,
    api: &Api,
    shelf: &Shelf,
    sink: &Sink,
    whole: bool,
) -> Result<Listed, Failure> {
    let mut listed = Listed {
        version: String::new(),
        keep: Vec::new(),
        orphans: Vec::new(),
    };
    let mut held = fetch(target, api, shelf, "", whole).await?;
    loop {
        let token = next_page(&held.text);
        let ahead = async {
            match token.as_deref().filter(|token| !token.is_empty()) {
                Some(token) => fetch_ahead(target, api, shelf, token).await,
                None => None,
            }
        };
        let (page, ahead) = tokio::join!(decode(target, shelf, held), ahead);
        let page = page?;
        listed.version.clone_from(&page.version);
        let next = page.next.clone();
        let deltas = listed.add(target.kind, page);
        sink.send(deltas).await;
        if next.is_empty() {
            break;
        }
        held = match ahead {
            Some(held) => held?,
            None => fetch(target, api, shelf, &next, false).await?,
        };
    }
    shelf.forget_buffers();
    listed.keep.sort_unstable();
    listed.keep.dedup();
    Ok(listed)
}

async fn fetch(
    target: &Target,
    api: &Api,
    shelf: &Shelf,
    token: &str,
    whole: bool,
) -> Result<Held, Failure> {
    let leave = if target.kind.info().big {
        shelf.big.clone().acquire_owned().await.ok()
    } else {
        None
    };
    Ok(Held {
        text: api
            .text_into(target.list(token, whole)?, shelf.buffer())
            .await?,
        _leave: leave,
    })
}

/// The next page, if there is room for it now. Waiting for room here could wait for ourselves.
async fn fetch_ahead(
    target: &Target,
    api: &Api,
    shelf: &Shelf,
    token: &str,
) -> Option<Result<Held, Failure>> {
    let leave = if target.kind.info().big {
        Some(shelf.big.clone().try_acquire_owned().ok()?)
    } else {
        None
    };
    let request = match target.list(token, false) {
        Ok(request) => request,
        Err(failure) => return Some(Err(failure)),
    };
    Some(
        api.text_into(request, shelf.buffer())
            .await
            .map(|text| Held {
                text,
                _leave: leave,
            }),
    )
}

async fn decode(target: &Target, shelf: &Shelf, held: Held) -> Result<Page, Failure> {
    let (kind, form, pool) = (target.kind, target.form(), shelf.pool.clone());
    let shelf = shelf.clone();
    let work = tokio::task::spawn_blocking(move || {
        let mut pool = pool.lock().unwrap_or_else(PoisonError::into_inner);
        let page = decode_list(kind, form, &held.text, &mut pool);
        shelf.give_back(held.text);
        page
    });
    let page = work
        .await
        .map_err(|e| Failure::Unreachable(e.to_string()))?;
    page.map_err(|e: DecodeError| {
        Failure::Unreachable(format!("what answers is not the API server: {e}"))
    })
}

impl Listed {
    fn add(&mut self, kind: Kind, page: Page) -> Vec<Delta> {
        let mut deltas = Vec::with_capacity(page.objects.len() + page.broken.len() + 1);
        for object in page.objects {
            self.keep.push(object.key().clone());
            if is_orphan(&object) {
                self.orphans.push(object.key().clone());
            } else {
                deltas.push(Delta::Put(Arc::new(object)));
            }
        }
        for broken in page.broken {
            let delta = broken_delta(kind, broken);
            if let Delta::Broken { key, .. } = &delta {
                self.keep.push(key.clone());
            }
            deltas.push(delta);
        }
        deltas.push(Delta::Loading {
            kind,
            seen: self.keep.len(),
        });
        deltas
    }
}

/// An object that could not be decoded. One whose very name could not be read stands under a name that no object has.
pub(super) fn broken_delta(kind: Kind, broken: Broken) -> Delta {
    let key = broken
        .key
        .unwrap_or_else(|| ObjectKey::cluster(kind, "(without a name)"));
    Delta::Broken {
        key,
        why: crate::model::text::clean(&broken.error.to_string()).into_owned(),
    }
}

/// A ReplicaSet that nobody controls is a workload of its own.
pub(super) fn is_orphan(object: &Object) -> bool {
    matches!(object, Object::MetadataOnly(meta) if object.kind() == Kind::ReplicaSet && meta.controller().is_none())
}

/// Reads one object whole, through the right to list; `None` when it is gone.
pub(super) async fn whole(
    target: &Target,
    key: &ObjectKey,
    api: &Api,
    shelf: &Shelf,
) -> Result<Option<Delta>, Failure> {
    let place = Target {
        namespace: key.namespace.clone(),
        ..target.clone()
    };
    let text = api.text(place.one(&key.name)?).await?;
    let mut pool = shelf.pool.lock().unwrap_or_else(PoisonError::into_inner);
    let page = decode_list(target.kind, Form::Whole, &text, &mut pool);
    let page =
        page.map_err(|e| Failure::Unreachable(format!("what answers is not the API server: {e}")))?;
    let put = page
        .objects
        .into_iter()
        .next()
        .map(|object| Delta::Put(Arc::new(object)));
    Ok(put.or_else(|| {
        page.broken
            .into_iter()
            .next()
            .map(|broken| broken_delta(target.kind, broken))
    }))
}
