//! Requests to one server: whole answers and streams, with a limit on silence instead of on time, and failures sorted.

use std::sync::Arc;
use std::time::Duration;

use http::Request;
use http_body_util::BodyExt;
use kube::client::Body;
use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::time::timeout;
use tower::Layer;

use super::failure::Failure;
use super::gate::{Gate, Meter};
use super::link::Link;
use super::login::Login;

/// No byte for this long means that nobody answers any more. A slow line is not a dead one.
const SILENCE: Duration = Duration::from_secs(30);

/// More than any answer: pages are 5 MB, a server that ignores the limit may send all of a large cluster at once.
const LARGEST_ANSWER: usize = 1 << 30;

/// One server, one login.
#[derive(Clone)]
pub(super) struct Api {
    client: kube::Client,
    meter: Arc<Meter>,
    link: Arc<Link>,
    limit: Option<Duration>,
}

/// An open answer, read piece by piece.
pub(super) struct Stream {
    body: Body,
    meter: Arc<Meter>,
    link: Arc<Link>,
}

impl Api {
    /// A client of our own: gate, login, then the library's stack.
    pub(super) fn of_login(login: Login, subject_reviews: bool, limit: Option<Duration>) -> Api {
        let gate = Gate {
            subject_reviews,
            meter: Arc::default(),
        };
        let meter = gate.meter.clone();
        Api {
            client: kube::Client::new(gate.layer(login), "default"),
            meter,
            link: Arc::default(),
            limit: limit.filter(|l| !l.is_zero()),
        }
    }

    /// Around a connection that stands already.
    pub(super) fn of_client(client: kube::Client, subject_reviews: bool) -> Api {
        let gate = Gate {
            subject_reviews,
            meter: Arc::default(),
        };
        let meter = gate.meter.clone();
        let inner = tower::service_fn(move |request| {
            let client = client.clone();
            async move { client.send(request).await }
        });
        Api {
            client: kube::Client::new(gate.layer(inner), "default"),
            meter,
            link: Arc::default(),
            limit: None,
        }
    }

    pub(super) fn link(&self) -> &Arc<Link> {
        &self.link
    }

    pub(super) fn meter(&self) -> &Arc<Meter> {
        &self.meter
    }

    /// The whole answer as text.
    pub(super) async fn text(&self, request: Request<Vec<u8>>) -> Result<String, Failure> {
        self.text_into(request, Vec::new()).await
    }

    /// The same, in memory that is there already.
    pub(super) async fn text_into(
        &self,
        request: Request<Vec<u8>>,
        buffer: Vec<u8>,
    ) -> Result<String, Failure> {
        let whole = async { self.open(request).await?.text(buffer).await };
        match self.limit {
            None => whole.await,
            Some(limit) => timeout(limit, whole)
                .await
                .unwrap_or_else(|_| Err(silent(limit))),
        }
    }

    /// The whole answer, decoded.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        accept: Option<&str>,
    ) -> Result<T, Failure> {
        let mut request = Request::get(path);
        if let Some(accept) = accept {
            request = request.header(http::header::ACCEPT, accept);
        }
        let text = self
            .text(
                request
                    .body(Vec::new())
                    .map_err(|e| Failure::Refused(e.to_string()))?,
            )
            .await?;
        read(&text)
    }

    /// A review: posts a question and decodes the answer.
    pub(super) async fn review<T: Serialize + DeserializeOwned>(
        &self,
        path: &str,
        question: &T,
    ) -> Result<T, Failure> {
        let body = serde_json::to_vec(question).map_err(|e| Failure::Refused(e.to_string()))?;
        let request = Request::post(path).header(http::header::CONTENT_TYPE, "application/json");
        let text = self
            .text(
                request
                    .body(body)
                    .map_err(|e| Failure::Refused(e.to_string()))?,
            )
            .await?;
        read(&text)
    }

    /// Sends a request and hands over the answer's body; an answer that is no success is a failure.
    pub(super) async fn open(&self, request: Request<Vec<u8>>) -> Result<Stream, Failure> {
        let sent = timeout(SILENCE, self.client.send(request.map(Body::from)));
        let response = match sent.await {
            Err(_) => return Err(silent(SILENCE)),
            Ok(Err(error)) => return Err(Failure::of_error(&error)),
            Ok(Ok(response)) => response,
        };
        self.link.heard();
        let (parts, body) = response.into_parts();
        let mut stream = Stream {
            body,
            meter: self.meter.clone(),
            link: self.link.clone(),
        };
        if parts.status.is_success() {
            return Ok(stream);
        }
        let text = stream.text(Vec::new()).await.unwrap_or_default();
        Err(Failure::of_answer(parts.status, &parts.headers, &text))
    }
}

fn read<T: DeserializeOwned>(text: &str) -> Result<T, Failure> {
    serde_json::from_str(text)
        .map_err(|e| Failure::Unreachable(format!("what answers is not the API server: {e}")))
}

fn silent(limit: Duration) -> Failure {
    Failure::Unreachable(format!("no answer within {} seconds", limit.as_secs_f32()))
}

impl Stream {
    /// The next piece; `None` at the end. Waits at most `limit`.
    pub(super) async fn next(&mut self, limit: Duration) -> Result<Option<bytes::Bytes>, Failure> {
        loop {
            let frame = match timeout(limit, self.body.frame()).await {
                Err(_) => return Err(silent(limit)),
                Ok(None) => return Ok(None),
                Ok(Some(Err(error))) => return Err(Failure::of_error(&error)),
                Ok(Some(Ok(frame))) => frame,
            };
            self.link.heard();
            if let Ok(bytes) = frame.into_data() {
                self.meter.received(bytes.len());
                return Ok(Some(bytes));
            }
        }
    }

    async fn text(&mut self, mut whole: Vec<u8>) -> Result<String, Failure> {
        while let Some(bytes) = self.next(SILENCE).await? {
            if whole.len() + bytes.len() > LARGEST_ANSWER {
                return Err(Failure::Unreachable("an answer without end".to_owned()));
            }
            whole.extend_from_slice(&bytes);
        }
        String::from_utf8(whole)
            .map_err(|_| Failure::Unreachable("an answer that is not text".to_owned()))
    }
}
