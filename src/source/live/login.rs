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

use super::exec_credential::Credential;
use super::options::{Ask, Asking};
use super::plugin::{Plugin, PluginError, TerminalRun};
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

#[cfg(test)]
mod tests {
    use std::path::Path;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use kube::config::{Cluster, ExecConfig, ExecInteractiveMode};

    use super::super::api::Api;
    use super::super::failure::Failure;
    use super::super::loopback::Loopback;
    use super::*;

    /// A plugin that counts its runs in a file and gives `token-N`, with more of a status if wanted.
    fn counting(folder: &Path, mode: ExecInteractiveMode, more: &str) -> ExecConfig {
        let runs = folder.join("runs");
        let script = format!(
            r#"echo run >> {0}; n=$(wc -l < {0}); echo '{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{{"token":"token-'$n'"{more}}}}}'"#,
            runs.display()
        );
        ExecConfig {
            api_version: Some("client.authentication.k8s.io/v1".to_owned()),
            command: Some("sh".to_owned()),
            args: Some(vec!["-c".to_owned(), script]),
            interactive_mode: Some(mode),
            ..ExecConfig::default()
        }
    }

    fn runs(folder: &Path) -> usize {
        std::fs::read_to_string(folder.join("runs")).map_or(0, |text| text.lines().count())
    }

    fn api(server: &Loopback, exec: ExecConfig, unconfirmed: bool, ask: Option<Ask>) -> Api {
        let mut config = kube::Config::new(server.url.parse().unwrap());
        config.default_retry = false;
        let plugin = Plugin::new(exec, &Cluster::default(), "jo", unconfirmed).unwrap();
        Api::of_login(Login::new(config, Some(plugin), ask), false, None)
    }

    async fn version(api: &Api) -> Result<serde_json::Value, Failure> {
        api.get("/version", None).await
    }

