//! Runs an exec credential plugin: once, quietly, in a session of its own, without a terminal.
//!
//! The client library would run it three times for one client, hand it the terminal, and print its output in errors.
//! What a plugin writes to stdout is a credential and never reaches a message. Protocol: client.authentication.k8s.io.

use std::collections::BTreeMap;
use std::fmt;
use std::process::Stdio;
use std::time::Duration;

use kube::config::{Cluster, ExecConfig, ExecInteractiveMode};
use process_wrap::tokio::{CommandWrap, KillOnDrop, ProcessSession};
use serde_json::Value;
use thiserror::Error;
use tokio::io::{AsyncRead, AsyncReadExt};

use super::config_error::ConfigError;
use super::exec_credential::{self, Credential};
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

#[cfg(test)]
mod tests {
    use std::time::Instant;

    use secrecy::ExposeSecret;
    use serde_json::json;

    use super::*;

    /// A plugin that runs this shell script.
    fn script(script: &str) -> Plugin {
        let exec = ExecConfig {
            api_version: Some("client.authentication.k8s.io/v1".to_owned()),
            command: Some("sh".to_owned()),
            args: Some(vec!["-c".to_owned(), script.to_owned()]),
            env: Some(vec![
                [
                    ("name".to_owned(), "REGION".to_owned()),
                    ("value".to_owned(), "eu".to_owned()),
                ]
                .into(),
            ]),
            provide_cluster_info: true,
            ..ExecConfig::default()
        };
        let cluster = Cluster {
            server: Some("https://one.example.com".to_owned()),
            certificate_authority_data: Some("Y2E=".to_owned()),
            ..Cluster::default()
        };
        Plugin::new(exec, &cluster, "jo", false).unwrap()
    }

    fn answer(status: &str) -> String {
        format!(
            r#"echo '{{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{status}}}'"#
        )
    }

    #[tokio::test]
    async fn a_token_with_its_end() {
        let plugin = script(&answer(
            r#"{"token":"t1","expirationTimestamp":"2030-01-01T00:00:00Z"}"#,
        ));
        let credential = plugin.run().await.unwrap();
        assert_eq!(credential.token.unwrap().expose_secret(), "t1");
        assert_eq!(
            credential.expires.unwrap().to_string(),
            "2030-01-01T00:00:00Z"
        );
    }

    #[tokio::test]
    async fn a_certificate_with_its_key() {
        let plugin = script(&answer(
            r#"{"clientCertificateData":"C","clientKeyData":"K"}"#,
        ));
        let (certificate, key) = plugin.run().await.unwrap().identity.unwrap();
        assert_eq!((certificate.as_str(), key.expose_secret()), ("C", "K"));
        let half = script(&answer(r#"{"clientCertificateData":"C"}"#))
            .run()
            .await
            .unwrap_err()
            .to_string();
        assert!(half.contains("needs its key"), "{half}");
    }

    #[tokio::test]
    async fn it_is_told_what_kubectl_would_tell_it() {
        let plugin = script(
            r#"printf '{"apiVersion":"client.authentication.k8s.io/v1","kind":"ExecCredential","status":{"token":"%s|%s"}}' "$REGION" "$(printf %s "$KUBERNETES_EXEC_INFO" | base64 -w0)""#,
        );
        let token = plugin.run().await.unwrap().token.unwrap();
        let (region, info) = token.expose_secret().split_once('|').unwrap();
        let info: Value =
            serde_json::from_slice(&super::super::base64::decode(info).unwrap()).unwrap();
        assert_eq!(region, "eu");
        assert_eq!(info["kind"], "ExecCredential");
        assert_eq!(
            info["spec"],
            json!({"interactive": false, "cluster": {"server": "https://one.example.com", "certificate-authority-data": "Y2E="}})
        );
    }

    #[tokio::test]
    async fn it_has_no_terminal_and_a_session_of_its_own() {
        // The session's leader is the plugin itself, stdin is at its end, and /dev/tty cannot be opened.
        let plugin = script(
            r#"[ "$(ps -o sid= -p $$ | tr -d ' ')" = "$$" ] || exit 3; read line && exit 4; (: </dev/tty) 2>/dev/null && exit 5; echo done >&2; exit 9"#,
        );
        let error = plugin.run().await.unwrap_err().to_string();
        assert!(
            error.contains("exit status: 9") && error.ends_with("done"),
            "{error}"
        );
    }

    #[tokio::test]
    async fn what_it_writes_to_stdout_is_in_no_error() {
        for end in ["; exit 1", ""] {
            let error = script(&format!("printf s3cr%s 3t-token{end}"))
                .run()
                .await
                .unwrap_err();
            assert!(
                !format!("{error} {error:?}").contains("s3cr3t"),
                "{error:?}"
            );
        }
        let other = script(
            r#"echo '{"apiVersion":"client.authentication.k8s.io/v1beta1","kind":"ExecCredential","status":{"token":"s3cr3t"}}'"#,
        );
        let error = other.run().await.unwrap_err().to_string();
        assert!(
            error.contains("did not answer as client.authentication.k8s.io/v1"),
            "{error}"
        );
        let empty = script(&answer("{}")).run().await.unwrap_err().to_string();
        assert!(
            empty.contains("neither a token nor a certificate"),
            "{empty}"
        );
    }

    #[tokio::test]
    async fn it_may_not_take_for_ever_and_its_children_end_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let mark = folder.path().join("mark");
        let mut plugin = script(&format!("(sleep 2; touch {}) & sleep 60", mark.display()));
        plugin.patience = Duration::from_millis(300);
        let started = Instant::now();
        assert!(matches!(plugin.run().await, Err(PluginError::Slow { .. })));
        assert!(started.elapsed() < Duration::from_secs(2));
        tokio::time::sleep(Duration::from_millis(2500)).await;
        assert!(!mark.exists(), "a child went on");
    }

    #[tokio::test]
    async fn one_that_is_not_installed_says_how_to_install_it() {
        let exec = ExecConfig {
            api_version: Some("client.authentication.k8s.io/v1beta1".to_owned()),
            command: Some("no-such-plugin-anywhere".to_owned()),
            install_hint: Some("Install it with \u{1b}[1mthe package manager".to_owned()),
            ..ExecConfig::default()
        };
        let plugin = Plugin::new(exec, &Cluster::default(), "jo", false).unwrap();
        let error = plugin.run().await.unwrap_err().to_string();
        assert!(
            error.contains("no-such-plugin-anywhere")
                && error.contains("the package manager")
                && !error.contains('\u{1b}'),
            "{error}"
        );
    }

    #[test]
    fn entries_that_cannot_work_are_refused_before_they_run() {
        let entry = |version: &str, command: Option<&str>| {
            let exec = ExecConfig {
                api_version: Some(version.to_owned()),
                command: command.map(str::to_owned),
                ..ExecConfig::default()
            };
            Plugin::new(exec, &Cluster::default(), "jo", false)
        };
        assert!(
            entry("client.authentication.k8s.io/v1", None)
                .unwrap_err()
                .to_string()
                .contains("names no command")
        );
        assert!(
            entry("client.authentication.k8s.io/v1alpha1", Some("x"))
                .unwrap_err()
                .to_string()
                .contains("v1alpha1")
        );
        assert!(entry("client.authentication.k8s.io/v1", Some("x")).is_ok());
    }

    #[test]
    fn the_command_line_is_cleaned_and_the_variables_are_not_shown() {
        let plugin = script("echo \u{1b}[2J");
        assert!(!plugin.command_line().contains('\u{1b}'));
        assert!(!format!("{plugin:?}").contains("REGION"));
    }
}
