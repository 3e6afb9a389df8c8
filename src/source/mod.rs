//! Where objects come from: an API server, files, the embedded demo. A source turns wire forms into facts and sends
//! them as batches into a bounded channel; nothing of it is known to the engine but the batches.
//!
//! A source is started by its own `start` function, which takes a `SyncSender<Batch>` and returns a [`Handle`]. It runs
//! in threads of its own, ends when told to or when the receiver is gone, and never ends because of what it reads.

pub mod demo;
pub mod files;
pub mod live;
pub mod wire;

use std::fmt;
use std::sync::mpsc;

use crate::model::ObjectKey;

/// What a running source can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// End, and send nothing more.
    Stop,
    /// Read everything again; what is shown stays until the new lists are complete.
    Relist,
    /// Look into these namespaces where the login may not look at the whole cluster; empty is all that it may see.
    Namespaces(Vec<String>),
}

/// Why a full object cannot be shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum FetchError {
    /// The source does not keep, or cannot find, whole objects of this kind.
    #[error("the whole object is not available here")]
    NotKept,
    /// It is a Secret.
    #[error("a Secret is never read")]
    Secret,
    /// It is not there any more.
    #[error("it is gone")]
    Gone,
    /// It could not be read now.
    #[error("it cannot be read: {0}")]
    Failed(String),
}

type Fetch = Box<dyn Fn(&ObjectKey) -> Result<serde_json::Value, FetchError> + Send + Sync>;

/// Control over a running source. Dropping it stops the source.
pub struct Handle {
    tell: Box<dyn Fn(Command) + Send + Sync>,
    fetch: Fetch,
}

impl Handle {
    /// A handle that passes commands to `tell`, which must not block and must accept a command after the end.
    pub fn new(tell: impl Fn(Command) + Send + Sync + 'static) -> Handle {
        Handle {
            tell: Box::new(tell),
            fetch: Box::new(|_| Err(FetchError::NotKept)),
        }
    }

    /// The same handle, which can show full objects too. `fetch` may block.
    #[must_use]
    pub fn with_fetch(
        mut self,
        fetch: impl Fn(&ObjectKey) -> Result<serde_json::Value, FetchError> + Send + Sync + 'static,
    ) -> Handle {
        self.fetch = Box::new(fetch);
        self
    }

    /// The full object as its source holds it. Blocks: call it outside of drawing and updating.
    pub fn fetch(&self, key: &ObjectKey) -> Result<serde_json::Value, FetchError> {
        (self.fetch)(key)
    }

    /// A handle for a source that reads its commands from a channel.
    pub fn channel() -> (Handle, mpsc::Receiver<Command>) {
        let (sender, receiver) = mpsc::channel();
        let handle = Handle::new(move |command| drop(sender.send(command)));
        (handle, receiver)
    }

    /// Ends the source.
    pub fn stop(&self) {
        (self.tell)(Command::Stop);
    }

    /// Reads everything again.
    pub fn relist(&self) {
        (self.tell)(Command::Relist);
    }

    /// Looks into these namespaces where the login may not look at the whole cluster; empty is all that it may see.
    pub fn set_namespaces(&self, namespaces: Vec<String>) {
        (self.tell)(Command::Namespaces(namespaces));
    }
}

impl Drop for Handle {
    fn drop(&mut self) {
        self.stop();
    }
}

impl fmt::Debug for Handle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Handle")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dropping_the_handle_stops_the_source() {
        let (handle, commands) = Handle::channel();
        handle.relist();
        handle.set_namespaces(vec!["shop".into()]);
        drop(handle);
        let said: Vec<_> = commands.iter().collect();
        let shop = Command::Namespaces(vec!["shop".into()]);
        assert_eq!(said, [Command::Relist, shop, Command::Stop]);
    }

    #[test]
    fn commands_after_the_end_do_no_harm() {
        let (handle, commands) = Handle::channel();
        drop(commands);
        handle.stop();
    }
}
