//! Pod Security on 10,000 pods of profile M, from facts. `cargo bench --profile fast --bench pod_security`.
//!
//! Target: both levels under 50 ms on one core, one changed pod under 100 microseconds.
#![allow(
    clippy::format_collect,
    clippy::format_push_string,
    clippy::unwrap_used,
    clippy::panic,
    missing_docs,
    dead_code,
    reason = "a benchmark"
)]

use std::hint::black_box;
use std::time::Duration;

use bartizan::model::objects::pod::Pod;
use bartizan::model::{Kind, Object};
use bartizan::semantics::pod_security::{Level, highest_level, newest, violations};
use bartizan::source::wire::{Pool, decode_json};
use criterion::{Criterion, criterion_group, criterion_main};

mod profile;

#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn pods() -> Vec<Pod> {
    let mut pool = Pool::new();
    let decoded = (0..profile::PODS).map(|at| {
        match decode_json(Kind::Pod, &profile::pod(at), &mut pool).unwrap() {
            Object::Pod(pod) => pod,
            other => panic!("{other:?}"),
        }
    });
    decoded.collect()
}

fn both(pod: &Pod) -> usize {
    let count = |level| violations(level, newest(), pod).count();
    count(Level::Baseline) + count(Level::Restricted)
}

fn all(criterion: &mut Criterion) {
    let pods = pods();
    criterion.bench_function("10,000 pods against both levels", |bencher| {
        bencher.iter(|| pods.iter().map(both).sum::<usize>());
    });
    criterion.bench_function("10,000 pods: the strictest level each meets", |bencher| {
        bencher.iter(|| {
            let meets = pods.iter().map(|pod| highest_level(newest(), pod));
            meets.filter(|level| *level == Level::Restricted).count()
        });
    });
    criterion.bench_function("one pod against both levels", |bencher| {
        let pod = pods.first().unwrap();
        bencher.iter(|| both(black_box(pod)));
    });
}

criterion_group! {
    name = benches;
    config = Criterion::default().sample_size(20).measurement_time(Duration::from_secs(5));
    targets = all
}
criterion_main!(benches);
