//! Budgets of the explorer on a real API server with profile M, watched through a terminal of 80x24: how long a change
//! takes from the API to the screen while fifty objects a second change elsewhere, what that and idleness send and cost.
//! `cargo bench --profile fast --bench live`; `BARTIZAN` names another build of the program. Some minutes.
#![allow(
    clippy::format_collect,
    clippy::panic,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    reason = "a benchmark"
)]

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, channel};
use std::time::{Duration, Instant};

use futures::{AsyncBufReadExt as _, StreamExt as _};
use http::Request;
use kube::Client;
use serde_json::{Value, json};

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

use filling::{client, fill, object, post};
use harness::pty::{self, Pty};
use harness::{Cluster, Needs, User};
use profile::{NAMESPACES, PODS};

/// Objects that change each second where the person does not look.
const NOISE: u32 = 50;
/// How often the visible one is changed.
const ROUNDS: usize = 200;
/// The control whose only finding comes and goes.
const CONTROL: &str = "No pod shares network";
const PROBE: &str = "/apis/apps/v1/namespaces/probe/deployments/probe";

fn main() {
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let cluster = Cluster::start_with(Needs::Server, &["--max-requests-inflight=2000"]).unwrap();
    let admin = cluster.kubeconfig(User::Admin);
    runtime.block_on(fill(admin.to_str().unwrap()));
    let api = runtime.block_on(client(admin.to_str().unwrap()));
    runtime.block_on(probe(&api));

    let start = Instant::now();
    let mut explorer = explorer(&cluster);
    precede(explorer.pid());
    explorer.wait_until("a first frame", |screen| {
        !screen.contents().trim().is_empty()
    });
    let first = start.elapsed();
    explorer.wait_until("all but pods and their owners", |screen| {
        only_large_are_read(&screen.contents())
    });
    let small = start.elapsed();
    explorer.wait_until("all facts", |screen| {
        let text = screen.contents();
        text.contains("live  ") && text.contains("CUT FIRST") && !text.contains("...")
    });
    println!(
        "first frame {first:?} (budget 100 ms), all but pods and their owners {small:?} (budget 500 ms), every verdict {:?}",
        start.elapsed()
    );
    explorer.wait_until("the worth of the first cut", |screen| {
        !screen.contents().contains("being worked out")
    });

    idle(&cluster, &explorer);

    explorer.send("2/probe/probe\r");
    explorer.wait_until("the probe", |screen| {
        screen.contents().contains("probe/probe")
    });
    let changes = Changes::start(&runtime, api.clone());
    std::thread::sleep(Duration::from_secs(5));
    cost(
        "30 s, 50 objects a second change elsewhere (budget 1,000 bytes a second)",
        &explorer,
        Duration::from_secs(30),
    );
    let took = latencies(&runtime, &api, &explorer);
    changes.stop(&runtime);
    println!("a change that is visible, {NOISE} others a second:");
    println!(
        "  from the API's answer to its watches   {}",
        shares(&took.server)
    );
    println!(
        "  from there to the screen               {} (budget p99 100 ms)",
        shares(&took.screen)
    );
}

/// The object that is looked at.
async fn probe(api: &Client) {
    let namespace = object("v1", "Namespace", "probe", json!({}));
    post(api, vec![("/api/v1/namespaces".to_owned(), namespace)]).await;
    let spec = json!({"spec": {"replicas": 0, "selector": {"matchLabels": {"app": "probe"}}, "template": {
        "metadata": {"labels": {"app": "probe"}},
        "spec": {"containers": [{"name": "probe", "image": "registry.example.com/probe:1"}]}}}});
    let deployment = object("apps/v1", "Deployment", "probe", spec);
    let path = "/apis/apps/v1/namespaces/probe/deployments".to_owned();
    post(api, vec![(path, deployment)]).await;
}

fn explorer(cluster: &Cluster) -> Pty {
    let program = harness::bartizan();
    let kubeconfig = cluster.kubeconfig(User::Viewer);
    let mut command = pty::command(
        program.to_str().unwrap(),
        &["--kubeconfig", kubeconfig.to_str().unwrap()],
    );
    command.env("HOME", cluster.home());
    command.env("TERM", "xterm-16color");
    if let Ok(log) = std::env::var("BARTIZAN_LOG") {
        command.args(["--log", &log]);
    }
    Pty::start(command, 80, 24)
}

/// The server has the same cores here, and its garbage collector takes them all for half a second now and then. A person
/// has the explorer on another machine: its threads come first, where the kernel lets us say so.
fn precede(pid: u32) {
    let told = std::fs::write(format!("/proc/{pid}/autogroup"), "-19");
    if let Err(why) = told {
        println!("the server shares the cores and may hold the explorer up: {why}");
    }
}

/// The screen says that kinds are still being read, and only those of which there are many large objects.
fn only_large_are_read(text: &str) -> bool {
    let read = text.lines().find_map(|line| line.split_once(": reading "));
    let words: Vec<&str> = read
        .map_or("", |(_, read)| read)
        .split_whitespace()
        .collect();
    let read = words.windows(3).filter(|three| three[2] == "...");
    let mut read = read.map(|three| three[0]).peekable();
    let large = [
        "pods",
        "deployments",
        "replicasets",
        "statefulsets",
        "daemonsets",
        "jobs",
        "cronjobs",
        "replicationcontrollers",
    ];
    let all = text.contains("CUT FIRST") && !text.contains("...");
    all || read.peek().is_some() && read.all(|kind| large.contains(&kind))
}

