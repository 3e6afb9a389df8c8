//! `bartizan paths`, as scripts use it: the shape of its answer, goals, starts, and the whole graph.

use std::fs;
use std::path::Path;
use std::process::{Command, Output};

use serde_json::{Value, json};

const WORLD: &str = r"
apiVersion: v1
kind: Namespace
metadata: {name: shop, labels: {pod-security.kubernetes.io/enforce: restricted}}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: cart, namespace: shop}
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: admin, namespace: shop}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: Role
metadata: {name: maker, namespace: shop}
rules:
- {apiGroups: [''], resources: [pods], verbs: [create]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: maker, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: maker}
subjects: [{kind: ServiceAccount, name: cart, namespace: shop}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: admin}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: cluster-admin}
subjects: [{kind: ServiceAccount, name: admin, namespace: shop}]
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cart, namespace: shop}
spec:
  selector: {matchLabels: {app: cart}}
  template:
    metadata: {labels: {app: cart}}
    spec:
      serviceAccountName: cart
      containers: [{name: cart, image: 'registry.example.com/cart:1.8.0'}]
";

fn run(arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.yaml");
    fs::write(&file, WORLD).unwrap();
    run_on(&["-f", file.to_str().unwrap()], arguments)
}

fn run_on(source: &[&str], arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .arg("paths")
        .args(arguments)
        .args(source)
        .env_remove("KUBECONFIG")
        .output()
        .unwrap()
}

