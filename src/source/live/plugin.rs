//! Runs an exec credential plugin: once, quietly, in a session of its own, without a terminal.
//!
//! The client library would run it three times for one client, hand it the terminal, and print its output in errors.
//! What a plugin writes to stdout is a credential and never reaches a message. Protocol: client.authentication.k8s.io.

use std::collections::BTreeMap;
use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use jiff::Timestamp;
use kube::config::{Cluster, ExecConfig, ExecInteractiveMode};
use process_wrap::tokio::{CommandWrap, KillOnDrop, ProcessSession};
use secrecy::SecretString;
use serde::Deserialize;
use serde_json::{Value, json};
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::config::ConfigError;
use crate::model::text::clean;

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

/// What a plugin gives.
#[derive(Clone, Debug)]
pub(super) struct Credential {
    pub(super) token: Option<SecretString>,
    /// Certificate and key, PEM.
    pub(super) identity: Option<(String, SecretString)>,
    pub(super) expires: Option<Timestamp>,
}

/// Why a plugin gave nothing. Never holds what it wrote to stdout.
#[derive(Clone, Debug, Error)]
pub(super) enum PluginError {
    #[error("the credential plugin `{command}` cannot be started: {why}{hint}")]
    Start {
        command: String,
        why: String,
        hint: String,
    },
    #[error("the credential plugin `{command}` failed ({status}): {said}")]
    Failed {
        command: String,
        status: String,
        said: String,
    },
    #[error(
        "the credential plugin `{command}` gave no answer within {} seconds",
        seconds
    )]
    Slow { command: String, seconds: u64 },
    #[error("the credential plugin `{command}` gave no credential: {why}")]
    Answer { command: String, why: String },
    #[error(
        "the credential plugin `{command}` must ask; run `kubectl get ns` once in a terminal, then come back"
    )]
    MustAsk { command: String },
    #[error("the credential plugin `{command}` was not allowed to run")]
    NotAllowed { command: String },
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
            cluster: exec.provide_cluster_info.then(|| cluster_info(cluster)),
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
        let mut spec = json!({ "interactive": interactive });
        if let (Some(cluster), Some(map)) = (&self.cluster, spec.as_object_mut()) {
            map.insert("cluster".to_owned(), cluster.clone());
        }
        json!({ "apiVersion": self.api_version, "kind": "ExecCredential", "spec": spec })
            .to_string()
    }

    fn parse(&self, answer: &[u8]) -> Result<Credential, PluginError> {
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Answer {
            api_version: Option<String>,
            kind: Option<String>,
            status: Option<Status>,
        }
        #[derive(Deserialize)]
        #[serde(rename_all = "camelCase")]
        struct Status {
            token: Option<String>,
            client_certificate_data: Option<String>,
            client_key_data: Option<String>,
            expiration_timestamp: Option<Timestamp>,
        }
        let refuse = |why: &str| PluginError::Answer {
            command: self.command_line(),
            why: why.to_owned(),
        };
        // The parser's message could quote the credential: only the place is told.
        let told = |e: serde_json::Error| {
            refuse(&format!(
                "what it wrote is no ExecCredential (line {}, column {})",
                e.line(),
                e.column()
            ))
        };
        let answer: Answer = serde_json::from_slice(answer).map_err(told)?;
        if answer.kind.as_deref() != Some("ExecCredential")
            || answer.api_version.as_deref() != Some(&self.api_version)
        {
            return Err(refuse(&format!(
                "it did not answer as {} ExecCredential",
                self.api_version
            )));
        }
        let status = answer
            .status
            .ok_or_else(|| refuse("its answer has no status"))?;
        let token = status.token.filter(|token| !token.is_empty());
        let identity = match (status.client_certificate_data, status.client_key_data) {
            (Some(certificate), Some(key)) => Some((certificate, SecretString::from(key))),
            (None, None) => None,
            _ => {
                return Err(refuse(
                    "a certificate needs its key, and a key its certificate",
                ));
            }
        };
        if token.is_none() && identity.is_none() {
            return Err(refuse("its status has neither a token nor a certificate"));
        }
        Ok(Credential {
            token: token.map(SecretString::from),
            identity,
            expires: status.expiration_timestamp,
        })
    }
}

/// Never prints the variables: they can hold secrets.
impl fmt::Debug for Plugin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Plugin({})", self.command_line())
    }
}

/// `spec.cluster` of an ExecCredential, for plugins with `provideClusterInfo`.
fn cluster_info(cluster: &Cluster) -> Value {
    let mut info = json!({ "server": cluster.server.clone().unwrap_or_default() });
    let mut add = |key: &str, value: Option<Value>| {
        if let (Some(value), Some(map)) = (value, info.as_object_mut()) {
            map.insert(key.to_owned(), value);
        }
    };
    let file = || std::fs::read(cluster.certificate_authority.as_ref()?).ok();
    let encode = |bytes: Vec<u8>| serde_json::to_value(k8s_openapi::ByteString(bytes)).ok();
    let authority = cluster
        .certificate_authority_data
        .clone()
        .map(Value::from)
        .or_else(|| file().and_then(encode));
    add("certificate-authority-data", authority);
    add(
        "tls-server-name",
        cluster.tls_server_name.clone().map(Value::from),
    );
    add(
        "insecure-skip-tls-verify",
        cluster
            .insecure_skip_tls_verify
            .filter(|skip| *skip)
            .map(Value::from),
    );
    add("proxy-url", cluster.proxy_url.clone().map(Value::from));
    let extensions = cluster.extensions.iter().flatten();
    let config = extensions
        .into_iter()
        .find(|e| e.name == "client.authentication.k8s.io/exec");
    add("config", config.map(|e| e.extension.clone()));
    info
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

/// A plugin that waits for the terminal.
#[derive(Clone, Debug)]
pub struct TerminalRun {
    plugin: Plugin,
    result: std::sync::Arc<std::sync::Mutex<Option<Result<Credential, PluginError>>>>,
}

impl TerminalRun {
    pub(super) fn new(plugin: &Plugin) -> TerminalRun {
        TerminalRun {
            plugin: plugin.clone(),
            result: std::sync::Arc::default(),
        }
    }

    /// The command line, to show before it runs.
    pub fn command_line(&self) -> String {
        self.plugin.command_line()
    }

    /// Runs the plugin on the terminal of this process and waits for it. Call it with the screen left.
    pub fn run(&self) {
        let result = self.plugin.run_on_terminal();
        *self
            .result
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner) = Some(result);
    }

    pub(super) fn take(&self) -> Option<Result<Credential, PluginError>> {
        self.result
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner)
            .take()
    }
}
