//! Who we are on each request: the credential of a plugin, fetched once for all requests, renewed before it ends and
//! once after a 401. Without a plugin the client library's own static credentials are used.

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::header::AUTHORIZATION;
use http::{HeaderValue, Request, Response, StatusCode};
use jiff::{SignedDuration, Timestamp};
use kube::client::Body;
use secrecy::ExposeSecret;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower::{BoxError, Service};

use super::options::{Ask, Asking};
use super::plugin::{Credential, Plugin, PluginError, TerminalRun};
use crate::clock;

/// After a failure the plugin rests this long: thirty watches would start it thirty times.
const REST: Duration = Duration::from_secs(10);

/// Sends requests with the right credential.
#[derive(Clone)]
pub(super) struct Login {
    shared: Arc<Shared>,
}

struct Shared {
    config: kube::Config,
    plugin: Option<Plugin>,
    ask: Option<Ask>,
    current: Mutex<Current>,
}

#[derive(Default)]
struct Current {
    ready: Option<Ready>,
    failed: Option<(Instant, PluginError)>,
    /// Counts credentials, so that thirty requests refused together renew once.
    turn: u64,
    confirmed: bool,
}

/// A client that can send, with the header it needs.
#[derive(Clone)]
struct Ready {
    client: kube::Client,
    header: Option<HeaderValue>,
    renew: Option<Timestamp>,
    turn: u64,
}

impl Login {
    pub(super) fn new(config: kube::Config, plugin: Option<Plugin>, ask: Option<Ask>) -> Login {
        let shared = Shared {
            config,
            plugin,
            ask,
            current: Mutex::default(),
        };
        Login {
            shared: Arc::new(shared),
        }
    }

    async fn send(&self, request: Request<Body>) -> Result<Response<Body>, BoxError> {
        let (parts, body) = request.into_parts();
        let again = body.try_clone();
        let ready = self.ready(None).await?;
        let response = ready.send(Request::from_parts(parts.clone(), body)).await?;
        let refused = response.status() == StatusCode::UNAUTHORIZED && self.shared.plugin.is_some();
        match again {
            Some(body) if refused => {
                let ready = self.ready(Some(ready.turn)).await?;
                Ok(ready.send(Request::from_parts(parts, body)).await?)
            }
            _ => Ok(response),
        }
    }

    /// The credential to use; `refused` names the one that the server does not take any more.
    async fn ready(&self, refused: Option<u64>) -> Result<Ready, BoxError> {
        let mut current = self.shared.current.lock().await;
        if let Some(ready) = &current.ready {
            let ended = ready.renew.is_some_and(|at| clock::now() >= at);
            if !ended && refused != Some(ready.turn) {
                return Ok(ready.clone());
            }
        }
        if let Some((at, error)) = &current.failed
            && at.elapsed() < REST
        {
            return Err(error.clone().into());
        }
        let credential = match &self.shared.plugin {
            None => None,
            Some(plugin) => match self.credential(plugin, &mut current).await {
                Ok(credential) => Some(credential),
                Err(error) => {
                    current.failed = Some((clock::tick(), error.clone()));
                    return Err(error.into());
                }
            },
        };
        current.failed = None;
        current.turn += 1;
        let ready = self.client(credential, current.turn).await?;
        current.ready = Some(ready.clone());
        Ok(ready)
    }

    async fn credential(
        &self,
        plugin: &Plugin,
        current: &mut Current,
    ) -> Result<Credential, PluginError> {
        if plugin.unconfirmed && !current.confirmed {
            if !self.ask(Asking::Approve(plugin.command_line())).await {
                return Err(PluginError::NotAllowed {
                    command: plugin.command_line(),
                });
            }
            current.confirmed = true;
        }
        if plugin.must_ask() {
            return self.on_terminal(plugin).await;
        }
        match plugin.run().await {
            Err(PluginError::Failed { .. } | PluginError::Slow { .. })
                if plugin.may_ask() && self.shared.ask.is_some() =>
            {
                self.on_terminal(plugin).await
            }
            result => result,
        }
    }

    async fn on_terminal(&self, plugin: &Plugin) -> Result<Credential, PluginError> {
        let run = TerminalRun::new(plugin);
        let must = || PluginError::MustAsk {
            command: plugin.command_line(),
        };
        if self.shared.ask.is_none() || !self.ask(Asking::Terminal(run.clone())).await {
            return Err(must());
        }
        run.take().unwrap_or_else(|| Err(must()))
    }

    async fn ask(&self, question: Asking) -> bool {
        let Some(ask) = self.shared.ask.clone() else {
            return false;
        };
        tokio::task::spawn_blocking(move || ask(question))
            .await
            .unwrap_or(false)
    }

    async fn client(&self, credential: Option<Credential>, turn: u64) -> Result<Ready, BoxError> {
        let mut config = self.shared.config.clone();
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
}

/// A minute before the end, but of a short life only its second half: else it would be renewed on every request.
fn renew_at(end: Timestamp) -> Timestamp {
    let left = end.duration_since(clock::now());
    let early = SignedDuration::from_secs(60)
        .min(left / 2)
        .max(SignedDuration::ZERO);
    end.checked_sub(early).unwrap_or(end)
}

impl Ready {
    async fn send(&self, mut request: Request<Body>) -> Result<Response<Body>, kube::Error> {
        if let Some(header) = &self.header {
            request.headers_mut().insert(AUTHORIZATION, header.clone());
        }
        self.client.send(request).await
    }
}

impl Service<Request<Body>> for Login {
    type Response = Response<Body>;
    type Error = BoxError;
    type Future = BoxFuture<'static, Result<Response<Body>, BoxError>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), BoxError>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let login = self.clone();
        Box::pin(async move { login.send(request).await })
    }
}
