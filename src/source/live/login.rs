//! Who we are on each request: the credential of a plugin, fetched once for all requests, renewed before it ends and
//! once after a 401. Without a plugin the client library's own static credentials are used.

mod ready;
#[cfg(test)]
mod tests;

use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use futures::future::BoxFuture;
use http::{Request, Response, StatusCode};
use kube::client::Body;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower::{BoxError, Service};

use super::exec_credential::Credential;
use super::options::{Ask, Asking};
use super::plugin::{Plugin, PluginError, TerminalRun};
use crate::clock;
use ready::Ready;

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
        if let Some(ready) = &current.ready
            && !ready.is_ending()
            && refused != Some(ready.turn)
        {
            return Ok(ready.clone());
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
        let ready = Ready::new(self.shared.config.clone(), credential, current.turn).await?;
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
