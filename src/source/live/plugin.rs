//! Runs an exec credential plugin: once, quietly, in a session of its own, without a terminal.
//!
//! The client library would run it three times for one client, hand it the terminal, and print its output in errors.
//! What a plugin writes to stdout is a credential and never reaches a message. Protocol: client.authentication.k8s.io.

mod error;
mod terminal;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use kube::config::{Cluster, ExecConfig, ExecInteractiveMode};
use process_wrap::tokio::{CommandWrap, KillOnDrop, ProcessSession};
use serde_json::Value;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::config_error::ConfigError;
use super::exec_credential::{self, Credential};
use crate::model::text::clean;

pub(super) use error::PluginError;
pub use terminal::TerminalRun;

/// How long a plugin may take without a person.
const PATIENCE: Duration = Duration::from_secs(60);

/// More than any credential: a plugin that writes more is not one.
const LONGEST_ANSWER: u64 = 1 << 20;

/// A credential plugin of a kubeconfig's user.
#[derive(Clone)]
pub(super) struct Plugin {
    program: String,
    arguments: Vec<String>,
    variables: BTreeMap<String, String>,
    mode: ExecInteractiveMode,
    hint: Option<String>,
    api_version: String,
    cluster: Option<Value>,
    patience: Duration,
    /// The person gave the file by `--kubeconfig` and has not seen yet what it runs.
    pub(super) unconfirmed: bool,
}

impl Plugin {
    /// Takes over what a kubeconfig says of a plugin.
    pub(super) fn new(
        exec: ExecConfig,
        cluster: &Cluster,
        user: &str,
        unconfirmed: bool,
    ) -> Result<Plugin, ConfigError> {
        let refuse = |why: &str| ConfigError::Login {
            user: user.to_owned(),
            why: why.to_owned(),
        };
        let program = exec
            .command
            .filter(|c| !c.is_empty())
            .ok_or_else(|| refuse("its exec entry names no command"))?;
        let api_version = exec.api_version.unwrap_or_default();
        if !matches!(
            api_version.as_str(),
            "client.authentication.k8s.io/v1" | "client.authentication.k8s.io/v1beta1"
        ) {
            return Err(refuse(&format!(
                "its exec entry has apiVersion {api_version:?}; v1 and v1beta1 of client.authentication.k8s.io are known"
            )));
        }
        let variables = exec.env.unwrap_or_default().into_iter();
        let variables =
            variables.filter_map(|mut pair| Some((pair.remove("name")?, pair.remove("value")?)));
        Ok(Plugin {
            program,
            arguments: exec.args.unwrap_or_default(),
            variables: variables.collect(),
            mode: exec
                .interactive_mode
                .unwrap_or(ExecInteractiveMode::IfAvailable),
            hint: exec.install_hint,
            api_version,
            cluster: exec
                .provide_cluster_info
                .then(|| exec_credential::cluster_info(cluster)),
            patience: PATIENCE,
            unconfirmed,
        })
    }

    /// Can only run with a terminal.
    pub(super) fn must_ask(&self) -> bool {
        self.mode == ExecInteractiveMode::Always
    }

    /// May be given the terminal when it fails without.
    pub(super) fn may_ask(&self) -> bool {
        self.mode != ExecInteractiveMode::Never
    }

    /// The command line as a person would read it, cleaned.
    pub(super) fn command_line(&self) -> String {
        let words = std::iter::once(&self.program).chain(&self.arguments);
        clean(&words.map(String::as_str).collect::<Vec<_>>().join(" ")).into_owned()
    }

    /// Runs it without a terminal.
    pub(super) async fn run(&self) -> Result<Credential, PluginError> {
        let mut wrap = CommandWrap::with_new(&self.program, |command| {
            command
                .args(&self.arguments)
                .envs(&self.variables)
                .env("KUBERNETES_EXEC_INFO", self.info(false));
            command
                .stdin(Stdio::null())
                .stdout(Stdio::piped())
                .stderr(Stdio::piped());
        });
        let mut child = wrap
            .wrap(ProcessSession)
            .wrap(KillOnDrop)
            .spawn()
            .map_err(|e| self.start_error(&e))?;
        let (out, err) = (child.stdout().take(), child.stderr().take());
        let ended = tokio::time::timeout(self.patience, async {
            let (out, err) = tokio::join!(read(out), read(err));
            (child.wait().await, out, err)
        });
        let Ok((status, out, err)) = ended.await else {
            // The whole session: a shell script's children would go on otherwise.
            let _ = child.start_kill();
            return Err(PluginError::Slow {
                command: self.command_line(),
                seconds: self.patience.as_secs(),
            });
        };
        let status = status.map_err(|e| self.start_error(&e))?;
        if !status.success() {
            return Err(PluginError::Failed {
                command: self.command_line(),
                status: status.to_string(),
                said: last_words(&err),
            });
        }
        self.parse(&out)
    }

    /// Runs it with the terminal of this process: the person answers it. Blocks.
    fn run_on_terminal(&self) -> Result<Credential, PluginError> {
        let mut command = std::process::Command::new(&self.program);
        command
            .args(&self.arguments)
            .envs(&self.variables)
            .env("KUBERNETES_EXEC_INFO", self.info(true));
        command
            .stdin(Stdio::inherit())
            .stdout(Stdio::piped())
            .stderr(Stdio::inherit());
        let output = command.output().map_err(|e| self.start_error(&e))?;
        if !output.status.success() {
            let said = "it said why on the terminal".to_owned();
            return Err(PluginError::Failed {
                command: self.command_line(),
                status: output.status.to_string(),
                said,
            });
        }
        self.parse(&output.stdout)
    }

    fn start_error(&self, error: &std::io::Error) -> PluginError {
        let hint = match &self.hint {
            Some(hint) if error.kind() == std::io::ErrorKind::NotFound => {
                format!(". {}", clean(hint.trim()))
            }
            _ => String::new(),
        };
        PluginError::Start {
            command: self.command_line(),
            why: error.to_string(),
            hint,
        }
    }

    fn info(&self, interactive: bool) -> String {
        exec_credential::question(&self.api_version, interactive, self.cluster.as_ref())
    }

    fn parse(&self, answer: &[u8]) -> Result<Credential, PluginError> {
        Credential::parse(answer, &self.api_version).map_err(|why| PluginError::Answer {
            command: self.command_line(),
            why,
        })
    }
}

/// Never prints the variables: they can hold secrets.
impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plugin({})", self.command_line())
    }
}

async fn read(stream: Option<impl AsyncRead + Unpin>) -> Vec<u8> {
    let mut bytes = Vec::new();
    if let Some(stream) = stream {
        let _ = stream.take(LONGEST_ANSWER).read_to_end(&mut bytes).await;
    }
    bytes
}

/// The end of what it wrote to stderr, in one line.
fn last_words(err: &[u8]) -> String {
    let text = String::from_utf8_lossy(err);
    let lines: Vec<&str> = text
        .lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .collect();
    let tail = lines
        .get(lines.len().saturating_sub(3)..)
        .unwrap_or_default()
        .join("; ");
    let skip = tail.chars().count().saturating_sub(300);
    let said: String = clean(&tail).chars().skip(skip).collect();
    if said.is_empty() {
        "it said nothing".to_owned()
    } else {
        said
    }
}
