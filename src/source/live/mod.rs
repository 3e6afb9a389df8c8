//! The live source: watches an API server. The only user of `kube` and `k8s_openapi`.
//!
//! ```text
//! options -> config -> login (plugin) -> gate -> api          one connection, reads only
//! session: discovery, access -> follow (pages, stream) for each kind and place -> sink -> batches
//! link: is somebody there?       pace: when to try again      fetch: one full object for a pane
//! ```
//!
//! The library's own watcher is not used: it retries a denied list every second, never recovers from a version that is
//! too old when a watch starts, fails a whole page for one object, and holds the page twice (each was measured). Lists
//! here are decoded straight into facts, in one pass.

mod access;
mod api;
mod base64;
mod config;
mod config_error;
mod discovery;
mod doubt;
mod exec_credential;
mod failure;
mod fetch;
mod follow;
mod gate;
mod kubeconfig;
mod link;
mod login;
mod login_provider;
mod lone_namespace;
#[cfg(test)]
mod loopback;
mod options;
mod pace;
mod pages;
mod places;
mod plugin;
mod proxy;
mod session;
mod sink;
mod stream;
mod target;

use std::pin::pin;
use std::sync::mpsc::{self as blocking, SyncSender};
use std::time::Duration;

use thiserror::Error;
use tokio::sync::mpsc;

use crate::model::cluster::SourceName;
use crate::model::{Batch, ClusterInfo, ObjectKey};
use crate::source::{Command, FetchError, Handle};

use api::Api;
use failure::Failure;
use kubeconfig::Environment;
use login::Login;
use places::Wanted;
use session::Session;
use sink::Sink;

pub use config_error::ConfigError;
pub use kubeconfig::{ContextEntry, contexts};
pub use options::{Ask, Asking, Options, parse_duration};
pub use plugin::TerminalRun;

/// Why there is no connection. Each message says what, where and what to do.
#[derive(Debug, Error)]
pub enum ConnectError {
    /// Nothing to connect to.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// Nobody answers.
    #[error("cannot reach {server}: {why}; check the address, the network and the proxy settings")]
    Unreachable {
        /// URL of the server.
        server: String,
        /// Why, as far as known.
        why: String,
    },
    /// The server does not know who we are.
    #[error(
        "{server} does not accept the login: {why}; log in again, for example by `kubectl get ns`"
    )]
    Unauthorized {
        /// URL of the server.
        server: String,
        /// The server's or the plugin's words.
        why: String,
    },
    /// The machine gives no thread.
    #[error("cannot start the connection's threads: {0}")]
    Threads(#[from] std::io::Error),
}

impl ConnectError {
    fn of(failure: &Failure, server: &str) -> ConnectError {
        let server = server.to_owned();
        match failure {
            Failure::Unauthorized(why) => ConnectError::Unauthorized {
                server,
                why: why.clone(),
            },
            other => ConnectError::Unreachable {
                server,
                why: other.to_string(),
            },
        }
    }
}

/// What a running connection can be told.
enum Told {
    Command(Command),
    Fetch(
        ObjectKey,
        blocking::Sender<Result<serde_json::Value, FetchError>>,
    ),
}

/// How long a pane waits for an object.
const FETCH: Duration = Duration::from_secs(40);

/// Starts watching. Returns at once, unless the options say to wait for the first answer: a server that does not answer
/// is trouble in the header, tried again until it does.
pub fn start(options: Options, out: SyncSender<Batch>) -> Result<Handle, ConnectError> {
    let settings = config::load(&options, &Environment::read())?;
    let info = ClusterInfo {
        source: SourceName::Live,
        name: settings.context,
        server: settings
            .client
            .cluster_url
            .to_string()
            .trim_end_matches('/')
            .to_owned(),
        ..ClusterInfo::default()
    };
    let wanted = Wanted {
        namespaces: settings.namespaces,
        explicit: !options.namespaces.is_empty(),
    };
    let login = Login::new(settings.client, settings.plugin, options.ask.clone());
    let make = move || {
        (
            Api::of_login(
                login,
                options.subject_access_reviews,
                options.request_timeout,
            ),
            wanted,
        )
    };
    launch(make, info, options.wait, out)
}

