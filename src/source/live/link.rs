//! Is somebody at the other end? Silence is normal on a quiet cluster, so after 15 seconds of it one `GET /livez` asks.
//! Any answer, good or bad, means that the link stands, but one: that the server's store does not answer.

use std::sync::Mutex;
use std::time::Duration;

use tokio::sync::{Notify, watch};
use tokio::time::{Instant, sleep, timeout};

use super::api::Api;
use super::failure::Failure;
use crate::clock;

/// Silence after which the server is asked.
pub(super) const QUIET: Duration = Duration::from_secs(15);
/// How long it may take to answer that.
const ANSWER: Duration = Duration::from_secs(5);
/// How often it is asked while it does not answer.
const AGAIN: Duration = Duration::from_secs(2);

/// State of the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Up {
    /// Why what is known may be old; `None` when the link stands.
    pub(super) trouble: Option<Trouble>,
    /// Why the login is not accepted; `None` when it is.
    pub(super) login: Option<String>,
    /// Counts recoveries: streams opened before the last one are dead and must be opened again.
    pub(super) turn: u64,
}

/// Why what is known may be old.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Trouble {
    /// Nobody answers, for this reason.
    Silent(String),
    /// The server answers, and says that its store does not: its watches stand and say nothing, while another server of
    /// the cluster may go on.
    NoStore,
}

/// What is known of the link.
#[derive(Debug)]
pub(super) struct Link {
    last: Mutex<Instant>,
    suspect: Notify,
    up: watch::Sender<Up>,
}

impl Default for Link {
    fn default() -> Self {
        Link {
            last: Mutex::new(clock::tick()),
            suspect: Notify::new(),
            up: watch::Sender::new(Up {
                trouble: None,
                login: None,
                turn: 0,
            }),
        }
    }
}

impl Link {
    /// A byte came in.
    pub(super) fn heard(&self) {
        *self
            .last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = clock::tick();
    }

    /// A request failed in a way that may mean that nobody is there: ask now.
    pub(super) fn suspect(&self) {
        self.suspect.notify_one();
    }

    /// The server refused the login.
    pub(super) fn refused(&self, why: &str) {
        self.set_login(Some(why.to_owned()));
    }

    /// The server took a request of the login.
    pub(super) fn accepted(&self) {
        self.set_login(None);
    }

    fn set_login(&self, login: Option<String>) {
        self.up.send_if_modified(|up| {
            let changed = up.login != login;
            up.login = login;
            changed
        });
    }

    pub(super) fn follow(&self) -> watch::Receiver<Up> {
        self.up.subscribe()
    }

    fn quiet_since(&self) -> Duration {
        self.last
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .elapsed()
    }

    /// Watches over the link for as long as it is polled.
    pub(super) async fn guard(&self, api: &Api) {
        loop {
            let down = self.up.borrow().trouble.is_some();
            if down {
                sleep(AGAIN).await;
            } else {
                let rest = QUIET.saturating_sub(self.quiet_since());
                tokio::select! {
                    () = self.suspect.notified() => {}
                    () = sleep(rest) => if self.quiet_since() < QUIET { continue },
                }
            }
            let trouble = ask(api).await;
            self.up.send_if_modified(|up| {
                let changed = up.trouble != trouble;
                if up.trouble.is_some() && trouble.is_none() {
                    up.turn += 1;
                }
                up.trouble = trouble;
                changed
            });
        }
    }
}

/// What is wrong, or `None`.
async fn ask(api: &Api) -> Option<Trouble> {
    let Ok(request) = http::Request::get("/livez").body(Vec::new()) else {
        return None;
    };
    match timeout(ANSWER, api.text(request)).await {
        Err(_) => Some(Trouble::Silent(format!(
            "no answer within {} seconds",
            ANSWER.as_secs()
        ))),
        Ok(Err(Failure::Unreachable(why))) if !why.starts_with("the server answers") => {
            Some(Trouble::Silent(why))
        }
        // The name of its check of the store, as `/livez` lists it.
        Ok(Err(Failure::Unreachable(why))) if why.contains("[-]etcd") => Some(Trouble::NoStore),
        // A refusal, or a server that says it is not well, is an answer.
        Ok(_) => None,
    }
}
