//! A client with its credential in it, and when that has to be renewed.

use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response};
use jiff::{SignedDuration, Timestamp};
use kube::client::Body;
use secrecy::ExposeSecret;
use tower::BoxError;

use crate::clock;
use crate::source::live::exec_credential::Credential;

/// A client that can send, with the header it needs.
#[derive(Clone)]
pub(super) struct Ready {
    client: kube::Client,
    header: Option<HeaderValue>,
    renew: Option<Timestamp>,
    /// Number of its credential.
    pub(super) turn: u64,
}

impl Ready {
    /// Builds the client of a credential; without one the configuration's own is used.
    pub(super) async fn new(
        mut config: kube::Config,
        credential: Option<Credential>,
        turn: u64,
    ) -> Result<Ready, BoxError> {
        let mut header = None;
        let mut renew = None;
        if let Some(credential) = credential {
            if let Some(token) = &credential.token {
                let mut value = HeaderValue::try_from(format!("Bearer {}", token.expose_secret()))?;
                value.set_sensitive(true);
                header = Some(value);
            }
            if let Some((certificate, key)) = credential.identity {
                let encode = |text: &str| {
                    serde_json::to_value(k8s_openapi::ByteString(text.as_bytes().to_vec()))
                };
                let text = |value: serde_json::Value| value.as_str().unwrap_or_default().to_owned();
                config.auth_info.client_certificate_data = Some(text(encode(&certificate)?));
                config.auth_info.client_key_data = Some(text(encode(key.expose_secret())?).into());
            }
            renew = credential.expires.map(renew_at);
        }
        // Reads certificate files: not on a worker. The runtime's handle goes along, because the client spawns a task.
        let runtime = tokio::runtime::Handle::current();
        let built = tokio::task::spawn_blocking(move || {
            let _inside = runtime.enter();
            kube::Client::try_from(config)
        });
        Ok(Ready {
            client: built.await??,
            header,
            renew,
            turn,
        })
    }

    /// Its credential has ended, or is about to.
    pub(super) fn is_ending(&self) -> bool {
        self.renew.is_some_and(|at| clock::now() >= at)
    }

    /// Sends a request with the header that it needs.
    pub(super) async fn send(
        &self,
        mut request: Request<Body>,
    ) -> Result<Response<Body>, kube::Error> {
        if let Some(header) = &self.header {
            request.headers_mut().insert(AUTHORIZATION, header.clone());
        }
        self.client.send(request).await
    }
}

/// A minute before the end, but of a short life only its second half: else it would be renewed on every request.
pub(super) fn renew_at(end: Timestamp) -> Timestamp {
    let left = end.duration_since(clock::now());
    let early = SignedDuration::from_secs(60)
        .min(left / 2)
        .max(SignedDuration::ZERO);
    end.checked_sub(early).unwrap_or(end)
}
