//! `bartizan reach`, as scripts use it: its rows, its filters, and what it says of bad input.

use std::fs;
use std::process::{Command, Output};

use serde_json::{Value, json};

const WORLD: &str = r"
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {team: a}}
---
apiVersion: v1
kind: Namespace
metadata: {name: pay, labels: {team: b}}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template: {metadata: {labels: {app: cart}}, spec: {containers: [{name: c, image: i}]}}
---
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: db, namespace: pay}
spec:
  selector: {matchLabels: {app: db}}
  template:
    metadata: {labels: {app: db}}
    spec: {containers: [{name: c, image: i, ports: [{name: sql, containerPort: 5432}]}]}
---
apiVersion: apps/v1
kind: DaemonSet
metadata: {name: agent, namespace: pay}
spec:
  selector: {matchLabels: {app: agent}}
  template: {metadata: {labels: {app: agent}}, spec: {hostNetwork: true, containers: [{name: c, image: i}]}}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: pay}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {team: b}}, podSelector: {matchLabels: {app: cart}}}]
    ports: [{port: sql}]
  - from: [{ipBlock: {cidr: 10.0.0.0/8, except: [10.1.0.0/16]}}]
    ports: [{port: 9000, endPort: 9002}, {protocol: UDP}]
";

fn run_on(world: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.yaml");
    fs::write(&file, world).unwrap();
    Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(["reach", "-f", file.to_str().unwrap()])
        .args(arguments)
        .env_remove("KUBECONFIG")
        .output()
        .unwrap()
}

/// Rows without the schema's line.
fn rows(world: &str, arguments: &[&str]) -> Vec<Value> {
    let output = run_on(world, &[arguments, &["-o", "jsonl"]].concat());
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap());
    assert_eq!(lines.next(), Some(json!({"schema": "bartizan.reach/1"})));
    lines.collect()
}

fn name(end: &Value) -> String {
    match end["cidr"].as_str() {
        Some(cidr) => cidr.to_owned(),
        None => format!(
            "{}/{}",
            end["namespace"].as_str().unwrap(),
            end["name"].as_str().unwrap()
        ),
    }
}

fn short(rows: &[Value]) -> Vec<String> {
    let line = |row: &Value| {
        let ports: Vec<_> = row["ports"]
            .as_array()
            .unwrap()
            .iter()
            .map(|p| p.as_str().unwrap())
            .collect();
        let doubt = row["undetermined_because"].as_str().unwrap_or_default();
        format!(
            "{} > {} {} {} {doubt}",
            name(&row["from"]),
            name(&row["to"]),
            row["verdict"].as_str().unwrap(),
            ports.join(",")
        )
    };
    rows.iter()
        .map(|row| line(row).trim_end().to_owned())
        .collect()
}

#[test]
fn a_denial_names_the_policy_and_what_the_nearest_rule_lacks() {
    let rows = rows(
        WORLD,
        &["--from", "deploy/shop/cart", "--to", "sts/pay/db", "--all"],
    );
    assert_eq!(
        rows,
        [json!({
            "from": {"apiVersion": "apps/v1", "kind": "Deployment", "namespace": "shop", "name": "cart"},
            "to": {"apiVersion": "apps/v1", "kind": "StatefulSet", "namespace": "pay", "name": "db"},
            "verdict": "undetermined",
            "ports": ["TCP/9000-9002", "UDP/1-65535"],
            "because": [{"policy": {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "namespace": "pay", "name": "db"}, "direction": "ingress", "rule": 1}],
            "undetermined_because": "ipblock-vs-pods",
        })]
    );
    let rows = self::rows(
        WORLD,
        &[
            "--from",
            "deploy/shop/cart",
            "--to",
            "sts/pay/db",
            "--all",
            "--port",
            "5432",
        ],
    );
    assert_eq!(
        rows[0]["because"],
        json!([{"policy": {"apiVersion": "networking.k8s.io/v1", "kind": "NetworkPolicy", "namespace": "pay", "name": "db"}, "direction": "ingress"}])
    );
    assert_eq!(
        (&rows[0]["verdict"], &rows[0]["ports"]),
        (&json!("deny"), &json!([]))
    );
    assert_eq!(
        rows[0]["nearest_miss"],
        "pay/db ingress rule 0: it wants team=b, and namespace shop has team=a"
    );
}

#[test]
fn pairs_that_can_talk_are_listed_and_all_adds_the_rest() {
    let world = WORLD.replace("team: a", "team: b");
    let allowed = rows(&world, &["-n", "pay"]);
    let workloads: Vec<_> = allowed
        .iter()
        .filter(|r| r["from"]["kind"] != Value::Null && r["to"]["kind"] != Value::Null)
        .cloned()
        .collect();
    assert_eq!(
        short(&workloads),
        [
            "pay/db > pay/agent allow all",
            "pay/db > shop/cart allow all",
            "pay/agent > shop/cart allow all",
            "shop/cart > pay/db allow TCP/5432",
            "shop/cart > pay/db undetermined TCP/9000-9002,UDP/1-65535 ipblock-vs-pods",
            "shop/cart > pay/agent allow all",
        ]
    );
    let all = rows(
        &world,
        &["--all", "--from", "ds/pay/agent", "--to", "sts/pay/db"],
    );
    assert_eq!(
        short(&all),
        ["pay/agent > pay/db undetermined all host-network"]
    );
}

