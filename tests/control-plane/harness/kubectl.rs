//! Running the real kubectl, and the built `bartizan`, as one of the users.

use std::ffi::OsString;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::thread;

use anyhow::{Context, ensure};
use serde_json::Value;

use super::{Cluster, Program, Result, User};

/// What a command printed and how it ended.
#[derive(Clone, Debug)]
pub struct Output {
    /// The exit status; none if a signal ended it.
    pub code: Option<i32>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

impl Output {
    /// Standard output, or an error with all that was said unless it ended with 0.
    pub fn success(self) -> Result<String> {
        ensure!(
            self.code == Some(0),
            "ended with {:?}: {}{}",
            self.code,
            self.stdout,
            self.stderr
        );
        Ok(self.stdout)
    }
}

impl Cluster {
    /// `kubectl ARGUMENTS`, whatever its exit status. Fails only where it cannot be run.
    pub fn kubectl(&self, user: User, arguments: &[&str]) -> Result<Output> {
        self.kubectl_stdin(user, arguments, "")
    }

    /// The same, with something to read from `-f -` or `--patch-file /dev/stdin`.
    pub fn kubectl_stdin(&self, user: User, arguments: &[&str], input: &str) -> Result<Output> {
        let mut command = self.command(Program::Kubectl.path()?.as_os_str(), user);
        command.arg("--request-timeout=60s").args(arguments);
        run(command, input).with_context(|| format!("kubectl {}", arguments.join(" ")))
    }

    /// `kubectl ARGUMENTS` as admin, which must succeed: its standard output.
    pub fn admin(&self, arguments: &[&str]) -> Result<String> {
        let output = self.kubectl(User::Admin, arguments)?;
        output
            .success()
            .with_context(|| format!("kubectl {}", arguments.join(" ")))
    }

    /// `kubectl get ARGUMENTS -o json` as admin.
    pub fn get(&self, arguments: &[&str]) -> Result<Value> {
        let output = self.admin(&[&["get", "-o", "json"], arguments].concat())?;
        serde_json::from_str(&output).context("reading what kubectl get printed")
    }

    /// `kubectl apply -f -` as admin, as a person would: with the annotation of what was last applied.
    pub fn apply(&self, yaml: &str) -> Result<String> {
        self.kubectl_stdin(User::Admin, &["apply", "-f", "-"], yaml)?
            .success()
            .context("kubectl apply")
    }

    /// Runs a line as a person would who pastes it into a shell: kubectl is on the path, and admin is logged in.
    pub fn paste(&self, line: &str) -> Result<String> {
        ensure!(!line.is_empty(), "nothing to paste");
        let kubectl = Program::Kubectl.path()?;
        let folder = kubectl.parent().unwrap_or(Path::new("/"));
        let path = std::env::var("PATH").unwrap_or_default();
        let mut command = Command::new("sh");
        command
            .args(["-c", &format!("set -e\n{line}")])
            .env("PATH", format!("{}:{path}", folder.display()))
            .env("KUBECONFIG", self.kubeconfig(User::Admin))
            .env("HOME", self.home())
            .current_dir(self.home());
        run(command, "")?.success().with_context(|| line.to_owned())
    }

    /// The built `bartizan`, logged in as this user, with an empty home: add arguments and run it.
    pub fn bartizan(&self, user: User) -> Command {
        self.command(&bartizan(), user)
    }

    fn command(&self, file: &std::ffi::OsStr, user: User) -> Command {
        let mut command = Command::new(file);
        command.arg("--kubeconfig").arg(self.kubeconfig(user));
        command
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("HOME", self.home()).current_dir(self.home());
        command
    }
}

/// The program under test: the one built with the tests, or the one that `BARTIZAN` names, such as a release build.
pub fn bartizan() -> OsString {
    let named = std::env::var_os("BARTIZAN").filter(|file| !file.is_empty());
    named.unwrap_or_else(|| env!("CARGO_BIN_EXE_bartizan").into())
}

/// Runs a command to its end, feeding it while it may already be answering.
pub fn run(mut command: Command, input: &str) -> Result<Output> {
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = command.spawn()?;
    let pipe = child.stdin.take();
    let output = thread::scope(|scope| {
        // A program that does not read its input may close it at any time.
        scope.spawn(move || pipe.map(|mut pipe| pipe.write_all(input.as_bytes())));
        child.wait_with_output()
    })?;
    let text = |bytes| String::from_utf8_lossy(bytes).into_owned();
    Ok(Output {
        code: output.status.code(),
        stdout: text(&output.stdout),
        stderr: text(&output.stderr),
    })
}
