//! `bartizan can` and `who-can`, as scripts use them: one question, a file of questions, and everybody who may.

use std::fs;
use std::io::Write as _;
use std::process::{Command, Output, Stdio};

use serde_json::{Value, json};

const WORLD: &str = r"
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: reader}
rules:
- {apiGroups: [''], resources: [pods/log], verbs: [get]}
- {apiGroups: [''], resources: [secrets, pods], verbs: [get, list]}
- {nonResourceURLs: [/metrics], verbs: [get]}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: read, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {kind: ServiceAccount, name: cart, namespace: shop}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: 'system:serviceaccounts:pay'}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRoleBinding
metadata: {name: 'say-quote'}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: ClusterRole, name: reader}
subjects:
- {apiGroup: rbac.authorization.k8s.io, kind: User, name: jo}
- {apiGroup: rbac.authorization.k8s.io, kind: Group, name: dev}
---
apiVersion: rbac.authorization.k8s.io/v1
kind: RoleBinding
metadata: {name: lost, namespace: shop}
roleRef: {apiGroup: rbac.authorization.k8s.io, kind: Role, name: gone}
subjects: [{kind: ServiceAccount, name: cart, namespace: shop}]
---
apiVersion: v1
kind: ServiceAccount
metadata: {name: till, namespace: pay}
---
apiVersion: v1
kind: Pod
metadata: {name: cart, namespace: shop}
spec:
  nodeName: n1
  serviceAccountName: cart
  containers: [{name: main, image: 'registry.example.com/cart:1', envFrom: [{secretRef: {name: db}}]}]
";

