//! Logins that may see little: the report shows what it may, says what it may not, and never looks safer for it.

use std::collections::BTreeSet;

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Cluster, Needs, Result, User, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "few_rights/seeing_less_never_looks_safer",
        Needs::Nodes,
        &[],
        seeing_less_never_looks_safer,
    )]
}

/// Weak on purpose in `shop`, where one login may look, and in `pay`, where it may not.
const WEAK: &str = "
apiVersion: v1
kind: Pod
metadata: {name: agent, namespace: NS}
spec:
  containers:
  - name: agent
    image: registry.example.com/agent:1.4.2
    securityContext: {privileged: true}
";

fn report(cluster: &Cluster, user: User, arguments: &[&str]) -> Result<(Option<i32>, Value)> {
    let mut command = cluster.bartizan(user);
    command.args(["report", "-o", "json"]).args(arguments);
    let output = run(command, "")?;
    let value = serde_json::from_str(&output.stdout).with_context(|| format!("{output:?}"))?;
    Ok((output.code, value))
}

fn verdicts(report: &Value, verdict: &str) -> BTreeSet<String> {
    let rows = report["verdicts"].as_array().into_iter().flatten();
    rows.filter(|r| r["verdict"] == verdict)
        .map(|r| format!("{} {} {}", r["check"], r["object"], r["part"]))
        .collect()
}

fn unknown_checks(report: &Value) -> BTreeSet<String> {
    let rows = report["verdicts"].as_array().into_iter().flatten();
    rows.filter(|r| r["verdict"] == "unknown")
        .map(|r| r["check"].to_string())
        .collect()
}

fn seeing_less_never_looks_safer(cluster: &Cluster) -> Result {
    for namespace in ["shop", "pay"] {
        // `shop` is there already: one of the logins may look into it.
        if namespace != User::NAMESPACE {
            cluster.add_namespace(namespace)?;
        }
        cluster.await_account(namespace)?;
        cluster.apply(&WEAK.replace("NS", namespace))?;
    }
    let (_, full) = report(cluster, User::Admin, &[])?;
    let fires = verdicts(&full, "fires");
    ensure!(
        fires
            .iter()
            .any(|f| f.contains("privileged-container") && f.contains("pay")),
        "{fires:#?}"
    );
    for user in [
        User::Viewer,
        User::ViewOnly,
        User::OneNamespace,
        User::Nobody,
    ] {
        let (code, less) = report(cluster, user, &["--max-blind", "0"])?;
        let unknown = unknown_checks(&less);
        let still = verdicts(&less, "fires");
        let lost: Vec<&String> = fires.difference(&still).collect();
        for finding in &lost {
            let check = finding.split(' ').next().unwrap_or_default();
            ensure!(
                unknown.contains(check),
                "{user:?}: {finding} is gone and {check} claims to know"
            );
        }
        for (before, after) in full["standing"]
            .as_array()
            .into_iter()
            .flatten()
            .zip(less["standing"].as_array().into_iter().flatten())
        {
            let (was, is) = (before["standing"].as_str(), after["standing"].as_str());
            ensure!(
                was == is || is == Some("UNSURE"),
                "{user:?}: {} went from {was:?} to {is:?}",
                before["threat"]
            );
        }
        let blind = !less["not_visible"].as_array().is_none_or(Vec::is_empty);
        match user {
            User::Viewer => ensure!(
                code == Some(0),
                "the shipped role leaves something blind: {:#}",
                less["not_visible"]
            ),
            _ => ensure!(code == Some(4) && blind, "{user:?}: exit {code:?}"),
        }
        if matches!(user, User::OneNamespace) {
            ensure!(
                still
                    .iter()
                    .any(|f| f.contains("privileged-container") && f.contains("shop")),
                "{still:#?}
{:#}",
                less["not_visible"]
            );
        }
    }
    Ok(())
}
