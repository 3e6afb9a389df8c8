//! The API server judges pods too: what it says when it refuses one, and what it warns of when a namespace's label is
//! raised, must be ours letter for letter, on the objects as it holds them.
//!
//! Pods are made from a seed of good and bad fields that the server's validation lets through.

use std::collections::BTreeMap;

use anyhow::{Context as _, ensure};
use libtest_mimic::Trial;
use serde_json::{Value, json};

use crate::harness::{Cluster, Result, User, run, trial};

pub fn trials() -> Vec<Trial> {
    vec![trial::shared(
        "pod_security/the_server_says_the_same",
        the_server_says_the_same,
    )]
}

/// Where the pods are made.
pub const NAMESPACE: &str = "pod-security";
/// Where the level is enforced, and nothing ever made but by dry run.
const STAGE: &str = "pod-security-enforced";
const VERSIONS: &[&str] = &["v1.18", "v1.25", "v1.34", "latest"];

/// An API server sends so much of warnings and leaves out the rest (apiserver `pkg/endpoints/filters/warning.go`).
const MOST: usize = 4096;

fn the_server_says_the_same(cluster: &Cluster) -> Result {
    cluster.add_namespace(NAMESPACE)?;
    let pods: Vec<Value> = (0..60).map(pod).collect();
    let list = json!({"apiVersion": "v1", "kind": "List", "items": pods});
    cluster.apply(&list.to_string())?;
    let warned = at_every_level(cluster)?;
    ensure!(warned > 80, "only {warned} warnings");
    cluster.admin(&["delete", "namespace", NAMESPACE, STAGE, "--wait=false"])?;
    Ok(())
}

/// Compares on all pods of [`NAMESPACE`], at both levels and [`VERSIONS`]: what the server warns of when the label is
/// set, and why it refuses each pod that is made anew. Returns how many warnings were compared.
pub fn at_every_level(cluster: &Cluster) -> Result<usize> {
    let mut compared = 0;
    for level in ["baseline", "restricted"] {
        for version in VERSIONS {
            let said = raise(cluster, level, version)?;
            let ours = ours(cluster, level, version)?;
            let other = said.iter().zip(&ours).find(|(said, ours)| said != ours);
            let all_sent = ours.iter().map(String::len).sum::<usize>() < MOST;
            ensure!(
                other.is_none()
                    && (!all_sent || said.len() == ours.len())
                    && said.len() <= ours.len(),
                "{level} {version}: the server has {} warnings, we {}, first other {other:?}",
                said.len(),
                ours.len()
            );
            compared += said.len();
            refusals(cluster, level, version)?;
        }
    }
    Ok(compared)
}

fn labels(level: &str, version: &str) -> [String; 2] {
    let label = |name: &str, value: &str| format!("pod-security.kubernetes.io/{name}={value}");
    [label("enforce", level), label("enforce-version", version)]
}

/// What the server warns of when the label is set, as a dry run.
fn raise(cluster: &Cluster, level: &str, version: &str) -> Result<Vec<String>> {
    let [enforce, pinned] = labels(level, version);
    let arguments = [
        "label",
        "--dry-run=server",
        "--overwrite",
        "namespace",
        NAMESPACE,
        &enforce,
        &pinned,
    ];
    let output = cluster.kubectl(User::Admin, &arguments)?;
    let warnings = output.stderr.lines();
    let warnings = warnings.filter_map(|line| line.strip_prefix("Warning: "));
    Ok(warnings.map(str::to_owned).collect())
}

/// What we say that the server would warn of.
fn ours(cluster: &Cluster, level: &str, version: &str) -> Result<Vec<String>> {
    let row = answer(
        cluster,
        &["--namespaces", "--level", level, "--version", version],
    )?;
    let namespaces = row["namespaces"].as_array().context("namespaces")?;
    let [namespace] = &namespaces[..] else {
        anyhow::bail!("{namespaces:?}");
    };
    let warnings = namespace["raise"][0]["warnings"].as_array();
    let warnings = warnings.context("warnings")?.iter();
    Ok(warnings
        .filter_map(Value::as_str)
        .map(str::to_owned)
        .collect())
}

