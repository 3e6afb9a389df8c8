//! The audit log as a witness: whatever Bartizan is asked, it only gets, lists and watches, and asks what it may do itself.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use anyhow::ensure;
use libtest_mimic::Trial;

use crate::harness::{AuditLine, Cluster, Needs, Result, User, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "conduct/only_reads_and_never_a_secret",
        Needs::Nodes,
        &[],
        only_reads_and_never_a_secret,
    )]
}

/// Reviews of the caller's own rights: the only thing that is ever created, and nothing is stored.
const REVIEWS: [&str; 3] = [
    "selfsubjectaccessreviews",
    "selfsubjectrulesreviews",
    "selfsubjectreviews",
];

fn only_reads_and_never_a_secret(cluster: &Cluster) -> Result {
    let folder = cluster.home();
    let saved = folder.join("saved.json");
    let saved = saved.to_str().unwrap_or_default();
    let log = folder.join("log");
    let users = [
        User::Admin,
        User::Viewer,
        User::ViewOnly,
        User::OneNamespace,
        User::Nobody,
    ];
    for user in users {
        for arguments in [&["report", "-o", "jsonl"][..], &["snapshot", saved]] {
            let mut command = cluster.bartizan(user);
            command.args(arguments).arg("--log").arg(&log);
            run(command, "")?;
        }
    }
    let ours: Vec<_> = cluster
        .audit()?
        .into_iter()
        .filter(|line| line.user_agent.starts_with("bartizan"))
        .collect();
    ensure!(
        ours.len() > 100,
        "only {} requests are in the log",
        ours.len()
    );
    for line in &ours {
        let reads = ["get", "list", "watch"].contains(&line.verb.as_str());
        let asks = line.verb == "create" && REVIEWS.contains(&line.resource.as_str());
        ensure!(reads || asks, "{line:?}");
        ensure!(
            !["secrets", "configmaps"].contains(&line.resource.as_str()),
            "{line:?}"
        );
        ensure!(line.subresource.is_empty(), "{line:?}");
    }
    logged(&log, &ours)
}

/// The program's own log tells of every request that the server saw, and nobody else can read it.
fn logged(log: &Path, ours: &[AuditLine]) -> Result {
    let mode = fs::metadata(log)?.permissions().mode() & 0o777;
    ensure!(mode == 0o600, "the log's mode is {mode:o}");
    let text = fs::read_to_string(log)?;
    let told: BTreeSet<&str> = text
        .lines()
        .filter_map(|line| line.split_once("uri=")?.1.split_whitespace().next())
        .collect();
    let path = |uri: &str| told.iter().any(|told| told.ends_with(uri));
    let untold: Vec<_> = ours.iter().filter(|line| !path(&line.uri)).collect();
    ensure!(untold.is_empty(), "not in the log: {untold:?}");
    Ok(())
}
