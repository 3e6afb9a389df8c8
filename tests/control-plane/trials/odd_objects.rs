//! Objects that trip others up: a pod name of 253 characters, a pod that is never scheduled, an object of 1.4 MB, and
//! objects that do not decode. Each is judged, or said not to be, and nothing else changes.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::time::{Duration, Instant};

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Cluster, Needs, Proxy, Relay, Result, User, eventually, pty, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::own(
        "odd_objects/change_nothing_else",
        Needs::Nodes,
        &[],
        change_nothing_else,
    )]
}

/// Ordinary objects, whose verdicts must stay as they are.
const ORDINARY: &str = "
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: plain}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers:
      - {name: cart, image: 'registry.example.com/cart:1.4.2', securityContext: {privileged: true}}
---
apiVersion: v1
kind: Service
metadata: {name: cart, namespace: plain}
spec: {type: NodePort, selector: {app: cart}, ports: [{port: 80}]}
---
apiVersion: networking.k8s.io/v1
kind: NetworkPolicy
metadata: {name: cart, namespace: plain}
spec: {podSelector: {matchLabels: {app: cart}}, policyTypes: [Ingress]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: owners, namespace: plain}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}]
";

/// A definition that says nothing of its objects' fields, as careless ones do.
const LOOSE_GATEWAYS: &str = "
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: gateways.gateway.networking.k8s.io
  annotations: {api-approved.kubernetes.io: 'https://github.com/kubernetes-sigs/gateway-api/pull/1'}
spec:
  group: gateway.networking.k8s.io
  scope: Namespaced
  names: {kind: Gateway, plural: gateways, singular: gateway}
  versions:
  - name: v1
    served: true
    storage: true
    schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
";

/// The port of the one pod that is broken on its way, where a number should be.
const BREAKS: &[(&str, &str)] = &[(r#""containerPort":61234"#, r#""containerPort":"odd""#)];

fn pod(name: &str, more: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: {name}, namespace: odd}}
spec:
  {more}
  containers:
  - {{name: app, image: 'registry.example.com/app:1.4.2', securityContext: {{privileged: true}}}}
"
    )
}

fn long() -> String {
    "pod-".to_owned() + &"z".repeat(249)
}