/// `bartizan pod-security -o json` of the namespace.
fn answer(cluster: &Cluster, arguments: &[&str]) -> Result<Value> {
    let mut command = cluster.bartizan(User::Admin);
    command.args(["pod-security", "-o", "json", "-n", NAMESPACE]);
    command.args(arguments);
    let output = run(command, "")?.success()?;
    serde_json::from_str(&output).context("reading its answer")
}

/// The server refuses each pod anew where the level is enforced, and says why.
fn refusals(cluster: &Cluster, level: &str, version: &str) -> Result {
    let _ = cluster.kubectl(User::Admin, &["create", "namespace", STAGE])?;
    let [enforce, pinned] = labels(level, version);
    cluster.admin(&[
        "label",
        "--overwrite",
        "namespace",
        STAGE,
        &enforce,
        &pinned,
    ])?;
    cluster.await_account(STAGE)?;
    let ours = answer(cluster, &["--level", level, "--version", version])?;
    let ours = ours["pods"].as_array().context("pods")?;
    let mut expected: BTreeMap<String, String> = BTreeMap::new();
    for row in ours.iter().filter(|row| row["object"]["kind"] == "Pod") {
        let violations = row["violations"].as_array().context("violations")?;
        let text = |v: &Value| format!("{} ({})", plain(&v["reason"]), plain(&v["detail"]));
        let words: Vec<String> = violations.iter().map(text).collect();
        expected.insert(plain(&row["object"]["name"]), words.join(", "));
    }
    let pods = cluster.get(&["pods", "-n", NAMESPACE])?;
    let mut copies = pods["items"].as_array().context("items")?.clone();
    for copy in &mut copies {
        *copy = json!({"apiVersion": "v1", "kind": "Pod", "spec": copy["spec"],
            "metadata": {"name": copy["metadata"]["name"], "namespace": STAGE, "annotations": annotations(copy)}});
    }
    let list = json!({"apiVersion": "v1", "kind": "List", "items": copies});
    let arguments = ["create", "--dry-run=server", "-f", "-"];
    let output = cluster.kubectl_stdin(User::Admin, &arguments, &list.to_string())?;
    let mut said: BTreeMap<String, String> = BTreeMap::new();
    for line in output.stderr.lines() {
        let violates = format!("violates PodSecurity \"{level}:{version}\": ");
        let Some((head, why)) = line.split_once(&violates) else {
            continue;
        };
        let name = head.split('"').find(|part| part.starts_with("made-"));
        said.insert(name.context(line.to_owned())?.to_owned(), why.to_owned());
    }
    for line in output.stdout.lines() {
        let name = line.trim_start_matches("pod/").split(' ').next();
        said.insert(name.unwrap_or_default().to_owned(), String::new());
    }
    ensure!(
        said.len() == copies.len(),
        "{} of {} judged: {}",
        said.len(),
        copies.len(),
        output.stderr
    );
    for (name, why) in &said {
        ensure!(
            expected.get(name) == Some(why),
            "{name} at {level} {version}: the server says {why:?}, we say {:?}",
            expected.get(name)
        );
    }
    Ok(())
}

fn plain(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Without what kubectl and the server have written.
fn annotations(pod: &Value) -> Value {
    let mut annotations = pod["metadata"]["annotations"].clone();
    if let Some(all) = annotations.as_object_mut() {
        all.retain(|key, _| !key.contains("kubectl.kubernetes.io"));
    }
    annotations
}

/// Numbers from a seed: each call another one below `most`.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, most: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(0x5851_f42d_4c95_7f2d)
            .wrapping_add(0x1405_7b7e_f767_814f);
        (self.0 >> 33) % most
    }

    fn rarely(&mut self) -> bool {
        self.roll(8) == 0
    }

    fn of<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.roll(words.len() as u64) as usize;
        words.get(at).copied().unwrap_or_default()
    }
}

