//! One running program of the control plane: its command line, so that it can be started again, its log, and its end.

use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};

use anyhow::Context;
use rustix::process::{Pid, Signal, kill_process};

use super::{Program, Result};

/// A program of a control plane that was started at least once.
pub struct Process {
    program: Program,
    arguments: Vec<String>,
    home: PathBuf,
    log: PathBuf,
    child: Child,
}

impl Process {
    /// Starts it with `directory` as its home; what it prints goes to `<name>.log` there.
    pub fn start(program: Program, arguments: Vec<String>, directory: &Path) -> Result<Self> {
        let log = directory.join(format!("{}.log", program.name()));
        let child = spawn(program, &arguments, directory, &log)?;
        Ok(Self {
            program,
            arguments,
            home: directory.to_owned(),
            log,
            child,
        })
    }

    /// Starts the same command line once more; the former process must have ended.
    pub fn start_again(&mut self) -> Result {
        self.child = spawn(self.program, &self.arguments, &self.home, &self.log)?;
        Ok(())
    }

    /// Which program it is.
    pub fn program(&self) -> Program {
        self.program
    }

    /// The process id, for whoever has to end it if we cannot; none once it has ended.
    pub fn running(&mut self) -> Option<u32> {
        let alive = matches!(self.child.try_wait(), Ok(None));
        alive.then(|| self.child.id())
    }

    /// Stops or continues it.
    pub fn signal(&self, signal: Signal) -> Result {
        kill_process(Pid::from_child(&self.child), signal)
            .with_context(|| format!("signalling {}", self.program.name()))
    }

    /// `kill -9`, and waits for its end. An API server that lost its etcd does not listen to anything softer.
    pub fn kill(&mut self) -> Result {
        self.child.kill()?;
        self.child.wait()?;
        Ok(())
    }

    /// The end of its log, for messages.
    pub fn last_words(&self) -> String {
        let log = fs::read(&self.log).unwrap_or_default();
        let log = String::from_utf8_lossy(&log);
        let lines: Vec<_> = log.lines().rev().take(12).collect();
        let lines: Vec<_> = lines.into_iter().rev().collect();
        format!("{} last said:\n{}", self.program.name(), lines.join("\n"))
    }
}

fn spawn(program: Program, arguments: &[String], home: &Path, log: &Path) -> Result<Child> {
    use std::os::unix::process::CommandExt;
    let file = program.path()?;
    let log = File::options().create(true).append(true).open(log)?;
    let mut command = Command::new(&file);
    command
        .args(arguments)
        .current_dir(home)
        .env("HOME", home)
        .env_remove("KUBECONFIG");
    command
        .stdin(Stdio::null())
        .stdout(log.try_clone()?)
        .stderr(log);
    command.process_group(0); // Ctrl-C ends the tests, and the janitor then ends this: it must not die halfway on its own
    command
        .spawn()
        .with_context(|| format!("starting {}", file.display()))
}
