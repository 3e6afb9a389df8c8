//! Answers of the API server in memory.

use std::convert::Infallible;
use std::io;

use bytes::Bytes;
use http::{Response, StatusCode};
use http_body::Frame;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use serde_json::{Value, json};

/// An answer, whole or in pieces.
pub type Answer = Response<BoxBody<Bytes, io::Error>>;

/// Only its metadata.
pub fn partial(object: &Value) -> Value {
    json!({"kind": "PartialObjectMetadata", "apiVersion": "meta.k8s.io/v1", "metadata": object["metadata"]})
}

/// 200 with a document.
pub fn ok(value: &Value) -> Answer {
    text_answer(200, "application/json", value.to_string())
}

/// A refusal.
pub fn status(code: u16, reason: &str, message: &str) -> Answer {
    let status = json!({"kind": "Status", "apiVersion": "v1", "status": "Failure", "message": message, "reason": reason, "code": code});
    text_answer(code, "application/json", status.to_string())
}

/// Any text.
pub fn text_answer(code: u16, kind: &str, text: String) -> Answer {
    let body = Full::new(Bytes::from(text))
        .map_err(|never: Infallible| match never {})
        .boxed();
    let mut response = Response::new(body);
    *response.status_mut() = StatusCode::from_u16(code).unwrap_or_default();
    if let Ok(kind) = kind.parse() {
        response.headers_mut().insert("content-type", kind);
    }
    response
}

/// A text whose connection breaks.
pub fn broken_answer(text: String) -> Answer {
    let pieces = [
        Ok(Frame::data(Bytes::from(text))),
        Err(io::Error::other("connection reset by peer")),
    ];
    Response::new(BodyExt::boxed(StreamBody::new(futures::stream::iter(
        pieces,
    ))))
}
