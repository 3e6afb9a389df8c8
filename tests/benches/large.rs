//! Budgets on a real API server: `bartizan report` of profile M as a whole process, beside a client that reads the same
//! pages and looks at nothing. `cargo bench --profile fast --bench large`; it takes some minutes to make 10,000 pods.
#![allow(
    clippy::format_collect,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark"
)]

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use http::Request;
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use tokio::task::JoinSet;

#[allow(
    clippy::print_stderr,
    dead_code,
    unused_imports,
    reason = "a part of it is used"
)]
#[path = "../control-plane/harness/mod.rs"]
mod harness;
mod profile;

use harness::{Cluster, Needs, User};
use profile::{NAMESPACES, PODS, REPLICAS, deployment_object, pod, replica_set};

/// Asks this program to be the client that looks at nothing.
const FLOOR: &str = "BARTIZAN_BENCH_FLOOR";

/// What it reads: the kinds that have objects here, those with large objects last.
const READ: [&str; 10] = [
    "/api/v1/namespaces",
    "/api/v1/serviceaccounts",
    "/api/v1/services",
    "/apis/networking.k8s.io/v1/networkpolicies",
    "/apis/rbac.authorization.k8s.io/v1/roles",
    "/apis/rbac.authorization.k8s.io/v1/rolebindings",
    "/apis/rbac.authorization.k8s.io/v1/clusterroles",
    "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings",
    "/apis/apps/v1/deployments",
    "/api/v1/pods",
];

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    if let Ok(kubeconfig) = std::env::var(FLOOR) {
        runtime.block_on(floor(&kubeconfig));
        return;
    }
    let cluster = Cluster::start_with(Needs::Server, &["--max-requests-inflight=2000"]).unwrap();
    let admin = cluster.kubeconfig(User::Admin);
    let made = Instant::now();
    runtime.block_on(fill(admin.to_str().unwrap()));
    println!("made in {:.0} s", made.elapsed().as_secs_f64());
    let viewer = cluster.kubeconfig(User::Viewer);
    for _ in 0..3 {
        let mut floor = Command::new(std::env::current_exe().unwrap());
        floor.env(FLOOR, &viewer);
        show("a client that looks at nothing", &cost(floor));
        let mut report = cluster.bartizan(User::Viewer);
        report.args(["report", "-o", "jsonl"]);
        show("bartizan report", &cost(report));
    }
}

async fn client(kubeconfig: &str) -> Client {
    let file = Kubeconfig::read_from(kubeconfig).unwrap();
    let options = KubeConfigOptions::default();
    let config = Config::from_custom_kubeconfig(file, &options)
        .await
        .unwrap();
    Client::try_from(config).unwrap()
}

/// Reads every page of 500 and skips over its text.
async fn floor(kubeconfig: &str) {
    #[derive(Deserialize)]
    struct Page {
        metadata: Meta,
        #[serde(rename = "items")]
        _items: IgnoredAny,
    }
    #[derive(Deserialize)]
    struct Meta {
        #[serde(default)]
        r#continue: String,
    }
    let client = client(kubeconfig).await;
    for path in READ {
        let mut token = String::new();
        loop {
            let uri = format!("{path}?limit=500&continue={token}");
            let request = Request::get(uri).body(Vec::new()).unwrap();
            let text = client.request_text(request).await.unwrap();
            let page: Page = serde_json::from_str(&text).unwrap();
            token = page.metadata.r#continue;
            if token.is_empty() {
                break;
            }
        }
    }
}

/// Makes the cluster, sixteen requests at a time.
async fn fill(kubeconfig: &str) {
    let client = client(kubeconfig).await;
    let mut small = Vec::new();
    for n in 0..NAMESPACES {
        small.push((
            "/api/v1/namespaces".to_owned(),
            object("v1", "Namespace", &format!("ns-{n}"), json!({})),
        ));
    }
    post(&client, small).await;
    let mut small = Vec::new();
    for n in 0..NAMESPACES {
        small.extend(of_namespace(n));
    }
    post(&client, small).await;
    let mut large = Vec::new();
    for d in 0..PODS / REPLICAS {
        let space = d % NAMESPACES;
        let apps = |plural: &str| format!("/apis/apps/v1/namespaces/ns-{space}/{plural}");
        let deployment = bare(&deployment_object(d), "apps/v1", "Deployment");
        let mut set = bare(&replica_set(d), "apps/v1", "ReplicaSet");
        set["spec"] = deployment["spec"].clone();
        large.push((apps("deployments"), deployment));
        large.push((apps("replicasets"), set));
    }
    for at in 0..PODS {
        let space = profile::deployment(at) % NAMESPACES;
        large.push((
            format!("/api/v1/namespaces/ns-{space}/pods"),
            bare(&pod(at), "v1", "Pod"),
        ));
    }
    post(&client, large).await;
}

/// What a server does not take from a client, away.
fn bare(text: &str, api_version: &str, kind: &str) -> Value {
    let mut object: Value = serde_json::from_str(text).unwrap();
    object["apiVersion"] = json!(api_version);
    object["kind"] = json!(kind);
    let meta = object["metadata"].as_object_mut().unwrap();
    for server in [
        "uid",
        "resourceVersion",
        "creationTimestamp",
        "managedFields",
    ] {
        meta.remove(server);
    }
    for owner in meta
        .get_mut("ownerReferences")
        .and_then(Value::as_array_mut)
        .into_iter()
        .flatten()
    {
        owner["uid"] = json!("0b000000-0000-4000-8000-000000000000");
    }
    object
}