/// A Role of so many rules that it is 1.4 MB of JSON, and somebody who holds it. It is created: `apply` would want to keep
/// a copy in an annotation, which may be 256 kB long.
fn large(cluster: &Cluster) -> Result<usize> {
    let rules: Vec<Value> = (0..10_800)
        .map(|n| json!({"apiGroups": ["stuff.example.com"], "resources": [format!("things-{n}")], "resourceNames": [format!("one-of-{n}"), format!("two-of-{n}")], "verbs": ["get", "list"]}))
        .chain([json!({"apiGroups": [""], "resources": ["secrets"], "verbs": ["get", "list"]})])
        .collect();
    let role = json!({"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "Role", "metadata": {"name": "large", "namespace": "odd"}, "rules": rules});
    let text = role.to_string();
    cluster
        .kubectl_stdin(User::Admin, &["create", "-f", "-"], &text)?
        .success()?;
    cluster.apply("{apiVersion: rbac.authorization.k8s.io/v1, kind: RoleBinding, metadata: {name: large, namespace: odd}, roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: large}, subjects: [{apiGroup: rbac.authorization.k8s.io, kind: User, name: al}]}")?;
    Ok(cluster
        .admin(&["get", "role", "large", "-n", "odd", "-o", "json"])?
        .len()
        .min(text.len()))
}

fn change_nothing_else(cluster: &Cluster) -> Result {
    cluster.add_namespace("plain")?;
    cluster.apply(ORDINARY)?;
    let plain = settled(cluster, |rows| {
        rows.keys()
            .any(|k| k.contains("privileged-container") && k.contains("cart"))
    })?;
    let table = lines(cluster, "plain/")?;

    cluster.add_namespace("odd")?;
    cluster.apply(&pod(&long(), ""))?;
    cluster.apply(&pod("waits", "nodeSelector: {no-node: has-this}"))?;
    let size = large(cluster)?;
    let started = Instant::now();
    let odd = settled(cluster, |rows| {
        rows.keys()
            .any(|k| k.contains("privileged-container") && k.contains("waits"))
    })?;
    eprintln!(
        "odd_objects: a role of {size} bytes; {:?} for a report with it",
        started.elapsed()
    );
    ensure!(size > 1_400_000, "only {size} bytes");
    let phase = cluster.get(&["pod", "waits", "-n", "odd"])?;
    ensure!(phase["status"]["phase"] == "Pending", "{phase:#}");
    // Each of them is judged.
    for (check, name) in [
        ("privileged-container", long()),
        ("privileged-container", "waits".into()),
        ("secrets-readable", "large".into()),
    ] {
        ensure!(
            odd.keys()
                .any(|k| k.contains(check) && k.contains(&format!("{name:?}"))),
            "no {check} on {name}"
        );
    }
    same(&plain, &odd, |key| !key.contains(r#""odd""#))?;
    let now = lines(cluster, "plain/")?;
    ensure!(now == table, "was {table:#?}, is {now:#?}");

    // What does not decode: as the server has it, and as a line may spoil it.
    cluster.apply(LOOSE_GATEWAYS)?;
    let gateway = |name: &str| {
        format!(
            "{{apiVersion: gateway.networking.k8s.io/v1, kind: Gateway, metadata: {{name: {name}, namespace: odd}}, spec: {{gatewayClassName: any, listeners: none}}}}"
        )
    };
    eventually("gateways to be served", Duration::from_secs(30), || {
        cluster.apply(&gateway("shapeless")).map(Some)
    })?;
    cluster.apply(&pod("spoiled", "").replace(
        "{name: app,",
        "{name: app, ports: [{containerPort: 61234}],",
    ))?;
    let healthy = settled(cluster, |rows| {
        rows.keys()
            .any(|k| k.contains("privileged-container") && k.contains("spoiled"))
    })?;
    let proxy = Proxy::start(cluster)?;
    let kubeconfig = through(cluster, Relay::start(proxy.address(), BREAKS)?)?;
    let (report, spoiled) = rows(bartizan(cluster, &kubeconfig))?;
    same(&healthy, &spoiled, |key| !key.contains("spoiled"))?;
    ensure!(
        !spoiled.keys().any(|k| k.contains("spoiled")),
        "judged though it was not read"
    );
    let not: Vec<String> = report["not_assessed"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|row| {
            format!(
                "{} {}: {}",
                row["object"]["kind"], row["object"]["name"], row["why"]
            )
        })
        .collect();
    eprintln!("odd_objects: {not:?}");
    ensure!(
        not.len() == 2
            && not
                .iter()
                .any(|n| n.starts_with(r#""Gateway" "shapeless": "#) && n.contains("listeners"))
            && not
                .iter()
                .any(|n| n.starts_with(r#""Pod" "spoiled": "#) && n.contains("containerPort")),
        "{not:#?}"
    );
    for format in ["table", "jsonl"] {
        let mut command = bartizan(cluster, &kubeconfig);
        command.args(["report", "-o", format]);
        let said = run(command, "")?.stdout;
        ensure!(
            said.contains("shapeless")
                && said.contains("spoiled")
                && said.contains("containerPort"),
            "{said}"
        );
    }
    on_the_screen(cluster, &kubeconfig, &gateway("late"))
}

/// The explorer says so too, also of one that comes while it runs; and no column is moved by the long name.
fn on_the_screen(cluster: &Cluster, kubeconfig: &PathBuf, late: &str) -> Result {
    let home = tempfile::tempdir()?;
    let mut command = pty::command(&crate::harness::bartizan().to_string_lossy(), &[]);
    command.arg("--kubeconfig");
    command.arg(kubeconfig);
    command.env("BARTIZAN_HOME", home.path());
    command.env("HOME", home.path());
    let mut terminal = pty::Pty::start(command, 80, 24);
    terminal.wait_until("the facts", |s| {
        s.contents().contains("OPEN") && s.contents().contains("reads every kind")
    });
    terminal.wait_for("2 objects not assessed");
    terminal.send("b");
    terminal.wait_until("what was not assessed", |s| {
        ["not assessed", "shapeless", "spoiled"]
            .iter()
            .all(|text| s.contents().contains(text))
    });
    cluster.apply(late)?;
    terminal.wait_for("odd/late");
    terminal.send("2");
    terminal.wait_for("Malicious container");
    terminal.send("vgjj\r");
    terminal.wait_for("workloads");
    terminal.wait_until("the long name", |s| s.contents().contains("pod-zzz"));
    let screen = terminal.screen(vt100::Screen::contents);
    let columns: Vec<(usize, usize)> = screen
        .lines()
        .filter(|line| line.contains(" Pod ") || line.contains(" Deployment "))
        .filter_map(|line| {
            let kind = line.find(" Pod ").or_else(|| line.find(" Deployment "))?;
            Some((
                line[..kind].chars().count(),
                line.trim_end().chars().count(),
            ))
        })
        .collect();
    ensure!(
        columns.len() >= 3 && columns.windows(2).all(|w| w[0] == w[1]),
        "{columns:?}\n{screen}"
    );
    terminal.send("\x03");
    terminal.drain();
    Ok(())
}

fn bartizan(cluster: &Cluster, kubeconfig: &PathBuf) -> Command {
    let mut command = Command::new(crate::harness::bartizan());
    command.arg("--kubeconfig").arg(kubeconfig);
    command.env_clear().env("HOME", cluster.home());
    command
}

/// A login by way of the relay.
fn through(cluster: &Cluster, relay: Relay) -> Result<PathBuf> {
    let file = cluster.home().join("relay.kubeconfig");
    let text = format!(
        "apiVersion: v1
kind: Config
current-context: relay
contexts: [{{name: relay, context: {{cluster: relay, user: nobody}}}}]
clusters: [{{name: relay, cluster: {{server: 'http://{}'}}}}]
users: [{{name: nobody, user: {{}}}}]
",
        relay.address
    );
    fs::write(&file, text)?;
    Ok(file)
}

type Rows = BTreeMap<String, Value>;

/// Every verdict by its identity.
fn rows(mut command: Command) -> Result<(Value, Rows)> {
    command.args(["report", "--all", "-o", "json"]);
    let output = run(command, "")?;
    let report: Value =
        serde_json::from_str(&output.stdout).with_context(|| format!("{output:?}"))?;
    let rows = report["verdicts"].as_array().into_iter().flatten();
    let rows = rows
        .map(|r| {
            (
                format!("{} {} {}", r["check"], r["object"], r["part"]),
                r.clone(),
            )
        })
        .collect();
    Ok((report, rows))
}

/// The verdicts once they hold what is waited for and no longer change.
fn settled(cluster: &Cluster, is: impl Fn(&Rows) -> bool) -> Result<Rows> {
    let mut before = Rows::new();
    eventually("the verdicts to settle", Duration::from_secs(60), || {
        let (_, now) = rows(cluster.bartizan(User::Admin))?;
        let same = now == before && is(&now);
        before.clone_from(&now);
        Ok(same.then_some(now))
    })
}

/// The table's lines about some objects, without what lays them out: that must keep all columns within a screen's width.
fn lines(cluster: &Cluster, about: &str) -> Result<Vec<String>> {
    let mut command = cluster.bartizan(User::Admin);
    command.arg("report");
    let table = run(command, "")?.success()?;
    let head = table
        .lines()
        .find_map(|l| l.starts_with("SEVERITY").then(|| l.find("EVIDENCE"))?);
    ensure!(head.is_some_and(|at| at < 110), "{head:?}\n{table}");
    let rows = table.lines().skip_while(|l| !l.starts_with("SEVERITY"));
    let about = rows.filter(|l| l.contains(about));
    Ok(about
        .map(|l| l.split_whitespace().collect::<Vec<_>>().join(" "))
        .collect())
}

/// Every verdict that there was is there, and as it was.
fn same(before: &Rows, after: &Rows, counts: impl Fn(&str) -> bool) -> Result {
    let mut differences = String::new();
    // A verdict on a namespace names the pods in it, and the one on the cluster its namespaces: which of them were read is
    // no matter of the verdict.
    let of_many = |row: &serde_json::Map<String, Value>| {
        row["object"]["name"] == "odd" || row["check"] == "no-admission-control"
    };
    let plain = |row: &Value| {
        let mut row = row.clone();
        if let Some(fields) = row.as_object_mut().filter(|fields| of_many(fields)) {
            fields.retain(|field, _| !["why", "evidence"].contains(&&**field));
        }
        row
    };
    for (key, row) in before.iter().filter(|(key, _)| counts(key)) {
        if after.get(key).map(plain) != Some(plain(row)) {
            let now = after
                .get(key)
                .map_or_else(|| "gone".to_owned(), |row| format!("{row:#}"));
            writeln!(differences, "{key}: was {row:#}, now {now}")?;
        }
    }
    ensure!(differences.is_empty(), "{differences}");
    Ok(())
}
