//! `bartizan fix`, as scripts use it: several ways to mend, and what each does to the ways of attack.

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;

const WORLD: &str = r"
apiVersion: v1
kind: ServiceAccount
metadata: {name: sync, namespace: ops}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [configmaps, secrets], verbs: [list, create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: reader}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {kind: ServiceAccount, name: sync, namespace: ops}
---
apiVersion: v1
kind: Pod
metadata: {name: sync, namespace: ops}
spec:
  serviceAccountName: sync
  hostNetwork: true
  containers: [{name: sync, image: 'registry.example.com/sync:1.0.0'}]
";

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.yaml");
    fs::write(&file, WORLD).unwrap();
    Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .arg("fix")
        .args(arguments)
        .args(["-f", file.to_str().unwrap()])
        .env_remove("KUBECONFIG")
        .output()
        .unwrap()
}

fn text(arguments: &[&str]) -> String {
    let output = run(arguments);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout).unwrap()
}

fn document(arguments: &[&str]) -> Value {
    serde_json::from_str(&text(&[arguments, &["-o", "json"]].concat())).unwrap()
}

const READER: [&str; 2] = ["secrets-readable", "clusterrolebinding/reader"];

#[test]
fn the_first_way_is_printed_and_the_others_are_named() {
    let first = text(&READER);
    let head: Vec<&str> = first.lines().take(3).collect();
    assert_eq!(
        head,
        [
            "# this way, --way 1: take list secrets out of clusterrole reader",
            "# other way, --way 2: take sa:ops/sync out of clusterrolebinding reader",
            "# other way, --way 3: bind sa:ops/sync in ops alone",
        ]
    );
    assert!(first.contains("# survives: no way of sa:ops/sync that is visible"));
    assert!(first.contains("# mounted in: po ops/sync: "));
    let third = text(&[&READER[..], &["--way", "3"]].concat());
    assert!(third.contains("# this way, --way 3: bind sa:ops/sync in ops alone"));
    assert!(third.contains("# survives: to a Secret: sa:ops/sync reads every Secret in ops"));
}

#[test]
fn the_document_holds_ways_and_paths() {
    let third = document(&[&READER[..], &["--way", "3"]].concat());
    assert_eq!(third["schema"], "bartizan.fix/1");
    assert_eq!(third["way"], 3);
    assert_eq!(third["ways"].as_array().map(Vec::len), Some(3));
    assert_eq!((&third["adds"], &third["moves"]), (&1.into(), &1.into()));
    let paths = &third["paths"];
    assert_eq!(paths["from"][0]["who"], "sa:ops/sync");
    let goals = paths["from"][0]["goals"].as_array().unwrap();
    let names: Vec<&str> = goals.iter().map(|g| g["goal"].as_str().unwrap()).collect();
    assert_eq!(names, ["kube-system-secrets", "any-secret"]);
    assert_eq!(
        (&goals[0]["before"], &goals[0]["ends"]),
        (&1.into(), &1.into())
    );
    assert_eq!(goals[0]["survives"], Value::Array(Vec::new()));
    assert_eq!(
        goals[1]["survives"][0]["steps"][0],
        "sa:ops/sync reads every Secret in ops"
    );
    let other = document(&["host-network", "pod/ops/sync"]);
    assert_eq!(other["paths"], Value::Null);
    assert_eq!(other["ways"].as_array().map(Vec::len), Some(1));
}

#[test]
fn a_way_that_is_not_there_is_a_wrong_argument() {
    let output = run(&[&READER[..], &["--way", "4"]].concat());
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let told = String::from_utf8(output.stderr).unwrap();
    assert!(told.contains("there are 3 ways to mend this"), "{told}");
    let output = run(&["host-network", "pod/ops/sync", "--way", "2"]);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
}
