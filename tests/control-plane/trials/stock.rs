//! A control plane on which nobody has done anything yet: every finding is listed here, and true.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Cluster, Needs, Result, User, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "stock/every_finding_is_listed_and_true",
        Needs::Controllers,
        &[],
        every_finding_is_listed_and_true,
    )]
}

/// `shop` is made by the tests, for the login that may look into it alone. What is true of a fresh 1.36 server: `default` enforces no level (its label is absent), and the same holds for the
/// namespaces of Kubernetes itself, where the server writes no label either.
const TRUE: &[(&str, &[&str])] = &[(
    "pod-security-not-enforced",
    &[
        "default",
        "kube-node-lease",
        "kube-public",
        "kube-system",
        "shop",
    ],
)];

fn every_finding_is_listed_and_true(cluster: &Cluster) -> Result {
    let mut command = cluster.bartizan(User::Admin);
    command.args(["report", "-o", "json"]);
    let output = run(command, "")?;
    let report: Value =
        serde_json::from_str(&output.stdout).with_context(|| format!("{output:?}"))?;
    let mut found: BTreeMap<String, Vec<String>> = BTreeMap::new();
    for row in report["verdicts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|r| r["verdict"] == "fires")
    {
        let text = |v: &Value| v.as_str().unwrap_or_default().to_owned();
        found
            .entry(text(&row["check"]))
            .or_default()
            .push(text(&row["object"]["name"]));
    }
    for (check, objects) in &found {
        let listed = TRUE
            .iter()
            .find(|(id, _)| id == check)
            .map_or(&[][..], |(_, objects)| *objects);
        let extra: Vec<&String> = objects
            .iter()
            .filter(|o| !listed.contains(&o.as_str()))
            .collect();
        ensure!(
            extra.is_empty(),
            "{check} fires on {extra:?} of a stock control plane"
        );
    }
    for story in report["stories"].as_array().into_iter().flatten() {
        ensure!(
            story["state"] != "works",
            "a story works on a stock control plane: {story:#}"
        );
    }
    let unknown = report["verdicts"]
        .as_array()
        .into_iter()
        .flatten()
        .filter(|r| r["verdict"] == "unknown")
        .count();
    ensure!(
        unknown == 0,
        "{unknown} verdicts are unknown to cluster-admin"
    );
    Ok(())
}