fn ask(from: &str, to: &str) -> Value {
    let output = run(&["--from", from, "--to", to, "-o", "json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

fn steps(way: &Value) -> Vec<(&str, &str, &str)> {
    let steps = way["steps"].as_array().unwrap().iter();
    steps
        .map(|step| {
            (
                step["edge"].as_str().unwrap(),
                step["from"].as_str().unwrap(),
                step["to"].as_str().unwrap(),
            )
        })
        .collect()
}

#[test]
fn a_path_is_its_steps_with_their_evidence() {
    let answer = ask("sa:shop/cart", "cluster-admin");
    let way = &answer["paths"][0];
    assert_eq!(way["cost"], 1);
    assert_eq!(
        steps(way),
        [
            ("create-pods", "sa:shop/cart", "sa:shop/admin"),
            ("holds-everything", "sa:shop/admin", "cluster-admin"),
        ]
    );
    let step = &way["steps"][0];
    assert_eq!(
        step["says"],
        "sa:shop/cart makes a pod in shop that runs as any account there: sa:shop/admin"
    );
    assert_eq!(step["evidence"][2]["value"], "create pods");
    assert_eq!(step["evidence"][2]["object"]["kind"], "Role");
    assert_eq!(answer["unsure"], json!([]));
    let changes: Vec<(&str, u64, u64)> = answer["cuts"]
        .as_array()
        .unwrap()
        .iter()
        .map(|cut| {
            (
                cut["change"].as_str().unwrap(),
                cut["ends"].as_u64().unwrap(),
                cut["leaves"].as_u64().unwrap(),
            )
        })
        .collect();
    let all = answer["paths"].as_array().unwrap().len() as u64;
    // The binding and the role that Kubernetes itself writes are no changes that are offered.
    assert_eq!(
        changes,
        [
            ("drop the rule \"create pods\" of role shop/maker", all, 0),
            ("take sa:shop/admin out of clusterrolebinding admin", all, 0),
            ("take sa:shop/cart out of rolebinding shop/maker", all, 0),
        ]
    );
}

#[test]
fn a_workload_starts_where_a_container_was_taken_over() {
    let answer = ask("deploy/shop/cart", "sa:shop/admin");
    assert_eq!(
        steps(&answer["paths"][0]),
        [
            ("mounted-token", "deploy/shop/cart", "sa:shop/cart"),
            ("create-pods", "sa:shop/cart", "sa:shop/admin"),
        ]
    );
}

#[test]
fn no_path_is_an_empty_list_and_no_failure() {
    for (from, to) in [
        ("sa:shop/default", "cluster-admin"),
        ("user:jo", "any-secret"),
        ("sa:shop/cart", "cloud"),
    ] {
        let answer = ask(from, to);
        assert_eq!(answer["paths"], json!([]), "{from} {to}");
        assert_eq!(
            (&answer["cuts"], &answer["unsure"]),
            (&json!([]), &json!([]))
        );
    }
    let ways = |to: &str| ask("sa:shop/cart", to)["paths"].as_array().unwrap().len();
    for to in [
        "node-root",
        "kube-system-secrets",
        "any-secret",
        "namespace-admin:shop",
        "namespace-admin:kube-system",
        "secret:shop/db",
    ] {
        assert!(ways(to) > 0, "{to}");
    }
}

#[test]
fn the_whole_graph_is_an_edge_a_line() {
    let output = run(&["--edges"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let edges: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let has = |edge: &str, from: &str, to: &str| {
        edges
            .iter()
            .any(|e| e["edge"] == edge && e["from"] == from && e["to"] == to)
    };
    assert!(has("create-pods", "sa:shop/cart", "right:make-pods/shop"));
    assert!(has("then", "right:make-pods/shop", "right:tokens/shop"));
    assert!(
        !has("privileged-pod", "right:make-pods/shop", "node:*"),
        "the level refuses it"
    );
    assert!(has("holds-everything", "sa:shop/admin", "cluster-admin"));
    assert_eq!(
        String::from_utf8(run(&["--edges"]).stdout).unwrap(),
        text,
        "the same each time"
    );
}

#[test]
fn what_is_asked_wrongly_is_told() {
    for arguments in [
        &["--from", "cart", "--to", "cluster-admin"][..],
        &["--from", "sa:shop/cart", "--to", "moon"],
        &["--from", "sa:shop/cart"],
        &["--edges", "--to", "cloud"],
    ] {
        assert_eq!(run(arguments).status.code(), Some(2), "{arguments:?}");
    }
}

fn ways_on(source: &[&str], from: &str, to: &str) -> Value {
    let output = run_on(source, &["--from", from, "--to", to, "-o", "json"]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    serde_json::from_slice(&output.stdout).unwrap()
}

#[test]
fn the_demo_has_the_ways_that_its_stories_tell() {
    let demo = |from: &str, to: &str| ways_on(&["--demo"], from, to);
    let jenkins = demo("sts/ci/jenkins", "cluster-admin");
    let ids: Vec<&str> = steps(&jenkins["paths"][0])
        .iter()
        .map(|step| step.0)
        .collect();
    assert_eq!(ids, ["mounted-token", "create-pods", "holds-everything"]);
    let cuts = jenkins["cuts"].as_array().unwrap();
    assert!(cuts.iter().any(|cut| cut["leaves"] == 0
        && cut["change"] == "take sa:ci/jenkins out of rolebinding ci/ci-agents"));
    // The binding that the cheapest way needs is not the only one: the node is another way there.
    assert!(cuts.iter().any(|cut| cut["leaves"] != 0
        && cut["change"] == "take sa:ci/deployer out of clusterrolebinding ci-deployer-admin"));
    assert_eq!(
        demo("deploy/shop/cart", "cluster-admin")["paths"],
        json!([])
    );
    // Where Roles are hidden there may be more, and it is said.
    assert!(
        !demo("sa:shop/cart", "cluster-admin")["not_visible"]
            .as_array()
            .unwrap()
            .is_empty()
    );
}

#[test]
fn an_account_of_kubernetes_goat_is_the_cluster() {
    let goat = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../shared/corpora/madhuakula-kubernetes-goat/scenarios");
    if !goat.is_dir() {
        return;
    }
    let source = ["-f", goat.to_str().unwrap()];
    let answer = ways_on(&source, "sa:kube-system/superadmin", "cluster-admin");
    assert_eq!(answer["paths"][0]["cost"], 0);
    assert_eq!(
        steps(&answer["paths"][0]),
        [(
            "holds-everything",
            "sa:kube-system/superadmin",
            "cluster-admin"
        )]
    );
}
