//! A Namespace object for a login that may get its own namespace but not list all: RBAC gives no way to watch one, so
//! it is read again each minute.

use std::sync::{Arc, PoisonError};

use http::Request;
use serde::Deserialize;

use super::api::Api;
use super::doubt::{self, Doubt};
use super::failure::Failure;
use super::pace::{POLL, RARE};
use super::session::Session;
use crate::model::sight::State;
use crate::model::{Delta, Kind, ObjectKey, Reason};
use crate::source::wire::decode_json;

/// The uid of a namespace.
pub(super) async fn uid(api: &Api, namespace: &str) -> Result<String, Failure> {
    #[derive(Deserialize)]
    struct Object {
        metadata: Metadata,
    }
    #[derive(Deserialize)]
    struct Metadata {
        uid: String,
    }
    let object: Object = api
        .get(&format!("/api/v1/namespaces/{namespace}"), None)
        .await?;
    Ok(object.metadata.uid)
}

/// Reads one Namespace again and again.
pub(super) async fn follow(session: &Session, namespace: &str) {
    let mut reads = Doubt::default();
    loop {
        let read = read(session, namespace).await;
        if read.is_ok() {
            reads.allowed();
        }
        let (deltas, wait) = match read {
            Ok(put) => (vec![put, state(namespace, State::Live)], POLL),
            Err(Failure::Forbidden(_)) if reads.refused() => {
                (vec![state(namespace, State::Stale)], doubt::AGAIN)
            }
            Err(Failure::NotServed) => (
                vec![
                    Delta::Gone(ObjectKey::of_namespace(namespace)),
                    state(namespace, State::Live),
                ],
                POLL,
            ),
            Err(Failure::Forbidden(_)) => (
                vec![state(namespace, State::Blind(Reason::Forbidden))],
                RARE,
            ),
            // The link's own guard says that nobody answers; what is known stays.
            Err(_) => (Vec::new(), POLL),
        };
        session.sink.send(deltas).await;
        session.rest(wait).await;
    }
}

async fn read(session: &Session, namespace: &str) -> Result<Delta, Failure> {
    let request = Request::get(format!("/api/v1/namespaces/{namespace}")).body(Vec::new());
    let text = session
        .api
        .text(request.map_err(|e| Failure::Refused(e.to_string()))?)
        .await?;
    let mut pool = session
        .shelf
        .pool
        .lock()
        .unwrap_or_else(PoisonError::into_inner);
    Ok(match decode_json(Kind::Namespace, &text, &mut pool) {
        Ok(object) => Delta::Put(Arc::new(object)),
        Err(error) => Delta::Broken {
            key: ObjectKey::of_namespace(namespace),
            why: error.to_string(),
        },
    })
}

fn state(namespace: &str, state: State) -> Delta {
    Delta::State {
        kind: Kind::Namespace,
        namespace: Some(namespace.into()),
        state,
    }
}
