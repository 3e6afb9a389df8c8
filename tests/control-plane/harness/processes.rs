//! All processes of one cluster together, and the janitor who is always told which of them still run.

use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

use anyhow::{Context, anyhow};

use super::janitor::Janitor;
use super::process::Process;
use super::{Program, Result};

/// What has to end with a cluster.
pub struct Processes(Mutex<Running>);

struct Running {
    processes: Vec<Process>,
    janitor: Option<Janitor>,
}

impl Processes {
    /// None yet, in a directory that goes when they go.
    pub fn in_directory(directory: &Path) -> Result<Self> {
        let janitor = Some(Janitor::of(directory)?);
        Ok(Self(Mutex::new(Running {
            processes: Vec::new(),
            janitor,
        })))
    }

    /// Starts one more.
    pub fn launch(&self, program: Program, arguments: Vec<String>, directory: &Path) -> Result {
        let process = Process::start(program, arguments, directory)?;
        let mut running = self.lock();
        running.processes.push(process);
        running.tell_janitor()
    }

    /// Does something to one of them, which may end or start it.
    pub fn with<T>(
        &self,
        program: Program,
        act: impl FnOnce(&mut Process) -> Result<T>,
    ) -> Result<T> {
        let mut running = self.lock();
        let mut all = running.processes.iter_mut();
        let process = all.find(|process| process.program() == program);
        let result = act(process.ok_or_else(|| anyhow!("{} does not run here", program.name()))?)?;
        running.tell_janitor()?;
        Ok(result)
    }

    /// The last words of every one that does not run any more.
    pub fn casualties(&self) -> Vec<String> {
        let mut running = self.lock();
        let dead = running
            .processes
            .iter_mut()
            .filter_map(|process| process.running().is_none().then(|| process.last_words()));
        dead.collect()
    }

    /// Kills them all, the youngest first, and forgets them.
    pub fn kill_all(&self) {
        self.lock().kill_all();
    }

    /// Kills them all and removes the directory.
    pub fn end(&self) {
        let mut running = self.lock();
        running.kill_all();
        drop(running.janitor.take());
    }

    fn lock(&self) -> MutexGuard<'_, Running> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Running {
    fn tell_janitor(&mut self) -> Result {
        let pids = self.processes.iter_mut().filter_map(Process::running);
        let janitor = self.janitor.as_mut().context("the cluster has ended")?;
        janitor.watch(pids)
    }

    /// An error here means that it had ended already.
    fn kill_all(&mut self) {
        for mut process in self.processes.drain(..).rev() {
            let _ = process.kill();
        }
        let _ = self.tell_janitor();
    }
}