fn object(api_version: &str, kind: &str, name: &str, rest: Value) -> Value {
    let mut object = json!({"apiVersion": api_version, "kind": kind, "metadata": {"name": name}});
    object
        .as_object_mut()
        .unwrap()
        .extend(rest.as_object().unwrap().clone());
    object
}

/// The small objects of a namespace.
fn of_namespace(n: usize) -> Vec<(String, Value)> {
    let core = |plural: &str| format!("/api/v1/namespaces/ns-{n}/{plural}");
    let rbac =
        |plural: &str| format!("/apis/rbac.authorization.k8s.io/v1/namespaces/ns-{n}/{plural}");
    let policies = format!("/apis/networking.k8s.io/v1/namespaces/ns-{n}/networkpolicies");
    let account = format!("sa-{}", n % 20);
    let mut all = vec![
        (
            core("serviceaccounts"),
            object("v1", "ServiceAccount", "default", json!({})),
        ),
        (
            core("serviceaccounts"),
            object("v1", "ServiceAccount", &account, json!({})),
        ),
    ];
    for i in 0..2 {
        let app = format!("app-{}", n + i * NAMESPACES);
        let kind = if n.is_multiple_of(30) {
            "LoadBalancer"
        } else {
            "ClusterIP"
        };
        let spec = json!({"spec": {"type": kind, "selector": {"app": app}, "ports": [{"port": 80, "targetPort": 8080}]}});
        all.push((core("services"), object("v1", "Service", &app, spec)));
        let rules = json!({"rules": [{"apiGroups": [""], "resources": ["pods", "configmaps"], "verbs": ["get", "list"]}]});
        let role = format!("role-{i}");
        all.push((
            rbac("roles"),
            object("rbac.authorization.k8s.io/v1", "Role", &role, rules),
        ));
        let binding = json!({"roleRef": {"apiGroup": "rbac.authorization.k8s.io", "kind": "Role", "name": role},
            "subjects": [{"kind": "ServiceAccount", "name": account, "namespace": format!("ns-{n}")}]});
        all.push((
            rbac("rolebindings"),
            object(
                "rbac.authorization.k8s.io/v1",
                "RoleBinding",
                &role,
                binding,
            ),
        ));
    }
    for i in 0..if n.is_multiple_of(2) { 9 } else { 0 } {
        let spec = json!({"spec": {"podSelector": {"matchLabels": {"app": format!("app-{}", n + i * NAMESPACES)}},
            "policyTypes": ["Ingress"], "ingress": [{"from": [{"podSelector": {}}]}]}});
        all.push((
            policies.clone(),
            object(
                "networking.k8s.io/v1",
                "NetworkPolicy",
                &format!("p-{i}"),
                spec,
            ),
        ));
    }
    all
}

async fn post(client: &Client, all: Vec<(String, Value)>) {
    let mut running = JoinSet::new();
    for (path, object) in all {
        if running.len() >= 16 {
            running.join_next().await.unwrap().unwrap();
        }
        let client = client.clone();
        running.spawn(async move {
            let request = Request::post(&path).header("content-type", "application/json");
            let request = request.body(serde_json::to_vec(&object).unwrap()).unwrap();
            if let Err(error) = client.request_text(request).await {
                panic!("{path}: {error}");
            }
        });
    }
    while let Some(done) = running.join_next().await {
        done.unwrap();
    }
}

/// What a whole process cost, as the kernel counts it while it lives.
struct Cost {
    wall: Duration,
    cpu: f64,
    peak_mib: u64,
}

fn cost(mut command: Command) -> Cost {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let mut cost = Cost {
        wall: Duration::ZERO,
        cpu: 0.0,
        peak_mib: 0,
    };
    while child.try_wait().unwrap().is_none() {
        let read = |file: &str| {
            std::fs::read_to_string(format!("/proc/{}/{file}", child.id())).unwrap_or_default()
        };
        let stat = read("stat");
        let fields: Vec<&str> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .collect();
        let ticks = |at: usize| {
            fields
                .get(at)
                .and_then(|f| f.parse::<f64>().ok())
                .unwrap_or(0.0)
        };
        cost.cpu = cost.cpu.max((ticks(11) + ticks(12)) / 100.0);
        let status = read("status");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|p| p.split_whitespace().next()?.parse::<u64>().ok());
        cost.peak_mib = cost.peak_mib.max(peak.unwrap_or(0) / 1024);
        std::thread::sleep(Duration::from_millis(5));
    }
    cost.wall = start.elapsed();
    cost
}

fn show(what: &str, cost: &Cost) {
    println!(
        "{what:<34} {:>6.2} s wall {:>6.2} s CPU {:>5} MiB peak   budget 1.3x the client's wall time, 2.5 s CPU, 120 MiB",
        cost.wall.as_secs_f64(),
        cost.cpu,
        cost.peak_mib
    );
}
