//! `bartizan pod-security`, as scripts use it: rows, order, versions, namespaces, exit codes.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

const WORLD: &str = r"
apiVersion: v1
kind: Namespace
metadata:
  name: shop
  labels: {pod-security.kubernetes.io/enforce: baseline, pod-security.kubernetes.io/enforce-version: v1.30, pod-security.kubernetes.io/audit: Baseline}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers: [{name: cart, image: 'registry.example.com/cart:1', securityContext: {privileged: true}}]
---
apiVersion: apps/v1
kind: ReplicaSet
metadata:
  name: cart-1
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: Deployment, name: cart, uid: u, controller: true}]
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      containers: [{name: cart, image: 'registry.example.com/cart:1'}]
---
apiVersion: v1
kind: Pod
metadata:
  name: cart-1-b
  namespace: shop
  ownerReferences: [{apiVersion: apps/v1, kind: ReplicaSet, name: cart-1, uid: v, controller: true}]
spec:
  containers: [{name: cart, image: 'registry.example.com/cart:1', livenessProbe: {httpGet: {port: 80, host: localhost}}}]
---
apiVersion: batch/v1
kind: CronJob
metadata: {name: nightly, namespace: pay}
spec:
  schedule: '* * * * *'
  jobTemplate:
    spec:
      template:
        spec:
          hostPID: true
          hostNetwork: true
          restartPolicy: Never
          containers: [{name: job, image: 'registry.example.com/job:1'}]
---
apiVersion: batch/v1
kind: Job
metadata:
  name: nightly-7
  namespace: pay
  ownerReferences: [{apiVersion: batch/v1, kind: CronJob, name: nightly, uid: w, controller: true}]
spec:
  template:
    spec:
      restartPolicy: Never
      containers: [{name: job, image: 'registry.example.com/job:1'}]
---
apiVersion: v1
kind: Pod
metadata:
  name: nightly-7-x
  namespace: pay
  ownerReferences: [{apiVersion: batch/v1, kind: Job, name: nightly-7, uid: y, controller: true}]
spec:
  hostPID: true
  containers: [{name: job, image: 'registry.example.com/job:1'}]
status: {phase: Succeeded}
";

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.yaml");
    fs::write(&file, WORLD).unwrap();
    Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .arg("pod-security")
        .arg("-f")
        .arg(&file)
        .args(arguments)
        .env_remove("KUBECONFIG")
        .output()
        .unwrap()
}

fn rows(arguments: &[&str]) -> Vec<Value> {
    let output = run(&[arguments, &["-o", "jsonl"]].concat());
    assert!(output.status.success(), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stderr), "");
    let text = String::from_utf8(output.stdout).unwrap();
    let mut lines = text.lines().map(|line| serde_json::from_str(line).unwrap());
    let schema: Value = lines.next().unwrap();
    assert_eq!(schema["schema"], "bartizan.pod-security/1");
    lines.collect()
}

fn object(row: &Value) -> String {
    let field = |name: &str| row["object"][name].as_str().unwrap();
    format!("{}/{}/{}", field("kind"), field("namespace"), field("name"))
}

#[test]
fn one_row_for_every_pod_and_for_the_template_of_every_top_owner() {
    let rows = rows(&["--level", "baseline", "--version", "v1.36"]);
    let objects: Vec<String> = rows.iter().map(object).collect();
    assert_eq!(
        objects,
        [
            "CronJob/pay/nightly",
            "Pod/pay/nightly-7-x",
            "Deployment/shop/cart",
            "Pod/shop/cart-1-b"
        ]
    );
    assert_eq!(
        rows[0].to_string(),
        r#"{"object":{"apiVersion":"batch/v1","kind":"CronJob","namespace":"pay","name":"nightly"},"level":"baseline","version":"v1.36","allowed":false,"violations":[{"control":"hostNamespaces","reason":"host namespaces","detail":"hostNetwork=true, hostPID=true"}],"highest_level":"privileged"}"#
    );
    let probe = &rows[3]["violations"][0];
    assert_eq!(probe["control"], "hostProbesAndHostLifecycle");
    assert_eq!(
        probe["detail"],
        r#"container "cart" uses probe or lifecycle host "localhost""#
    );
}

