//! What the header says of a connection: who and where we are, and what is wrong with the link.

use std::time::Duration;

use tokio::time::{sleep, timeout};

use super::Session;
use crate::source::live::ConnectError;
use crate::source::live::access;
use crate::source::live::discovery;
use crate::source::live::doubt::{self, Newcomer};
use crate::source::live::failure::Failure;
use crate::source::live::link::Trouble;
use crate::source::live::lone_namespace;
use crate::source::live::pace::Pace;

/// How long a server that is not there may wait to be asked again: the person looks at nothing meanwhile.
const CONNECT: Duration = Duration::from_secs(5);

impl Session {
    /// Asks who and where we are until the server answers.
    pub(super) async fn connect(&self, once: bool) -> Result<Newcomer, ConnectError> {
        let (mut waited, mut came) = (false, None);
        let mut pace = Pace::default();
        loop {
            let (version, identity, uid, webhook) = tokio::join!(
                discovery::version(&self.api),
                access::identity(&self.api),
                lone_namespace::uid(&self.api, "kube-system"),
                access::webhook_authorizer(&self.api)
            );
            let ((
                Err(
                    failure @ (Failure::Unreachable(_)
                    | Failure::Unauthorized(_)
                    | Failure::Refused(_)),
                ),
                _,
            )
            | (_, Err(failure @ Failure::Unauthorized(_)))) = (&version, &identity)
            else {
                let newcomer = *came.get_or_insert_with(|| Newcomer::of(waited));
                let known = version.is_ok() && identity.as_ref().is_ok_and(|who| !who.is_empty());
                if !known && newcomer.is_doubted() {
                    sleep(doubt::AGAIN).await;
                    continue;
                }
                self.tell(|info| {
                    info.version = version.unwrap_or_default();
                    info.identity = identity.unwrap_or_default();
                    info.uid = uid.unwrap_or_default();
                    info.webhook_authorizer = webhook;
                    info.trouble.clear();
                })
                .await;
                return Ok(newcomer);
            };
            waited = true;
            let error = ConnectError::of(failure, &self.server());
            if once {
                return Err(error);
            }
            self.tell(|info| info.trouble = error.to_string()).await;
            let mut relist = self.relist.subscribe();
            let wait = pace.next().min(CONNECT);
            let _ = timeout(wait, relist.changed()).await;
        }
    }

    /// Keeps the header's words on the link true.
    pub(super) async fn tell_trouble(&self) {
        let mut link = self.api.link().follow();
        let server = self.server();
        loop {
            let up = link.borrow_and_update().clone();
            let trouble = match (&up.trouble, &up.login) {
                (Some(Trouble::Silent(why)), _) => ConnectError::Unreachable {
                    server: server.clone(),
                    why: why.clone(),
                }
                .to_string(),
                (Some(Trouble::NoStore), _) => format!(
                    "{server} answers, but its store (etcd) does not: what is shown may be old"
                ),
                (None, Some(why)) => ConnectError::Unauthorized {
                    server: server.clone(),
                    why: why.clone(),
                }
                .to_string(),
                (None, None) => String::new(),
            };
            self.tell(|info| info.trouble = trouble).await;
            if link.changed().await.is_err() {
                return;
            }
        }
    }
}
