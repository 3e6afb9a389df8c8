//! What goes wrong with real control planes, on demand. Only on a cluster of one's own.

use rustix::process::Signal;

use super::process::Process;
use super::{Cluster, Program, Result};

impl Cluster {
    /// `kill -9`: every connection breaks, nothing answers.
    pub fn kill_apiserver(&self) -> Result {
        self.processes.with(Program::ApiServer, Process::kill)
    }

    /// Starts it again with the same command line and waits until it is ready. Its watch history is gone: an old
    /// resourceVersion is now `410 Gone`.
    pub fn restart_apiserver(&self) -> Result {
        self.processes
            .with(Program::ApiServer, Process::start_again)?;
        self.await_server()
    }

    /// Stops etcd in its tracks: the API server still accepts connections, but reads and writes hang.
    pub fn pause_etcd(&self) -> Result {
        self.processes
            .with(Program::Etcd, |etcd| etcd.signal(Signal::STOP))
    }

    /// Lets it go on.
    pub fn resume_etcd(&self) -> Result {
        self.processes
            .with(Program::Etcd, |etcd| etcd.signal(Signal::CONT))
    }
}
