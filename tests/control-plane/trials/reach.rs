//! Policies that Bartizan writes, on a real server: what `reach --diff` says before they are applied is what `reach` says
//! after, nothing that objects declare is lost, and the finding is gone.

use std::collections::BTreeMap;
use std::fs;
use std::thread::sleep;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;
use serde_json::Value;

use crate::harness::{Cluster, Needs, Result, User, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "reach/generated_policies_do_what_the_diff_said",
        Needs::Nodes,
        &[],
        generated_policies,
    )]
}

/// Three that call one another by what their environment names, and a stranger in another namespace.
const NAMESPACE: &str = "bazaar";

fn workload(namespace: &str, name: &str, port: u16, calls: Option<&str>) -> String {
    let env = calls.map_or(String::new(), |url| {
        format!(", env: [{{name: UPSTREAM, value: '{url}'}}]")
    });
    format!(
        "
apiVersion: apps/v1
kind: Deployment
metadata: {{name: {name}, namespace: {namespace}}}
spec:
  replicas: 2
  selector: {{matchLabels: {{app: {name}}}}}
  template:
    metadata: {{labels: {{app: {name}}}}}
    spec: {{containers: [{{name: c, image: 'registry.example.com/{name}:1.0.3', ports: [{{name: main, containerPort: {port}}}]{env}}}]}}
---
apiVersion: v1
kind: Service
metadata: {{name: {name}, namespace: {namespace}}}
spec: {{selector: {{app: {name}}}, ports: [{{port: 80, targetPort: main}}]}}
---"
    )
}

/// Ports that pass from one workload of the namespace to another, for certain.
type Passes = BTreeMap<(String, String), Vec<String>>;

fn lines(cluster: &Cluster, arguments: &[&str]) -> Result<Vec<Value>> {
    let mut command = cluster.bartizan(User::Viewer);
    command.args(arguments);
    let output = run(command, "")?;
    ensure!(output.code == Some(0), "{arguments:?}: {output:?}");
    let lines = output.stdout.lines().skip(1);
    lines.map(|line| Ok(serde_json::from_str(line)?)).collect()
}

fn name(end: &Value) -> String {
    match (
        end["cidr"].as_str(),
        end["namespace"].as_str(),
        end["name"].as_str(),
    ) {
        (Some(cidr), ..) => cidr.to_owned(),
        (_, namespace, name) => format!(
            "{}/{}",
            namespace.unwrap_or_default(),
            name.unwrap_or_default()
        ),
    }
}

fn ports(value: &Value) -> Vec<String> {
    let all = value.as_array().into_iter().flatten();
    all.filter_map(|p| p.as_str().map(ToOwned::to_owned))
        .collect()
}

fn reach(cluster: &Cluster) -> Result<Passes> {
    let mut passes = Passes::new();
    for row in lines(cluster, &["reach", "--all", "-n", NAMESPACE, "-o", "jsonl"])? {
        ensure!(row["verdict"] != "undetermined", "{row}");
        let pair = (name(&row["from"]), name(&row["to"]));
        passes.entry(pair).or_default().extend(ports(&row["ports"]));
    }
    Ok(passes)
}

fn generated_policies(cluster: &Cluster) -> Result {
    cluster.add_nodes(2)?;
    cluster.add_namespace(NAMESPACE)?;
    cluster.await_account(NAMESPACE)?;
    for (at, port, calls) in [
        ("web", 8080, Some("http://till.bazaar")),
        ("till", 8443, Some("http://ledger")),
        ("ledger", 5432, None),
    ] {
        cluster.apply(&workload(NAMESPACE, at, port, calls))?;
    }
    cluster.apply(&workload("default", "stranger", 8080, None))?;
    let before = addressed(cluster)?;
    let pair = |from: &str, to: &str| (format!("{NAMESPACE}/{from}"), format!("{NAMESPACE}/{to}"));
    ensure!(
        before.get(&pair("web", "ledger")) == Some(&vec!["all".to_owned()]),
        "{before:#?}"
    );

    // The fix as a file, and what it would change.
    let mut command = cluster.bartizan(User::Viewer);
    command.args(["fix", "no-default-deny-ingress", "ns/bazaar"]);
    let fix = run(command, "")?;
    ensure!(
        fix.code == Some(0) && fix.stdout.contains(" 0 lost"),
        "{fix:?}"
    );
    let file = cluster.home().join("policies.yaml");
    fs::write(&file, &fix.stdout)?;
    let path = file.to_str().context("path")?;
    let mut foretold = before.clone();
    for row in lines(cluster, &["reach", "--diff", path, "-o", "jsonl"])? {
        let pair = (name(&row["from"]), name(&row["to"]));
        ensure!(
            foretold.get(&pair) == Some(&ports(&row["before"]["ports"])),
            "{row}"
        );
        foretold.insert(pair, ports(&row["after"]["ports"]));
    }

    cluster.apply(&fix.stdout)?;
    let after = reach(cluster)?;
    ensure!(
        after == foretold,
        "foretold {foretold:#?}\nfound {after:#?}"
    );
    for (from, to, port) in [("web", "till", "TCP/8443"), ("till", "ledger", "TCP/5432")] {
        ensure!(
            after.get(&pair(from, to)) == Some(&vec![port.to_owned()]),
            "{from} {to}: {after:#?}"
        );
    }
    let stranger = ("default/stranger".to_owned(), format!("{NAMESPACE}/ledger"));
    for closed in [pair("web", "ledger"), pair("ledger", "web"), stranger] {
        ensure!(
            after.get(&closed).is_some_and(Vec::is_empty),
            "{closed:?}: {after:#?}"
        );
    }
    let mut command = cluster.bartizan(User::Viewer);
    command.args([
        "report",
        "--check",
        "no-default-deny-ingress",
        "-n",
        NAMESPACE,
        "-o",
        "json",
    ]);
    let report: Value = serde_json::from_str(&run(command, "")?.stdout)?;
    ensure!(
        report["verdicts"].as_array().is_some_and(Vec::is_empty),
        "{report:#}"
    );
    Ok(())
}

/// Once every pod has its address: before that nobody can tell.
fn addressed(cluster: &Cluster) -> Result<Passes> {
    let start = Instant::now();
    loop {
        let pods = cluster.get(&["pods", "-A"])?;
        let items = pods["items"].as_array().context("items")?;
        let ready = items
            .iter()
            .filter(|p| p["status"]["podIP"].is_string())
            .count();
        if ready == 8 {
            return reach(cluster);
        }
        ensure!(
            start.elapsed() < Duration::from_secs(60),
            "{ready} of 8 pods have an address"
        );
        sleep(Duration::from_millis(250));
    }
}
