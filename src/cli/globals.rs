//! Flags that every subcommand takes: where objects come from, and how to connect. kubectl's own names and meanings.

use std::path::PathBuf;
use std::time::Duration;

use clap::{Arg, ArgAction, ArgMatches};

use super::exit::Failure;
use crate::source::live;

/// The flags, read.
#[derive(Clone, Debug, Default)]
pub struct Globals {
    /// `--demo`.
    pub demo: bool,
    /// `-f`.
    pub files: Vec<PathBuf>,
    /// kubectl's connection flags.
    pub connection: live::Options,
    /// `-n`, in order.
    pub namespaces: Vec<String>,
    /// `-A`.
    pub all_namespaces: bool,
    /// `--log`.
    pub log: Option<PathBuf>,
    /// `--color`.
    pub color: Option<String>,
    /// `--theme`.
    pub theme: Option<String>,
    /// `--clipboard`.
    pub clipboard: Option<String>,
    /// `--ascii`.
    pub ascii: bool,
}

/// Adds the flags to the parser.
#[allow(
    clippy::too_many_lines,
    reason = "a table of flags: cut in two it reads worse"
)]
pub fn flags(command: clap::Command) -> clap::Command {
    let value =
        |name: &'static str, help: &'static str| Arg::new(name).long(name).help(help).global(true);
    let connection = "Connection (kubectl's flags)";
    let looks = "Looks";
    command
        .arg(
            Arg::new("demo")
                .long("demo")
                .help("The embedded cluster, alive; needs nothing")
                .action(ArgAction::SetTrue)
                .global(true)
                .conflicts_with("filename"),
        )
        .arg(
            Arg::new("filename")
                .short('f')
                .long("filename")
                .help("Manifests, folders, dumps, a saved snapshot; - is standard input")
                .action(ArgAction::Append)
                .value_name("PATH")
                .value_parser(clap::value_parser!(PathBuf))
                .global(true),
        )
        .arg(
            value("namespace", "Namespace; repeat for several")
                .short('n')
                .action(ArgAction::Append)
                .help_heading(connection),
        )
        .arg(
            Arg::new("all-namespaces")
                .short('A')
                .long("all-namespaces")
                .help("All namespaces")
                .action(ArgAction::SetTrue)
                .global(true)
                .help_heading(connection),
        )
        .arg(
            value("kubeconfig", "Path of the kubeconfig")
                .value_parser(clap::value_parser!(PathBuf))
                .help_heading(connection),
        )
        .arg(value("context", "Context of the kubeconfig").help_heading(connection))
        .arg(value("cluster", "Cluster of the kubeconfig").help_heading(connection))
        .arg(value("user", "User of the kubeconfig").help_heading(connection))
        .arg(
            value("server", "Address of the API server")
                .short('s')
                .help_heading(connection),
        )
        .arg(
            value("token", "Bearer token")
                .help_heading(connection)
                .hide_env_values(true),
        )
        .arg(value("as", "User to impersonate").help_heading(connection))
        .arg(
            value("as-group", "Group to impersonate; repeat for several")
                .action(ArgAction::Append)
                .help_heading(connection),
        )
        .arg(value("as-uid", "UID to impersonate").help_heading(connection))
        .arg(
            value(
                "request-timeout",
                "Longest wait for one answer: 30s, 2m; 0 is no limit",
            )
            .help_heading(connection),
        )
        .arg(
            value("certificate-authority", "File of the certificate authority")
                .value_parser(clap::value_parser!(PathBuf))
                .help_heading(connection),
        )
        .arg(
            value("client-certificate", "File of the client certificate")
                .value_parser(clap::value_parser!(PathBuf))
                .help_heading(connection),
        )
        .arg(
            value("client-key", "File of the client key")
                .value_parser(clap::value_parser!(PathBuf))
                .help_heading(connection),
        )
        .arg(
            value(
                "tls-server-name",
                "Name that the server's certificate must carry",
            )
            .help_heading(connection),
        )
        .arg(
            Arg::new("insecure-skip-tls-verify")
                .long("insecure-skip-tls-verify")
                .help("Do not verify the server's certificate")
                .action(ArgAction::SetTrue)
                .global(true)
                .help_heading(connection),
        )
        .arg(value("log", "Write a log to this file").value_parser(clap::value_parser!(PathBuf)))
        .arg(value("theme", "Theme of the explorer").help_heading(looks))
        .arg(value("color", "Colours: auto, always, never, mono, 16, 256, rgb").help_heading(looks))
        .arg(
            value(
                "clipboard",
                "Way to the clipboard: auto, tmux, osc52, native, off",
            )
            .help_heading(looks),
        )
        .arg(
            Arg::new("ascii")
                .long("ascii")
                .help("Draw with ASCII only")
                .action(ArgAction::SetTrue)
                .global(true)
                .help_heading(looks),
        )
}

impl Globals {
    /// Reads the flags.
    pub fn of(matches: &ArgMatches) -> Result<Globals, Failure> {
        let text = |name: &str| matches.get_one::<String>(name).cloned();
        let path = |name: &str| matches.get_one::<PathBuf>(name).cloned();
        let many = |name: &str| {
            matches
                .get_many::<String>(name)
                .into_iter()
                .flatten()
                .cloned()
                .collect::<Vec<_>>()
        };
        let namespaces = many("namespace");
        Ok(Globals {
            demo: matches.get_flag("demo"),
            files: matches
                .get_many::<PathBuf>("filename")
                .into_iter()
                .flatten()
                .cloned()
                .collect(),
            all_namespaces: matches.get_flag("all-namespaces"),
            log: path("log"),
            color: text("color"),
            theme: text("theme"),
            clipboard: text("clipboard"),
            ascii: matches.get_flag("ascii"),
            connection: live::Options {
                kubeconfig: path("kubeconfig"),
                context: text("context"),
                cluster: text("cluster"),
                user: text("user"),
                namespaces: namespaces.clone(),
                impersonate: text("as"),
                impersonate_groups: many("as-group"),
                impersonate_uid: text("as-uid"),
                server: text("server"),
                token: text("token"),
                request_timeout: timeout(text("request-timeout").as_deref())?,
                insecure_skip_tls_verify: matches.get_flag("insecure-skip-tls-verify"),
                certificate_authority: path("certificate-authority"),
                client_certificate: path("client-certificate"),
                client_key: path("client-key"),
                tls_server_name: text("tls-server-name"),
                ..live::Options::default()
            },
            namespaces,
        })
    }

    /// Where manifests without a namespace go.
    pub fn home(&self) -> &str {
        self.namespaces.first().map_or("default", String::as_str)
    }
}

/// A duration as kubectl takes it.
fn timeout(text: Option<&str>) -> Result<Option<Duration>, Failure> {
    let Some(text) = text else { return Ok(None) };
    let duration = live::parse_duration(text);
    let wrong = || {
        Failure::usage(format!(
            "--request-timeout {text}: write a number with s, m or h; 0 is no limit"
        ))
    };
    duration.map(Some).ok_or_else(wrong)
}
