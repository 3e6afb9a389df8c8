//! An open watch: lines of events as they come. Reads on after an object that it cannot decode.

use std::borrow::Cow;
use std::sync::PoisonError;
use std::time::Duration;

use serde::Deserialize;
use serde_json::value::RawValue;

use super::api::{Api, Stream};
use super::failure::{Failure, Status};
use super::pages::Shelf;
use super::target::Target;
use crate::model::{Object, ObjectKey};
use crate::source::wire::identity;
use crate::source::wire::list::{Broken, decode_item};

/// A line longer than this is no event: objects are at most 1.5 MB in etcd, 3 MB with escapes.
const LONGEST_LINE: usize = 64 << 20;

/// What happened.
#[derive(Debug)]
pub(super) enum Event {
    /// An object now looks like this.
    Put(Object),
    /// It is gone.
    Gone(ObjectKey),
    /// It cannot be decoded.
    Broken(Broken),
}

/// An open watch.
pub(super) struct Watch<'a> {
    target: &'a Target,
    shelf: &'a Shelf,
    stream: Stream,
    /// What has come of a line that is not complete yet.
    rest: Vec<u8>,
    silence: Duration,
}

/// What one read brought.
#[derive(Debug, Default)]
pub(super) struct News {
    pub(super) events: Vec<Event>,
    /// Version after the last of them.
    pub(super) version: Option<String>,
    /// The server ended the watch with this.
    pub(super) failure: Option<Failure>,
}

impl<'a> Watch<'a> {
    /// Opens a watch from a version, which the server shall end after some seconds.
    pub(super) async fn open(
        target: &'a Target,
        api: &Api,
        shelf: &'a Shelf,
        version: &str,
        seconds: u32,
    ) -> Result<Watch<'a>, Failure> {
        let stream = api.open(target.watch(version, seconds)?).await?;
        let silence = Duration::from_secs(u64::from(seconds) + 10);
        Ok(Watch {
            target,
            shelf,
            stream,
            rest: Vec::new(),
            silence,
        })
    }

    /// The next events; `None` when the watch has ended in order. Can be dropped while it waits.
    pub(super) async fn next(&mut self) -> Result<Option<News>, Failure> {
        loop {
            let Some(bytes) = self.stream.next(self.silence).await? else {
                return Ok(None);
            };
            self.rest.extend_from_slice(&bytes);
            if self.rest.len() > LONGEST_LINE {
                return Err(Failure::Unreachable("an event without end".to_owned()));
            }
            if bytes.contains(&b'\n') {
                return Ok(Some(self.complete_lines()));
            }
        }
    }

    fn complete_lines(&mut self) -> News {
        let end = self
            .rest
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let rest = self.rest.split_off(end);
        let lines = std::mem::replace(&mut self.rest, rest);
        let mut news = News::default();
        for line in lines.split(|b| *b == b'\n').filter(|line| !line.is_empty()) {
            if let Err(failure) = self.read(line, &mut news) {
                news.failure = Some(failure);
                break;
            }
        }
        news
    }

    fn read(&self, line: &[u8], news: &mut News) -> Result<(), Failure> {
        #[derive(Deserialize)]
        struct Line<'a> {
            #[serde(rename = "type", borrow)]
            kind: Cow<'a, str>,
            #[serde(borrow)]
            object: &'a RawValue,
        }
        let broken =
            || Failure::Unreachable("a watch that broke off in the middle of an event".to_owned());
        let text = std::str::from_utf8(line).map_err(|_| broken())?;
        let Ok(event) = serde_json::from_str::<Line<'_>>(text) else {
            // Some errors come as a bare Status.
            let status = serde_json::from_str::<Status>(text)
                .ok()
                .filter(|status| status.code.is_some());
            return Err(status.map_or_else(broken, |status| Failure::of_status(&status)));
        };
        let raw = event.object.get();
        if event.kind == "ERROR" {
            return Err(Failure::of_status(
                &serde_json::from_str::<Status>(raw).unwrap_or_default(),
            ));
        }
        if let Some(happened) = self.event(&event.kind, raw) {
            news.events.push(happened);
        }
        if let Some(version) = version(raw) {
            news.version = Some(version);
        }
        Ok(())
    }

    fn event(&self, kind: &str, raw: &str) -> Option<Event> {
        let mut pool = self
            .shelf
            .pool
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        match kind {
            "ADDED" | "MODIFIED" => Some(
                match decode_item(self.target.kind, self.target.form(), raw, &mut pool) {
                    Ok(object) => Event::Put(object),
                    Err(broken) => Event::Broken(broken),
                },
            ),
            "DELETED" => identity(self.target.kind, raw, &mut pool).map(Event::Gone),
            // BOOKMARK carries a version and nothing else; a type that is not known carries nothing for us.
            _ => None,
        }
    }
}

fn version(raw: &str) -> Option<String> {
    #[derive(Default, Deserialize)]
    #[serde(default)]
    struct Object<'a> {
        #[serde(borrow)]
        metadata: Metadata<'a>,
    }
    #[derive(Default, Deserialize)]
    #[serde(default, rename_all = "camelCase")]
    struct Metadata<'a> {
        #[serde(borrow)]
        resource_version: Cow<'a, str>,
    }
    let object: Object<'_> = serde_json::from_str(raw).ok()?;
    let version = object.metadata.resource_version;
    (!version.is_empty()).then(|| version.into_owned())
}
