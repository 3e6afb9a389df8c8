//! Every check of pods on 10,000 and 100,000 pods of profile M, from facts, on one core; one pod; and what a pod costs in
//! memory. `cargo bench --profile fast --bench checks`.
//!
//! Target: 10,000 pods under 50 ms, one changed pod under 100 microseconds.
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::print_stdout,
    clippy::unwrap_used,
    missing_docs,
    dead_code,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::sync::Arc;
use std::time::Duration;

use bartizan::model::Kind;
use bartizan::source::wire::{Pool, decode_json};
use bartizan::threats::{self, Scope, Sink};
use bartizan::view::{PodLike, View, Workload, World};
use criterion::{Criterion, criterion_group, criterion_main};

mod profile;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// Pods with the workloads that make them.
fn world(pods: usize) -> World {
    let mut pool = Pool::new();
    let mut world = World::closed([]);
    let mut put = |kind, json: &str| {
        world.put(Arc::new(decode_json(kind, json, &mut pool).unwrap()));
    };
    for at in 0..pods {
        put(Kind::Pod, &profile::pod(at));
        if at.is_multiple_of(profile::REPLICAS) {
            let d = profile::deployment(at);
            put(Kind::Deployment, &profile::deployment_object(d));
            put(Kind::ReplicaSet, &profile::replica_set(d));
        }
    }
    world
}

/// Memory that this process holds now, in bytes.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find(|line| line.starts_with("VmRSS:"));
    let kib = line.and_then(|line| line.split_whitespace().nth(1));
    kib.and_then(|kib| kib.parse::<u64>().ok()).unwrap() * 1024
}

type Rule = fn(&PodLike<'_>, &View<'_>, &mut Sink);

fn rules() -> Vec<Rule> {
    let all = threats::checks()
        .iter()
        .filter_map(|entry| match entry.rule.scope {
            Scope::Pods(run) => Some(run),
            _ => None,
        });
    all.collect()
}

/// As the engine does: each distinct spec of a workload once for all pods that share it.
fn judged(world: &World, rules: &[Rule]) -> usize {
    let mut found = 0;
    for namespace in world.namespaces() {
        for workload in Workload::all(world, &namespace) {
            let view = View::new(world);
            for (like, _) in workload.pod_likes() {
                for run in rules {
                    let mut sink = Sink::default();
                    run(&like, &view, &mut sink);
                    found += sink.into_drafts().len();
                }
            }
        }
    }
    found
}

fn all(criterion: &mut Criterion) {
    let rules = rules();
    let before = resident();
    let small = world(profile::PODS);
    let each = resident().saturating_sub(before) / profile::PODS as u64;
    println!(
        "{} checks of pods; {each} bytes a pod, its share of its owners included",
        rules.len()
    );
    criterion.bench_function("every check of pods on 10,000 pods", |bencher| {
        bencher.iter(|| judged(&small, &rules));
    });
    criterion.bench_function("every check of pods on one pod", |bencher| {
        let workloads = Workload::all(&small, "ns-1");
        let likes = workloads.first().unwrap().pod_likes();
        let (like, _) = likes.last().unwrap();
        bencher.iter(|| {
            let view = View::new(&small);
            let mut sink = Sink::default();
            for run in &rules {
                run(black_box(like), &view, &mut sink);
            }
            sink.into_drafts().len()
        });
    });
    drop(small);
    let large = world(10 * profile::PODS);
    criterion.bench_function("every check of pods on 100,000 pods", |bencher| {
        bencher.iter(|| judged(&large, &rules));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(10).measurement_time(Duration::from_secs(5));
    targets = all
}
criterion_main!(benches);