/// Watches through a client of another making, behind the same gate. It is made inside the source's own runtime.
pub fn attach(
    connect: impl FnOnce() -> kube::Client + Send + 'static,
    options: &Options,
    out: SyncSender<Batch>,
) -> Result<Handle, ConnectError> {
    let info = ClusterInfo {
        source: SourceName::Live,
        name: "attached".to_owned(),
        server: "the given client".to_owned(),
        ..ClusterInfo::default()
    };
    let (reviews, asked) = (options.subject_access_reviews, options.namespaces.clone());
    let make = move || {
        let client = connect();
        let explicit = !asked.is_empty();
        let namespaces = if explicit {
            asked
        } else {
            vec![client.default_namespace().to_owned()]
        };
        (
            Api::of_client(client, reviews),
            Wanted {
                namespaces,
                explicit,
            },
        )
    };
    launch(make, info, options.wait, out)
}

/// `make` runs inside the runtime: clients spawn a task of their own.
fn launch(
    make: impl FnOnce() -> (Api, Wanted) + Send + 'static,
    info: ClusterInfo,
    wait: bool,
    out: SyncSender<Batch>,
) -> Result<Handle, ConnectError> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .thread_name("live")
        .enable_all()
        .build()?;
    let (tell, told) = mpsc::unbounded_channel();
    let (first, answered) = blocking::channel();
    let name = std::thread::Builder::new().name("live source".to_owned());
    name.spawn(move || {
        runtime.block_on(async move {
            let (sink, forward) = Sink::new(out);
            let (api, wanted) = make();
            let session = Session::new(api, sink, wanted, info);
            tokio::select! {
                () = serve(session, wait, first, told) => {}
                () = forward => {}
            }
        });
        // Plugins and blocked sends are not waited for.
        runtime.shutdown_background();
    })?;
    if wait {
        let ended = || {
            ConnectError::Threads(std::io::Error::other(
                "the connection ended before it began",
            ))
        };
        answered.recv().unwrap_or_else(|_| Err(ended()))?;
    }
    let ask = tell.clone();
    let fetch = move |key: &ObjectKey| {
        let (reply, answer) = blocking::channel();
        let gone = || FetchError::Failed("the connection has ended".to_owned());
        ask.send(Told::Fetch(key.clone(), reply))
            .map_err(|_| gone())?;
        answer
            .recv_timeout(FETCH)
            .unwrap_or_else(|_| Err(FetchError::Failed("no answer from the server".to_owned())))
    };
    Ok(Handle::new(move |command| drop(tell.send(Told::Command(command)))).with_fetch(fetch))
}

/// Runs a connection and does what it is told, until it is told to stop.
async fn serve(
    mut session: Session,
    wait: bool,
    first: blocking::Sender<Result<(), ConnectError>>,
    mut told: mpsc::UnboundedReceiver<Told>,
) {
    let mut once = wait;
    loop {
        let current = session.clone();
        let say = first.clone();
        let mut work = pin!(current.run(once, move || drop(say.send(Ok(())))));
        once = false;
        session = loop {
            let word = tokio::select! {
                ended = &mut work => {
                    let _ = first.send(ended);
                    return;
                }
                word = told.recv() => word,
            };
            match word {
                None | Some(Told::Command(Command::Stop)) => return,
                Some(Told::Command(Command::Relist)) => {
                    current.relist.send_modify(|turn| *turn += 1)
                }
                Some(Told::Command(Command::Namespaces(list))) => {
                    break current.with_namespaces(list);
                }
                Some(Told::Fetch(key, reply)) => {
                    let api = current.api.clone();
                    tokio::spawn(async move { drop(reply.send(fetch::fetch(&api, &key).await)) });
                }
            }
        };
    }
}