#[test]
fn addresses_outside_are_disjoint_blocks() {
    let inside = rows(WORLD, &["--from", "10.2.3.4", "--to", "sts/pay/db"]);
    assert_eq!(inside.len(), 1);
    assert!(short(&inside)[0].ends_with("allow TCP/9000-9002,UDP/1-65535"));
    let excepted = rows(
        WORLD,
        &["--from", "10.1.0.0/16", "--to", "sts/pay/db", "--all"],
    );
    assert_eq!(short(&excepted), ["10.1.0.0/16 > pay/db deny"]);
    let named = rows(
        WORLD,
        &[
            "--from",
            "10.2.0.0/16",
            "--to",
            "sts/pay/db",
            "--port",
            "5432",
            "--all",
        ],
    );
    assert!(named.iter().all(|row| row["verdict"] == "deny"));
    let all = rows(WORLD, &["--all", "--to", "sts/pay/db"]);
    let blocks: Vec<ipnet::IpNet> = all
        .iter()
        .filter_map(|r| r["from"]["cidr"].as_str())
        .map(|c| c.parse().unwrap())
        .collect();
    for (at, block) in blocks.iter().enumerate() {
        assert!(
            blocks
                .iter()
                .skip(at + 1)
                .all(|other| !block.contains(other) && !other.contains(block))
        );
    }
}

#[test]
fn every_ordered_pair_of_workloads_has_a_row_with_all() {
    let all = rows(WORLD, &["--all"]);
    let pairs: std::collections::BTreeSet<_> = all
        .iter()
        .filter(|r| r["from"]["kind"] != Value::Null && r["to"]["kind"] != Value::Null)
        .map(|r| (name(&r["from"]), name(&r["to"])))
        .collect();
    assert_eq!(pairs.len(), 6);
}

#[test]
fn json_is_one_document_and_people_get_a_table() {
    let output = run_on(WORLD, &["-o", "json", "--from", "deploy/shop/cart"]);
    let value: Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(value["schema"], "bartizan.reach/1");
    assert!(value["pairs"].as_array().unwrap().len() > 1);
    let output = run_on(
        WORLD,
        &[
            "--from",
            "deploy/shop/cart",
            "--to",
            "sts/pay/db",
            "--port",
            "5432",
            "--all",
        ],
    );
    let text = String::from_utf8(output.stdout).unwrap();
    assert!(
        text.contains("deploy shop/cart  sts pay/db  deny     -      pay/db ingress rule 0"),
        "{text}"
    );
}

#[test]
fn bad_input_is_named() {
    for (arguments, says) in [
        (["--from", "cart"], "--from cart: write a workload"),
        (
            ["--to", "deploy/shop/gone"],
            "--to: deploy shop/gone was not seen, or runs nothing",
        ),
        (["--port", "http"], "--port http: write a number"),
    ] {
        let output = run_on(WORLD, &arguments);
        assert_eq!(output.status.code(), Some(2), "{arguments:?}");
        let errors = String::from_utf8(output.stderr).unwrap();
        assert!(
            errors.contains(says) && output.stdout.is_empty(),
            "{errors}"
        );
    }
}

const POLICY: &str = "apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: db, namespace: pay}
spec:
  podSelector: {matchLabels: {app: db}}
  ingress:
  - from: [{namespaceSelector: {matchLabels: {team: a}}}]
    ports: [{port: 5432}]
";

fn diff(world: &str, policies: &str, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("policies.yaml");
    fs::write(&file, policies).unwrap();
    run_on(
        world,
        &[&["--diff", file.to_str().unwrap()], arguments].concat(),
    )
}

#[test]
fn a_diff_tells_what_policies_would_change_before_anybody_applies_them() {
    // The policy of the same name is replaced: shop gains the port, addresses of 10.0.0.0/8 lose theirs.
    let output = diff(WORLD, POLICY, &["-o", "jsonl"]);
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Value> = text
        .lines()
        .skip(1)
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    let short = |row: &Value| {
        let ports = |side: &str| row[side]["ports"].to_string();
        format!(
            "{} {} > {}: {} to {}",
            row["change"].as_str().unwrap(),
            name(&row["from"]),
            name(&row["to"]),
            ports("before"),
            ports("after")
        )
    };
    let rows: Vec<String> = rows.iter().map(short).collect();
    assert!(
        rows.contains(&"changed shop/cart > pay/db: [] to [\"TCP/5432\"]".to_owned()),
        "{rows:#?}"
    );
    let removed = rows.iter().filter(|r| r.starts_with("removed 10.")).count();
    assert!(
        removed > 0 && rows.iter().all(|r| r.contains("> pay/db")),
        "{rows:#?}"
    );
    let table =
        String::from_utf8(diff(WORLD, POLICY, &["--from", "deploy/shop/cart"]).stdout).unwrap();
    assert!(
        table.contains("deploy shop/cart  sts pay/db  maybe TCP/9000-9002, UDP/1-65535  TCP/5432"),
        "{table}"
    );
    assert!(table.ends_with("Pairs: 1 changed.\n"), "{table}");
}

#[test]
fn a_diff_of_what_is_there_already_changes_nothing_and_bad_files_are_named() {
    let same = WORLD.rsplit("---\n").next().unwrap();
    let output = diff(WORLD, same, &[]);
    assert_eq!(
        String::from_utf8(output.stdout).unwrap(),
        "Nothing changes: every pair talks as before.\n"
    );
    let output = diff(WORLD, "kind: [", &[]);
    assert_eq!(output.status.code(), Some(2));
    assert!(
        String::from_utf8(output.stderr)
            .unwrap()
            .contains("--diff: nothing could be read")
    );
}