    fn well() -> Loopback {
        Loopback::new(|_| (200, r#"{"gitVersion":"v1.36.3"}"#.to_owned()))
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn many_requests_run_the_plugin_once() {
        let (folder, server) = (tempfile::tempdir().unwrap(), well());
        let api = api(
            &server,
            counting(folder.path(), ExecInteractiveMode::Never, ""),
            false,
            None,
        );
        let all = futures::future::join_all((0..20).map(|_| version(&api))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        assert_eq!((runs(folder.path()), server.heads().len()), (1, 20));
        assert!(
            server
                .heads()
                .iter()
                .all(|head| head.contains("authorization: Bearer token-1"))
        );
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_refused_token_is_renewed_once_for_all() {
        let folder = tempfile::tempdir().unwrap();
        let server = Loopback::new(|head| {
            if head.contains("token-1") {
                (401, "{}".to_owned())
            } else {
                (200, "{}".to_owned())
            }
        });
        let api = api(
            &server,
            counting(folder.path(), ExecInteractiveMode::Never, ""),
            false,
            None,
        );
        let all = futures::future::join_all((0..10).map(|_| version(&api))).await;
        assert!(all.iter().all(Result::is_ok), "{all:?}");
        assert_eq!(runs(folder.path()), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_server_that_refuses_every_token_is_not_asked_for_ever() {
        let folder = tempfile::tempdir().unwrap();
        let server = Loopback::new(|_| {
            (
                401,
                r#"{"kind":"Status","code":401,"message":"Unauthorized"}"#.to_owned(),
            )
        });
        let api = api(
            &server,
            counting(folder.path(), ExecInteractiveMode::Never, ""),
            false,
            None,
        );
        assert!(matches!(version(&api).await, Err(Failure::Unauthorized(_))));
        assert_eq!((runs(folder.path()), server.heads().len()), (2, 2));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_token_is_renewed_before_it_ends_and_not_on_every_request() {
        let (folder, server) = (tempfile::tempdir().unwrap(), well());
        let soon = clock::now() + SignedDuration::from_secs(3);
        let more = format!(r#","expirationTimestamp":"{soon}""#);
        let api = api(
            &server,
            counting(folder.path(), ExecInteractiveMode::Never, &more),
            false,
            None,
        );
        for _ in 0..5 {
            version(&api).await.unwrap();
        }
        assert_eq!(
            runs(folder.path()),
            1,
            "three seconds are left, and half of them are used"
        );
        tokio::time::sleep(Duration::from_millis(1800)).await;
        version(&api).await.unwrap();
        assert_eq!(runs(folder.path()), 2);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_plugin_that_fails_rests_and_its_words_reach_the_person() {
        let (folder, server) = (tempfile::tempdir().unwrap(), well());
        let runs_file = folder.path().join("runs");
        let mut exec = counting(folder.path(), ExecInteractiveMode::Never, "");
        exec.args = Some(vec![
            "-c".to_owned(),
            format!(
                "echo run >> {}; echo 'session has ended' >&2; exit 2",
                runs_file.display()
            ),
        ]);
        let api = api(&server, exec, false, None);
        for _ in 0..5 {
            let failure = version(&api).await.unwrap_err();
            assert!(
                matches!(&failure, Failure::Unauthorized(why) if why.contains("session has ended")),
                "{failure:?}"
            );
        }
        assert_eq!((runs(folder.path()), server.heads().len()), (1, 0));
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_program_of_a_given_file_is_shown_once_before_it_runs() {
        let (folder, server) = (tempfile::tempdir().unwrap(), well());
        let asked = Arc::new(AtomicUsize::new(0));
        let count = asked.clone();
        let yes: Ask = Arc::new(move |asking| {
            count.fetch_add(1, Ordering::SeqCst);
            matches!(asking, Asking::Approve(line) if line.starts_with("sh -c"))
        });
        let allowed = api(
            &server,
            counting(folder.path(), ExecInteractiveMode::Never, ""),
            true,
            Some(yes),
        );
        version(&allowed).await.unwrap();
        version(&allowed).await.unwrap();
        assert_eq!((asked.load(Ordering::SeqCst), runs(folder.path())), (1, 1));
        for no in [None, Some(Arc::new(|_| false) as Ask)] {
            let other = tempfile::tempdir().unwrap();
            let denied = api(
                &server,
                counting(other.path(), ExecInteractiveMode::Never, ""),
                true,
                no,
            );
            let failure = version(&denied).await.unwrap_err();
            assert!(
                failure.to_string().contains("was not allowed to run"),
                "{failure}"
            );
            assert_eq!(runs(other.path()), 0);
        }
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_plugin_that_must_ask_gets_the_terminal_from_the_person_or_says_what_to_run() {
        let (folder, server) = (tempfile::tempdir().unwrap(), well());
        let exec = || counting(folder.path(), ExecInteractiveMode::Always, "");
        let failure = version(&api(&server, exec(), false, None))
            .await
            .unwrap_err();
        assert!(
            failure
                .to_string()
                .contains("must ask; run `kubectl get ns`"),
            "{failure}"
        );
        assert_eq!(runs(folder.path()), 0);
        let screen: Ask = Arc::new(|asking| match asking {
            Asking::Terminal(run) => {
                run.run();
                true
            }
            Asking::Approve(_) => false,
        });
        version(&api(&server, exec(), false, Some(screen)))
            .await
            .unwrap();
        assert_eq!(runs(folder.path()), 1);
    }

    #[tokio::test(flavor = "multi_thread")]
    async fn a_certificate_of_a_plugin_is_used_to_connect() {
        let (folder, server) = (tempfile::tempdir().unwrap(), well());
        // No certificate at all: building the client must fail, which shows that it was to be used.
        let more = r#","clientCertificateData":"no certificate","clientKeyData":"no key""#;
        let failure = version(&api(
            &server,
            counting(folder.path(), ExecInteractiveMode::Never, more),
            false,
            None,
        ))
        .await;
        assert!(failure.is_err() && server.heads().is_empty(), "{failure:?}");
    }

    #[test]
    fn short_lives_are_renewed_at_half() {
        let in_seconds = |seconds| clock::now() + SignedDuration::from_secs(seconds);
        let left = |at: Timestamp| at.duration_since(clock::now()).as_secs_f64();
        assert!((3535.0..3541.0).contains(&left(renew_at(in_seconds(3600)))));
        assert!((14.0..15.1).contains(&left(renew_at(in_seconds(30)))));
        assert!(left(renew_at(in_seconds(-5))) < 0.0);
    }
}
