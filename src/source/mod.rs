//! Where objects come from: an API server, files, the embedded demo. A source turns wire forms into facts and sends
//! them as batches into a bounded channel; nothing of it is known to the engine but the batches.
//!
//! A source is started by its own `start` function, which takes a `SyncSender<Batch>` and returns a [`Handle`]. It runs
//! in threads of its own, ends when told to or when the receiver is gone, and never ends because of what it reads.

pub mod demo;
pub mod files;
pub mod wire;

use std::fmt;
use std::sync::mpsc;

/// What a running source can be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Command {
    /// End, and send nothing more.
    Stop,
    /// Read everything again; what is shown stays until the new lists are complete.
    Relist,
    /// Look at these namespaces only; empty is all that the login may see.
    Namespaces(Vec<String>),
}

/// Control over a running source. Dropping it stops the source.
pub struct Handle {
    tell: Box<dyn Fn(Command) + Send + Sync>,
}

impl Handle {
    /// A handle that passes commands to `tell`, which must not block and must accept a command after the end.
    pub fn new(tell: impl Fn(Command) + Send + Sync + 'static) -> Handle {
        Handle {
            tell: Box::new(tell),
        }
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

    /// Looks at these namespaces only; empty is all that the login may see.
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
