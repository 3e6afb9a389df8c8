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
use serde::Deserialize;
use serde::de::IgnoredAny;

mod filling;
#[allow(
    clippy::print_stderr,
    dead_code,
    unused_imports,
    reason = "a part of it is used"
)]
#[path = "../control-plane/harness/mod.rs"]
mod harness;
mod process;
mod profile;

use filling::{client, fill};
use harness::{Cluster, Needs, User};

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
        let cpu = process::cpu(child.id()).unwrap_or(0.0);
        cost.cpu = cost.cpu.max(cpu);
        let peak = process::peak_mib(child.id()).unwrap_or(0);
        cost.peak_mib = cost.peak_mib.max(peak);
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