#[test]
fn a_version_is_what_is_applied() {
    for (asked, applied) in [("v1.0", "v1.0"), ("v1.99", "v1.37"), ("latest", "v1.37")] {
        for row in rows(&["--version", asked]) {
            assert_eq!(row["version"], applied);
            assert_eq!(row["level"], "restricted");
        }
    }
    let old = rows(&["--level", "baseline", "--version", "v1.33", "-n", "shop"]);
    let allowed: Vec<_> = old.iter().map(|row| &row["allowed"]).collect();
    assert_eq!(allowed, [false, true]);
    assert_eq!(old[1]["violations"], serde_json::json!([]));
    assert_eq!(old[1]["highest_level"], "baseline");
    for row in rows(&["--level", "privileged"]) {
        assert_eq!(row["allowed"], true);
    }
}

#[test]
fn namespaces_say_what_holds_and_what_a_raise_rejects() {
    let mut rows = rows(&["--namespaces"]);
    let outside = rows.split_off(2);
    let what: Vec<&str> = outside
        .iter()
        .map(|row| row["not_visible"]["what"].as_str().unwrap())
        .collect();
    assert!(what[0].starts_with("the cluster's default") && what[1].contains("exempt"));
    let (pay, shop) = (&rows[0], &rows[1]);
    assert_eq!(pay["enforce"]["level"], "privileged");
    assert_eq!(pay["enforce"]["level_from"], "default");
    assert_eq!(pay["highest_level"], "privileged");
    assert!(
        pay["not_visible"][0]
            .as_str()
            .unwrap()
            .contains("its labels")
    );
    let baseline = &pay["raise"][0];
    assert_eq!(baseline["rejects"][0]["object"]["name"], "nightly-7-x");
    assert_eq!(baseline["rejects"][0]["phase"], "Succeeded");
    assert_eq!(baseline["rejects"][0]["workload"]["name"], "nightly");
    assert_eq!(baseline["warnings"][1], "nightly-7-x: host namespaces");

    let mode = |mode: &str| {
        let row = &shop[mode];
        ["level", "level_from", "version", "version_from"].map(|f| row[f].as_str().unwrap())
    };
    assert_eq!(mode("enforce"), ["baseline", "label", "v1.30", "label"]);
    assert_eq!(mode("warn"), ["baseline", "enforce", "v1.30", "enforce"]);
    assert_eq!(
        mode("audit"),
        ["privileged", "invalid label", "latest", "default"]
    );
    assert_eq!(shop["invalid_labels"][0]["value"], "Baseline");
    // at v1.30 nobody asks about the hosts of probes
    assert_eq!(shop["highest_level"], "baseline");
    assert_eq!(shop["raise"][1]["version"], "v1.30");
    assert_eq!(
        shop["raise"][1]["rejects"][0]["workload"]["kind"],
        "Deployment"
    );
    assert!(shop.get("not_visible").is_none());
}

#[test]
fn gates_and_wrong_words_set_the_exit_code() {
    let code = |arguments: &[&str]| run(arguments).status.code();
    assert_eq!(code(&[]), Some(0));
    assert_eq!(code(&["--fail-on", "violation"]), Some(1));
    let open = ["--fail-on", "violation", "--level", "privileged"];
    assert_eq!(code(&open), Some(0));
    assert_eq!(code(&["--namespaces", "--fail-on", "violation"]), Some(1));
    assert_eq!(code(&["--version", "1.30"]), Some(2));
    assert_eq!(code(&["--level", "strict"]), Some(2));
}

#[test]
fn a_table_is_for_people() {
    let text = |arguments: &[&str]| String::from_utf8(run(arguments).stdout).unwrap();
    let pods = text(&["--level", "baseline"]);
    assert!(pods.contains("AT BASELINE v1.37"), "{pods}");
    assert!(pods.contains("Deployment/cart"), "{pods}");
    assert!(pods.ends_with("\n0 of 4 allowed\n"), "{pods}");
    let namespaces = text(&["--namespaces"]);
    assert!(
        namespaces.contains("baseline v1.30 (enforce)"),
        "{namespaces}"
    );
    assert!(namespaces.contains("HOW TO SEE IT"), "{namespaces}");
}