fn run(arguments: &[&str], input: &str) -> Output {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.yaml");
    fs::write(&file, WORLD).unwrap();
    let mut child = Command::new(env!("CARGO_BIN_EXE_bartizan"))
        .args(arguments)
        .arg("-f")
        .arg(&file)
        .env_remove("KUBECONFIG")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    stdin.write_all(input.as_bytes()).unwrap();
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn said(output: &Output) -> String {
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

fn ask(arguments: &[&str]) -> Value {
    let output = run(&[&["can"], arguments, &["-o", "json"]].concat(), "");
    serde_json::from_str(&said(&output)).unwrap()
}

const CART: &str = r#"RBAC: allowed by RoleBinding "read/shop" of ClusterRole "reader" to ServiceAccount "cart/shop""#;

#[test]
fn one_question_is_answered_in_the_servers_words() {
    let allowed = ask(&["sa:shop/cart", "get", "pods/log", "x", "-n", "shop"]);
    assert_eq!(
        allowed,
        json!({"schema": "bartizan.can/1", "allowed": true, "reason": CART})
    );
    let elsewhere = ask(&["sa:shop/cart", "get", "secrets", "-n", "pay"]);
    assert_eq!(elsewhere["allowed"], false);
    assert_eq!(elsewhere["reason"], "");
    // A binding of the namespace that names a missing role is an error there, and only there.
    let lost = ask(&["sa:shop/cart", "delete", "secrets", "-n", "shop"]);
    assert_eq!(
        lost["reason"],
        r#"RBAC: role.rbac.authorization.k8s.io "gone" not found"#
    );
    // Groups of an account are known; a path counts through a ClusterRoleBinding alone.
    let till = ask(&[
        "system:serviceaccount:pay:till",
        "list",
        "secrets",
        "-n",
        "shop",
    ]);
    assert_eq!(till["allowed"], true, "{till}");
    let path = |who: &str| ask(&[who, "get", "/metrics"])["allowed"].clone();
    assert_eq!(
        (path("jo"), path("sa:shop/cart")),
        (json!(true), json!(false))
    );
    let grouped = ask(&["al", "get", "pods", "--group", "dev"]);
    assert_eq!(grouped["allowed"], true);
    let member = ask(&["group:dev", "get", "pods"]);
    assert_eq!(member["allowed"], true);
    let master = ask(&["al", "delete", "nodes", "--group", "system:masters"]);
    assert_eq!(master["allowed"], true);
    assert_eq!(master["reason"], "");
}

#[test]
fn a_person_reads_yes_or_no_and_why() {
    let yes = run(&["can", "sa:shop/cart", "get", "secrets", "-n", "shop"], "");
    assert_eq!(said(&yes), format!("yes  {CART}\n"));
    let no = run(&["can", "jo", "get", "nodes"], "");
    assert_eq!(said(&no), "no\n");
}

#[test]
fn a_batch_is_answered_line_by_line_and_a_bad_line_loses_nothing() {
    let requests = [
        r#"{"user": "system:serviceaccount:shop:cart", "verb": "get", "group": "", "resource": "pods", "subresource": "log", "namespace": "shop", "name": "x"}"#,
        r#"{"user": "al", "groups": ["dev"], "verb": "get", "path": "/metrics"}"#,
        "nonsense",
        "",
        r#"{"user": "al", "groups": "dev", "verb": "get", "path": "/metrics"}"#,
        r#"{"user": "al", "verb": "get"}"#,
        // No groups at all: not even those of everybody who logged in.
        r#"{"user": "al", "groups": [], "verb": "get", "path": "/healthz"}"#,
        r#"{"user": "al", "verb": "get", "path": "/healthz"}"#,
        r#"{"user": "system:anonymous", "verb": "get", "path": "/healthz"}"#,
        r#"{"user": "system:node:a", "verb": "list", "resource": "pods"}"#,
    ]
    .join("\n");
    let output = run(&["can", "--batch", "-"], &requests);
    assert_eq!(output.status.code(), Some(2), "{output:?}");
    let text = String::from_utf8(output.stdout).unwrap();
    let rows: Vec<Value> = text
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    assert_eq!(rows[0], json!({"schema": "bartizan.can/1"}));
    assert_eq!(rows[1], json!({"allowed": true, "reason": CART}));
    let allowed: Vec<bool> = rows[1..]
        .iter()
        .map(|row| row["allowed"].as_bool().unwrap())
        .collect();
    assert_eq!(
        allowed,
        [true, true, false, false, false, false, true, true, false]
    );
    let error = |at: usize| rows[at]["error"].as_str().unwrap_or_default().to_owned();
    assert!(error(3).starts_with("line 3: "), "{rows:#?}");
    assert!(error(4).contains("list of texts"), "{rows:#?}");
    assert!(
        error(5).contains("neither a resource nor a path"),
        "{rows:#?}"
    );
    let told = String::from_utf8(output.stderr).unwrap();
    assert_eq!(told.matches("line ").count(), 3, "{told}");
}

#[test]
fn everybody_who_may_is_listed_with_binding_role_and_rule() {
    let output = run(
        &["who-can", "list", "secrets", "-n", "shop", "-o", "json"],
        "",
    );
    let answer: Value = serde_json::from_str(&said(&output)).unwrap();
    let rows = answer["subjects"].as_array().unwrap();
    let row = |name: &str| rows.iter().find(|row| row["subject"] == name).cloned();
    let cart = row("sa:shop/cart").unwrap();
    assert_eq!(
        cart,
        json!({"subject": "sa:shop/cart", "scope": "namespace", "via": [{
            "binding": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding", "namespace": "shop", "name": "read"},
            "role": {"apiVersion": "rbac.authorization.k8s.io/v1", "kind": "ClusterRole", "name": "reader"},
            "rule": 1,
        }]})
    );
    assert_eq!(row("user:jo").unwrap()["scope"], "cluster");
    let pay = row("group:system:serviceaccounts:pay").unwrap();
    // Each namespace has the account default.
    assert_eq!(pay["members"], json!(["sa:pay/default", "sa:pay/till"]));
    assert!(row("group:system:masters").is_some());
    let hidden = answer["not_enumerable"].as_array().unwrap();
    assert!(
        hidden.contains(&json!("members of group dev")),
        "{hidden:?}"
    );
    // The same, cluster-wide: bindings of namespaces do not count.
    let output = run(&["who-can", "list", "secrets", "-o", "json"], "");
    let answer: Value = serde_json::from_str(&said(&output)).unwrap();
    let names = answer["subjects"].to_string();
    assert!(
        names.contains("user:jo") && !names.contains("sa:shop/cart"),
        "{names}"
    );
}

#[test]
fn a_question_that_is_none_says_what_to_write() {
    let told = |arguments: &[&str]| {
        let output = run(arguments, "");
        assert_eq!(output.status.code(), Some(2), "{output:?}");
        String::from_utf8(output.stderr).unwrap()
    };
    assert!(told(&["can", "jo", "get"]).contains("RESOURCE"));
    assert!(told(&["can", "jo", "get", "/metrics", "-n", "shop"]).contains("neither a name"));
    assert!(told(&["who-can", "get", "pods", "-n", "a", "-n", "b"]).contains("one namespace"));
    assert!(told(&["can", "--batch", "no-such-file"]).contains("no-such-file"));
    assert!(told(&["can", "sa:cart", "get", "pods"]).contains("sa:NAMESPACE/NAME"));
    assert!(told(&["can", "jo", "get", ".apps"]).contains("VERB RESOURCE"));
}

#[test]
fn a_kubelet_is_answered_by_the_node_authorizer_first() {
    let node = |name: &str, rest: &[&str]| {
        let user = format!("user:system:node:{name}");
        let login = ["can", &user, "--group", "system:nodes"];
        run(&[&login, rest].concat(), "")
    };
    let secret = ["get", "secrets", "db", "-n", "shop"];
    let output = node("n1", &secret);
    let said = String::from_utf8(output.stdout).unwrap();
    assert_eq!(
        said,
        "yes  the Node authorizer: a pod on the node refers to it\n"
    );
    let output = node("n2", &[&secret[..], &["-o", "json"]].concat());
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    let reason = "no relationship found between node 'n2' and this object";
    assert_eq!(
        answer,
        json!({"schema": "bartizan.can/1", "allowed": false, "reason": reason})
    );
    let output = node("n1", &["create", "pods", "-n", "shop"]);
    let note = String::from_utf8(output.stderr).unwrap();
    assert!(
        note.contains("NodeRestriction") && note.contains("mirror pods"),
        "{note}"
    );
    // The group makes the node, not the name.
    let output = run(
        &[
            "can",
            "user:system:node:n1",
            "get",
            "secrets",
            "db",
            "-n",
            "shop",
        ],
        "",
    );
    assert_eq!(output.stdout, b"no\n");
}

#[test]
fn a_refusal_of_a_managed_cloud_says_who_else_may_allow() {
    let labelled = "---
apiVersion: v1
kind: Node
metadata: {name: n1, labels: {eks.amazonaws.com/nodegroup: main}}
";
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("world.yaml");
    fs::write(&file, format!("{WORLD}{labelled}")).unwrap();
    let ask = |arguments: &[&str]| -> Value {
        let output = Command::new(env!("CARGO_BIN_EXE_bartizan"))
            .args(arguments)
            .args(["-o", "json", "-f"])
            .arg(&file)
            .env_remove("KUBECONFIG")
            .output()
            .unwrap();
        serde_json::from_slice(&output.stdout).unwrap()
    };
    let told = "rights granted by AWS IAM, as nodes have the label eks.amazonaws.com/nodegroup";
    let refused = ask(&["can", "al", "list", "secrets"]);
    assert_eq!(refused["allowed"], false);
    assert_eq!(refused["not_visible"], json!([told]));
    let allowed = ask(&["can", "jo", "list", "secrets"]);
    assert!(allowed["allowed"] == true && allowed.get("not_visible").is_none());
    let who = ask(&["who-can", "list", "secrets"]);
    let rest = who["not_enumerable"].as_array().unwrap();
    assert!(rest.iter().any(|line| line == told), "{who:#}");
    let paths = ask(&["paths", "--from", "user:al", "--to", "cluster-admin"]);
    assert_eq!(paths["not_visible"], json!([told]));
}