/// A minute in which nothing happens.
fn idle(cluster: &Cluster, explorer: &Pty) {
    let asked = |user: &str| {
        let all = cluster.audit().unwrap();
        all.iter().filter(|line| line.user == user).count()
    };
    let viewer = cluster.audit().unwrap();
    let viewer = viewer
        .iter()
        .find(|line| line.user_agent.starts_with("bartizan"))
        .unwrap();
    std::thread::sleep(Duration::from_secs(20));
    let before = asked(&viewer.user);
    cost(
        "idle for 60 s (budget 60 bytes, 0.3 s CPU)",
        explorer,
        Duration::from_secs(60),
    );
    println!(
        "requests in these 60 s: {} (watches that the server ends are asked for again)",
        asked(&viewer.user) - before
    );
}

fn cost(what: &str, explorer: &Pty, time: Duration) {
    let pid = explorer.pid();
    let (bytes, cpu) = (explorer.bytes().len(), process::cpu(pid).unwrap());
    std::thread::sleep(time);
    println!(
        "{what}: {} bytes, {:.2} s CPU, {} MiB peak",
        explorer.bytes().len() - bytes,
        process::cpu(pid).unwrap() - cpu,
        process::peak_mib(pid).unwrap()
    );
}

/// Pods that change all the time, in ways that no verdict rests on.
struct Changes {
    stop: Arc<AtomicBool>,
    task: tokio::task::JoinHandle<()>,
}

impl Changes {
    fn start(runtime: &tokio::runtime::Runtime, api: Client) -> Changes {
        let stop = Arc::new(AtomicBool::new(false));
        let stopped = stop.clone();
        let task = runtime.spawn(async move {
            let mut tick = tokio::time::interval(Duration::from_secs(1) / NOISE);
            for round in 0.. {
                if stopped.load(Ordering::Relaxed) {
                    return;
                }
                tick.tick().await;
                let at = round * 37 % PODS;
                let space = profile::deployment(at) % NAMESPACES;
                let path = format!(
                    "/api/v1/namespaces/ns-{space}/pods/{}",
                    profile::pod_name(at)
                );
                let change = json!({"metadata": {"annotations": {"round": round.to_string()}}});
                patch(&api, &path, &change).await;
            }
        });
        Changes { stop, task }
    }

    fn stop(self, runtime: &tokio::runtime::Runtime) {
        self.stop.store(true, Ordering::Relaxed);
        runtime.block_on(self.task).unwrap();
    }
}

async fn patch(api: &Client, path: &str, change: &Value) {
    let request = Request::patch(path).header("content-type", "application/merge-patch+json");
    let request = request.body(serde_json::to_vec(change).unwrap()).unwrap();
    if let Err(error) = api.request_text(request).await {
        panic!("{path}: {error}");
    }
}

/// Another client's watch of the probe: when a change reached any client at all.
fn witness(runtime: &tokio::runtime::Runtime, api: Client) -> Receiver<Instant> {
    let (seen, times) = channel();
    runtime.spawn(async move {
        let path = "/apis/apps/v1/namespaces/probe/deployments?watch=true";
        let request = Request::get(path).body(Vec::new()).unwrap();
        let mut lines = api.request_stream(request).await.unwrap().lines();
        while let Some(Ok(line)) = lines.next().await {
            if line.starts_with("{\"type\":\"MODIFIED\"") && seen.send(Instant::now()).is_err() {
                return;
            }
        }
    });
    times
}

/// Times of a change: from the API's answer to the writer until another client's watch has it, from then to the frame.
struct Latencies {
    server: Vec<Duration>,
    screen: Vec<Duration>,
}

/// Switches a field on and off; each time the finding comes or goes.
fn latencies(runtime: &tokio::runtime::Runtime, api: &Client, explorer: &Pty) -> Latencies {
    let witness = witness(runtime, api.clone());
    let mut all = Latencies {
        server: Vec::new(),
        screen: Vec::new(),
    };
    std::thread::sleep(Duration::from_secs(1));
    for round in 0..ROUNDS {
        let on = round % 2 == 0;
        let change = json!({"spec": {"template": {"spec": {"hostPID": on}}}});
        runtime.block_on(patch(api, PROBE, &change));
        let answered = Instant::now();
        explorer.wait_until("the change", |screen| {
            screen.contents().contains(CONTROL) == on
        });
        let shown = Instant::now();
        let seen = witness.recv().unwrap();
        all.server.push(seen.saturating_duration_since(answered));
        all.screen.push(shown.saturating_duration_since(seen));
        // At another moment of each round of batches.
        std::thread::sleep(Duration::from_millis(150 + 37 * (round as u64 % 7)));
    }
    all.server.sort_unstable();
    all.screen.sort_unstable();
    all
}

fn shares(all: &[Duration]) -> String {
    let at = |percent: usize| all[(all.len() - 1) * percent / 100];
    format!(
        "p50 {:?}, p90 {:?}, p99 {:?}, most {:?}",
        at(50),
        at(90),
        at(99),
        at(100)
    )
}
