//! How fresh the facts are, in a word and a time: always on the screen.

use jiff::Timestamp;

use super::context::Context;
use super::since;
use crate::model::Kind;
use crate::model::cluster::SourceName;
use crate::model::sight::State;
use crate::theme::Meaning;

/// `live  04:12`, `lost  20s`, `lost  3m`, `frozen  04:09`, `loading`.
pub fn words(cx: &Context<'_>) -> (String, Meaning) {
    let cluster = &cx.snapshot.cluster;
    if let Some(at) = cx.frozen {
        return (format!("frozen  {}", clock(cx, at)), Meaning::Stale);
    }
    if let Some(at) = cx.trouble {
        return (format!("lost  {}", since::lost(at, cx.now)), Meaning::Lost);
    }
    if cx.snapshot.is_loading() || cx.snapshot.generation == 0 {
        return ("loading".to_owned(), Meaning::Loading);
    }
    let stale = Kind::all().any(|kind| *cx.snapshot.sight.state(kind, None) == State::Stale);
    let now = clock(cx, cx.now);
    match cluster.source {
        SourceName::Live if stale => (format!("stale  {now}"), Meaning::Stale),
        source => (format!("{}  {now}", source.word()), Meaning::Live),
    }
}

/// A time of day for the person.
pub fn clock(cx: &Context<'_>, at: Timestamp) -> String {
    let time = at.to_zoned(cx.zone.clone());
    format!("{:02}:{:02}", time.hour(), time.minute())
}
