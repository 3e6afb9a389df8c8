//! `can --batch` on 1,000 accounts, 500 namespaces and 10,000 rules: the reviewer alone, and the whole program on a file of
//! a million requests. `cargo bench --profile fast --bench rbac`.
//!
//! Target: above 1,000,000 answers a second.
#![allow(
    clippy::print_stdout,
    clippy::unwrap_used,
    clippy::cast_precision_loss,
    missing_docs,
    reason = "a benchmark"
)]

use std::fmt::Write as _;
use std::hint::black_box;
use std::process::{Command, Stdio};
use std::time::Instant;

use bartizan::model::{Object, ObjectKind};
use bartizan::semantics::rbac::rule::Ask;
use bartizan::semantics::rbac::{Identity, Reviewer, Wish};
use bartizan::source::wire::{Pool, decode_value};
use bartizan::view::World;
use criterion::{Criterion, criterion_group, criterion_main};
use serde_json::{Value, json};

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

const ACCOUNTS: usize = 1_000;
const NAMESPACES: usize = 500;
const RULES: usize = 10_000;
const REQUESTS: usize = 1_000_000;

const RESOURCES: [&str; 8] = [
    "pods",
    "secrets",
    "configmaps",
    "services",
    "deployments",
    "jobs",
    "events",
    "ingresses",
];

/// A ClusterRole of ten rules for each account, bound in a namespace of its own, every tenth in the whole cluster.
fn objects() -> Vec<Value> {
    let version = "rbac.authorization.k8s.io/v1";
    let mut all = Vec::new();
    for at in 0..ACCOUNTS {
        let rules: Vec<Value> = (0..RULES / ACCOUNTS)
            .map(|rule| json!({"apiGroups": ["", format!("group-{rule}")], "verbs": ["get", "list", "watch"], "resources": [RESOURCES[(at + rule) % 8], format!("things-{rule}")]}))
            .collect();
        all.push(json!({"apiVersion": version, "kind": "ClusterRole", "metadata": {"name": format!("role-{at}")}, "rules": rules}));
        let subjects = json!([{"kind": "ServiceAccount", "name": format!("account-{at}"), "namespace": format!("space-{}", at % NAMESPACES)}]);
        let role = json!({"apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": format!("role-{at}")});
        let (kind, metadata) = if at.is_multiple_of(10) {
            (
                "ClusterRoleBinding",
                json!({"name": format!("binding-{at}")}),
            )
        } else {
            (
                "RoleBinding",
                json!({"name": format!("binding-{at}"), "namespace": format!("space-{}", at % NAMESPACES)}),
            )
        };
        all.push(json!({"apiVersion": version, "kind": kind, "metadata": metadata, "roleRef": role, "subjects": subjects}));
    }
    all
}

fn world() -> World {
    let mut pool = Pool::new();
    let decode = |value: &Value| -> Object {
        let text = |field: &str| value[field].as_str().unwrap().to_owned();
        let kind = ObjectKind::from_manifest(&text("apiVersion"), &text("kind"));
        decode_value(kind.known().unwrap(), value, &mut pool).unwrap()
    };
    World::closed(objects().iter().map(decode).collect::<Vec<_>>())
}

/// The account, the namespace and the resource of a request; primes spread them.
fn asked(at: usize) -> (usize, usize, &'static str) {
    let account = (at * 7_919) % ACCOUNTS;
    let namespace = if at.is_multiple_of(2) {
        account
    } else {
        at * 104_729
    };
    (account, namespace % NAMESPACES, RESOURCES[(at / 3) % 8])
}

fn reviewer(criterion: &mut Criterion) {
    let world = world();
    let mut reviewer = Reviewer::new(&world);
    let callers: Vec<_> = (0..ACCOUNTS)
        .map(|at| {
            let namespace = format!("space-{}", at % NAMESPACES);
            reviewer.caller(&Identity::account(&namespace, &format!("account-{at}")))
        })
        .collect();
    let spaces: Vec<String> = (0..NAMESPACES).map(|at| format!("space-{at}")).collect();
    criterion.bench_function("100,000 answers of the reviewer", |bencher| {
        bencher.iter(|| {
            let answer = |at: usize| {
                let (account, namespace, resource) = asked(at);
                let ask = Ask::any("get", "", resource);
                let wish = Wish::Resource {
                    namespace: &spaces[namespace],
                    ask,
                };
                usize::from(reviewer.review(callers[account], black_box(&wish)).allowed)
            };
            (0..100_000).map(answer).sum::<usize>()
        });
    });
}

fn program(_: &mut Criterion) {
    let folder = tempfile::tempdir().unwrap();
    let manifests = folder.path().join("world.json");
    let list = json!({"apiVersion": "v1", "kind": "List", "items": objects()});
    std::fs::write(&manifests, list.to_string()).unwrap();
    let run = |count: usize| {
        let mut lines = String::new();
        for at in 0..count {
            let (account, namespace, resource) = asked(at);
            let home = account % NAMESPACES;
            let _ = writeln!(
                lines,
                r#"{{"user": "system:serviceaccount:space-{home}:account-{account}", "verb": "get", "group": "", "resource": "{resource}", "namespace": "space-{namespace}", "name": "x"}}"#
            );
        }
        let requests = folder.path().join("requests");
        std::fs::write(&requests, lines).unwrap();
        let started = Instant::now();
        let status = Command::new(env!("CARGO_BIN_EXE_bartizan"))
            .args(["can", "--batch"])
            .arg(&requests)
            .arg("-f")
            .arg(&manifests)
            .stdout(Stdio::null())
            .status()
            .unwrap();
        assert!(status.success());
        started.elapsed().as_secs_f64()
    };
    for _ in 0..3 {
        let (few, many) = (run(1), run(REQUESTS));
        println!(
            "{REQUESTS} answers in {:.2} s beside {few:.2} s to start: {:.0} a second",
            many - few,
            REQUESTS as f64 / (many - few)
        );
    }
}

criterion_group!(benches, reviewer, program);
criterion_main!(benches);