fn pod(at: u64) -> Value {
    let mut dice = Dice(at);
    for _ in 0..8 {
        dice.roll(2); // neighbouring seeds begin alike
    }
    let mut spec =
        json!({"terminationGracePeriodSeconds": 0, "containers": [container(&mut dice, "app")]});
    if dice.roll(2) == 0 {
        spec["initContainers"] = json!([container(&mut dice, "setup")]);
    }
    let mut shares = false;
    for field in ["hostNetwork", "hostPID", "hostIPC"] {
        if dice.rarely() {
            spec[field] = json!(true);
            shares = true;
        }
    }
    let mut security = json!({});
    if dice.roll(2) == 0 {
        security["runAsNonRoot"] = json!(!dice.rarely());
        security["seccompProfile"] = json!({"type": "RuntimeDefault"});
    }
    if dice.rarely() {
        security["runAsUser"] = json!(dice.roll(2) * 1000);
    }
    if !shares && dice.rarely() {
        let names = [
            "net.ipv4.tcp_syncookies",
            "net.ipv4.tcp_rmem",
            "kernel.msgmax",
        ];
        security["sysctls"] = json!([{"name": dice.of(&names), "value": "1"}]);
    }
    if dice.rarely() {
        let types = ["container_t", "container_engine_t", "spc_t"];
        security["seLinuxOptions"] = json!({"type": dice.of(&types), "user": dice.of(&["", "u"])});
    }
    spec["securityContext"] = security;
    let volume = match dice.roll(5) {
        0 => json!({"name": "v", "hostPath": {"path": "/var/log"}}),
        1 => json!({"name": "v", "nfs": {"server": "nfs.example.com", "path": "/"}}),
        2 => json!({"name": "v"}),
        3 => json!({"name": "v", "image": {"reference": "registry.example.com/data:1"}}),
        _ => json!({"name": "v", "emptyDir": {}}),
    };
    spec["volumes"] = json!([volume]);
    json!({"apiVersion": "v1", "kind": "Pod", "metadata": {"name": format!("made-{at}"), "namespace": NAMESPACE}, "spec": spec})
}

fn container(dice: &mut Dice, name: &str) -> Value {
    let mut security = json!({});
    if dice.roll(3) > 0 {
        security["allowPrivilegeEscalation"] = json!(false);
        security["capabilities"] = json!({"drop": [dice.of(&["ALL", "ALL", "ALL", "all"])]});
    }
    if dice.rarely() {
        let names = ["NET_BIND_SERVICE", "CHOWN", "NET_RAW", "CAP_KILL"];
        let drop = security["capabilities"]["drop"].clone();
        security["capabilities"] = json!({"drop": drop, "add": [dice.of(&names)]});
    }
    if dice.rarely() {
        security["privileged"] = json!(true);
        security["allowPrivilegeEscalation"] = json!(true);
    }
    if dice.rarely() {
        security["seccompProfile"] = json!({"type": dice.of(&["Unconfined", "RuntimeDefault"])});
    }
    if dice.rarely() {
        security["appArmorProfile"] = json!({"type": dice.of(&["Unconfined", "RuntimeDefault"])});
    }
    if dice.rarely() {
        security["runAsNonRoot"] = json!(dice.roll(2) == 0);
    }
    let mut container =
        json!({"name": name, "image": "registry.example.com/app:1", "securityContext": security});
    if name == "app" && dice.rarely() {
        container["ports"] = json!([{"containerPort": 8080, "hostPort": dice.roll(2) * 8080}]);
    }
    if name == "app" && dice.rarely() {
        container["livenessProbe"] =
            json!({"httpGet": {"port": 80, "host": "metadata.example.com"}});
    }
    container
}
